package dev.kafkaloom.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds a setting by its names. A new one is added to {@link YamlSettings}, {@link ConsumerSettings}, {@link SinkerSettings} or {@link EnvironmentSettings}, and read in {@link Binding}. */
final class KnownSettings {
    /** How an environment variable that gives a YAML setting begins. */
    static final String VARIABLE_PREFIX = "KAFKA_LOOM_";

    /** Settings of Kafka's clients that belong to what is not built: refused by that name rather than as unknown. */
    private static final Map<String, String> NOT_BUILT = Map.of(
            "ssl.", "config.not-built.tls",
            "sasl.", "config.not-built.sasl",
            "transactional.id", "config.not-built.transactions",
            "group.remote.assignor", "config.not-built.group");

    private static final List<Spec> ALL = all(
            YamlSettings.CLIENT,
            ConsumerSettings.ALL,
            SinkerSettings.ALL,
            YamlSettings.PRODUCER,
            EnvironmentSettings.ALL);
    private static final Map<String, Spec> BY_NAME = index(Spec::names);
    private static final Map<String, Spec> BY_VARIABLE = index(Spec::variables);

    private KnownSettings() {}

    @SafeVarargs
    private static List<Spec> all(List<Spec>... tables) {
        List<Spec> specs = new ArrayList<>();
        for (List<Spec> table : tables) {
            specs.addAll(table);
        }
        return List.copyOf(specs);
    }

    private static Map<String, Spec> index(Function<Spec, List<String>> names) {
        Map<String, Spec> index = new LinkedHashMap<>();
        for (Spec spec : ALL) {
            for (String name : names.apply(spec)) {
                if (index.put(name, spec) != null) {
                    throw new IllegalStateException("two settings are called " + name);
                }
            }
        }
        return index;
    }

    /** Every setting, those of pools and the options of the sink apart, in the order of the documentation. */
    static List<Spec> all() {
        return ALL;
    }

    /** The setting of a name, an alias, a pool's variable or an option of the sink. */
    static Optional<Spec> named(String name) {
        Spec spec = BY_NAME.get(name);
        if (spec != null) {
            return Optional.of(spec);
        }
        return SinkerSettings.option(name).or(() -> EnvironmentSettings.pool(name));
    }

    /** The setting that an environment variable gives. */
    static Optional<Spec> ofVariable(String variable) {
        Spec spec = BY_VARIABLE.get(variable);
        if (spec != null) {
            return Optional.of(spec);
        }
        return SinkerSettings.optionOfVariable(variable).or(() -> EnvironmentSettings.pool(variable));
    }

    static Set<String> names() {
        return BY_NAME.keySet();
    }

    static Set<String> variables() {
        return BY_VARIABLE.keySet();
    }

    /** The phrase that says why a name that is no setting here is refused, when it is one of Kafka's that waits to be built. */
    static Optional<String> notBuilt(String name) {
        return NOT_BUILT.entrySet().stream()
                .filter(e -> e.getKey().endsWith(".") ? name.startsWith(e.getKey()) : name.equals(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
