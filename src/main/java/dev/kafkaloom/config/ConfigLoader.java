package dev.kafkaloom.config;

import dev.kafkaloom.config.Given.Layer;
import dev.kafkaloom.config.Spec.Part;
import dev.kafkaloom.consumer.ConsumerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Loads the configuration of a folder: {@code config/common.yaml}, {@code config/consumer.yaml}, {@code config/producer.yaml},
 * {@code .env}, the environment and the flags, each winning over those before it. No file has to exist.
 */
public final class ConfigLoader {
    /** The launcher's own variables, no settings. */
    private static final Set<String> LAUNCHER =
            Set.of("KAFKA_LOOM_OPTS", "KAFKA_LOOM_BUILD", "KAFKA_LOOM_HOME", "KAFKA_LOOM_CLASSPATH");

    private static final String COMMAND_LINE = "command line";

    private final List<Given> given = new ArrayList<>();

    private ConfigLoader() {}

    /**
     * Reads, checks and binds everything; no I/O beside those files.
     *
     * @param home the folder with {@code .env} and {@code config/}; relative paths in the settings are relative to it
     * @param environment the process's environment
     * @param overrides from the command line, by any name of a setting: {@code -X name=value}, and {@code bootstrap.servers} for -b
     * @throws ConfigException naming the place, the key, what is wrong and what is allowed, in the language that was asked for
     */
    public static AppConfig load(Path home, Map<String, String> environment, Map<String, String> overrides)
            throws ConfigException {
        try {
            Values values = values(home, environment, overrides);
            return new Binding(values, home.toAbsolutePath().normalize()).bind();
        } catch (ConfigException e) {
            Messages messages = Messages.in(Language.of(home, environment, overrides));
            throw messages.english() ? e : e.in(messages);
        }
    }

    /**
     * The consumer's part of a configuration with other values, as tools of Kafka take them in files and options of their own.
     *
     * @param properties by any name of a consumer's setting
     * @throws ConfigException naming the property, when it is none of those or its value is not allowed
     */
    public static ConsumerConfig consumer(AppConfig base, Map<String, String> properties) throws ConfigException {
        Map<String, String> all = new LinkedHashMap<>();
        for (Setting setting : base.settings()) {
            String name = setting.name().replace(" (consumer)", "");
            boolean consumers = KnownSettings.named(name)
                    .filter(spec -> spec.parts().contains(Part.CONSUMER) || spec.inEnvironment())
                    .isPresent();
            if (consumers
                    && !setting.source().equals("default")
                    && !setting.value().isEmpty()) {
                all.put(name, setting.value());
            }
        }
        properties.forEach((name, value) -> {
            Spec spec = KnownSettings.named(name).orElseThrow(() -> unknown(COMMAND_LINE, name, KnownSettings.names()));
            if (!spec.parts().contains(Part.CONSUMER)) {
                throw new ConfigException(COMMAND_LINE, name, Phrase.of("config.not-consumers", name));
            }
            all.put(spec.name(), value);
        });
        ConfigLoader loader = new ConfigLoader();
        loader.flags(all);
        return new Binding(new Values(loader.given), Path.of("")).bindConsumer();
    }

    /** Every name that {@code -X} takes, aliases included. */
    public static Set<String> names() {
        return KnownSettings.names();
    }

    static Values values(Path home, Map<String, String> environment, Map<String, String> overrides) {
        ConfigLoader loader = new ConfigLoader();
        loader.yaml(home, "config/common.yaml", Layer.COMMON_FILE);
        loader.yaml(home, "config/consumer.yaml", Layer.CONSUMER_FILE);
        loader.yaml(home, "config/producer.yaml", Layer.PRODUCER_FILE);
        loader.dotenv(home, environment);
        loader.environment(environment);
        loader.flags(overrides);
        return new Values(loader.given);
    }

    private void yaml(Path home, String label, Layer layer) {
        for (YamlFile.Entry entry : YamlFile.read(home.resolve(label), label)) {
            Spec spec = KnownSettings.named(entry.key())
                    .orElseThrow(() -> unknown(entry.where(), entry.key(), KnownSettings.names()));
            if (spec.inEnvironment()) {
                throw new ConfigException(entry.where(), entry.key(), Phrase.of("config.in-env"));
            }
            if (!belongs(spec, layer)) {
                throw new ConfigException(entry.where(), entry.key(), Phrase.of("config.other-file"));
            }
            if (entry.text().isEmpty()) {
                throw new ConfigException(
                        entry.where(),
                        entry.key(),
                        Phrase.of("config.empty", spec.kind().allowed()));
            }
            given.add(new Given(spec, entry.key(), entry.text(), layer, entry.where()));
        }
    }

    private static boolean belongs(Spec spec, Layer layer) {
        Set<Part> parts = spec.parts();
        return switch (layer) {
            case CONSUMER_FILE -> parts.contains(Part.CONSUMER) || parts.equals(Set.of(Part.CLIENT));
            case PRODUCER_FILE -> parts.contains(Part.PRODUCER) || parts.equals(Set.of(Part.CLIENT));
            default -> true;
        };
    }

    private void dotenv(Path home, Map<String, String> environment) {
        EnvFile file = EnvFile.read(home.resolve(".env"), ".env", environment);
        for (EnvFile.Entry entry : file.entries()) {
            Optional<Spec> spec = KnownSettings.ofVariable(entry.name());
            if (spec.isEmpty()) {
                if (file.isReferenced(entry.name())) {
                    continue; // a name of the user's own, to build values from
                }
                if (KnownSettings.names().contains(entry.name())) {
                    throw new ConfigException(entry.where(), entry.name(), Phrase.of("config.in-yaml"));
                }
                throw unknown(entry.where(), entry.name(), KnownSettings.variables());
            }
            if (!entry.text().isEmpty() || spec.get().kind().mayBeEmpty()) {
                given.add(new Given(spec.get(), entry.name(), entry.text(), Layer.ENV_FILE, entry.where()));
            }
        }
    }

    private void environment(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            Optional<Spec> spec = KnownSettings.ofVariable(name);
            if (spec.isPresent()) {
                if (!value.isBlank() || spec.get().kind().mayBeEmpty()) {
                    given.add(new Given(spec.get(), name, value.strip(), Layer.ENVIRONMENT, "environment"));
                }
            } else if (name.startsWith(KnownSettings.VARIABLE_PREFIX) && !LAUNCHER.contains(name)) {
                throw unknown("environment", name, KnownSettings.variables());
            }
        });
    }

    private void flags(Map<String, String> overrides) {
        overrides.forEach((name, value) -> {
            Spec spec = KnownSettings.named(name).orElseThrow(() -> unknown(COMMAND_LINE, name, KnownSettings.names()));
            if (value.isBlank()) {
                throw new ConfigException(
                        COMMAND_LINE,
                        name,
                        Phrase.of("config.empty", spec.kind().allowed()));
            }
            given.add(new Given(spec, name, value.strip(), Layer.FLAG, COMMAND_LINE));
        });
    }

    private static ConfigException unknown(String where, String name, Collection<String> candidates) {
        Phrase what = KnownSettings.notBuilt(name)
                .map(Phrase::of)
                .orElseGet(() -> Nearest.hinted(Phrase.of("config.unknown"), name, candidates));
        return new ConfigException(where, name, what);
    }
}
