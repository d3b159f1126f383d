package dev.kafkaloom.config;

import dev.kafkaloom.config.Given.Layer;
import dev.kafkaloom.config.Spec.Part;
import dev.kafkaloom.sink.SinkOption;
import dev.kafkaloom.sink.Sinks;
import dev.kafkaloom.storage.StorageKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings that were given, ready to be asked part by part. A flag wins over the environment, that over .env, that over the part's
 * own YAML file, that over config/common.yaml, that over the default. Every value was parsed once, so asking cannot fail. Immutable.
 */
final class Values {
    /** What an address may carry before its host: a user's name and password. */
    private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]+@");

    private final List<Given> given;

    /** Checks everything that was given: each value, and that no source gives one setting twice. */
    Values(List<Given> given) {
        this.given = List.copyOf(given);
        for (int i = 0; i < this.given.size(); i++) {
            Given one = this.given.get(i);
            Object value = one.value();
            for (Given other : this.given.subList(0, i)) {
                if (other.spec().name().equals(one.spec().name())) {
                    checkTwins(other, one, value);
                }
            }
        }
    }

    private static void checkTwins(Given first, Given second, Object value) {
        boolean sameSource = first.layer() == second.layer();
        // the cluster has one address: a part's own file may repeat what is everybody's, and not contradict it
        boolean everybodys = second.spec().parts().equals(EnumSet.of(Part.CLIENT))
                && second.layer().compareTo(Layer.PRODUCER_FILE) <= 0;
        if ((sameSource || everybodys) && !first.value().equals(value)) {
            String rule = sameSource ? "config.twin" : "config.one-for-all";
            throw new ConfigException(second.where(), second.key(), Phrase.of(rule, first.key(), first.where()));
        }
    }

    /** The one that is in force for a part; empty when nobody gave it. */
    private Optional<Given> winner(Spec spec, Part part) {
        Given best = null;
        for (Given one : given) {
            boolean fits = one.spec().name().equals(spec.name()) && reaches(one, part);
            if (fits && (best == null || one.layer().compareTo(best.layer()) > 0)) {
                best = one;
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean reaches(Given one, Part part) {
        boolean everybodys = one.spec().parts().size() == 1;
        return everybodys
                || switch (one.layer()) {
                    case CONSUMER_FILE -> part == Part.CONSUMER;
                    case PRODUCER_FILE -> part == Part.PRODUCER;
                    default -> true;
                };
    }

    /** The value for a part; null when there is neither one given nor a default. */
    private Object value(String name, Part part) {
        Spec spec = KnownSettings.named(name).orElseThrow(() -> new IllegalStateException("no setting " + name));
        if (!spec.parts().contains(part)) {
            throw new IllegalStateException(name + " is not for " + part);
        }
        return winner(spec, part)
                .map(Given::value)
                .orElseGet(() -> spec.fallback().isEmpty() ? null : spec.kind().parse(spec.fallback()));
    }

    /** Text, or the fallback when there is no value. */
    String text(String name, Part part, String fallback) {
        Object value = value(name, part);
        return value == null ? fallback : value.toString();
    }

    String text(String name, Part part) {
        return text(name, part, "");
    }

    long number(String name, Part part) {
        return (Long) value(name, part);
    }

    int small(String name, Part part) {
        return Math.toIntExact(number(name, part));
    }

    Duration millis(String name, Part part) {
        return Duration.ofMillis(number(name, part));
    }

    boolean flag(String name, Part part) {
        return (Boolean) value(name, part);
    }

    List<String> list(String name, Part part) {
        return ((List<?>) value(name, part)).stream().map(Object::toString).toList();
    }

    /** Where a setting's value came from, for an error: the place and the name it was given by. */
    Optional<Given> source(String name, Part part) {
        return KnownSettings.named(name).flatMap(spec -> winner(spec, part));
    }

    boolean isGiven(String name, Part part) {
        return source(name, part).isPresent();
    }

    /** The storage in use. */
    StorageKind storage() {
        return StorageKind.valueOf(text("KAFKA_MESSAGE_STORAGE", Part.APP));
    }

    /** What was given, differs from the default and has no effect; left out is what a storage that is not in use keeps to itself. */
    List<Given> idle() {
        StorageKind storage = storage();
        return given.stream()
                .filter(one ->
                        !one.spec().idle().isEmpty() && !one.spec().storages().contains(storage))
                .filter(one -> !one.text().equals(one.spec().fallback()))
                .toList();
    }

    /** The options of the sink, without the beginning of their names, in the order in which they were given. */
    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        for (Given one : given) {
            String name = one.spec().name();
            if (name.startsWith(SinkerSettings.OPTION)) {
                options.put(name.substring(SinkerSettings.OPTION.length()), text(name, Part.CONSUMER));
            }
        }
        return options;
    }

    /** Every setting in force, in the order of the table; then the options and pools that were given. */
    List<Setting> settings(Messages messages) {
        List<Setting> settings = new ArrayList<>();
        for (Spec spec : KnownSettings.all()) {
            Part first = spec.parts().iterator().next();
            Setting main = setting(spec, first, spec.name(), messages);
            settings.add(main);
            for (Part part : spec.parts()) {
                Setting own =
                        setting(spec, part, spec.name() + " (" + part.name().toLowerCase(Locale.ROOT) + ")", messages);
                if (!own.value().equals(main.value())) {
                    settings.add(own);
                }
            }
        }
        Set<String> known = KnownSettings.names();
        List<SinkOption> secrets = secretOptions();
        Set<Spec> more = given.stream()
                .map(Given::spec)
                .filter(spec -> !known.contains(spec.name()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (Spec spec : more) {
            boolean secret = secrets.stream()
                    .anyMatch(option -> spec.name().startsWith(SinkerSettings.OPTION)
                            && option.matches(spec.name().substring(SinkerSettings.OPTION.length())));
            Spec shown = secret ? spec.secretly() : spec;
            settings.add(setting(shown, spec.parts().iterator().next(), spec.name(), messages));
        }
        return List.copyOf(settings);
    }

    /** Those of the sink in use whose values it wants kept; sinks are only looked for when it was given any. */
    private List<SinkOption> secretOptions() {
        if (options().isEmpty()) {
            return List.of();
        }
        String sink = text("sinker", Part.CONSUMER);
        return Sinks.known().stream()
                .filter(each -> each.name().equals(sink))
                .flatMap(each -> each.options().stream())
                .filter(SinkOption::secret)
                .toList();
    }

    private Setting setting(Spec spec, Part part, String name, Messages messages) {
        Optional<Given> winner = winner(spec, part);
        String source = winner.map(Given::where).orElse("default");
        String doc = spec.doc(messages)
                + spec.effect(messages)
                        .map(when -> " (" + messages.text(when) + ")")
                        .orElse("");
        return new Setting(name, shown(spec, winner.map(Given::value).orElse(spec.fallback())), source, doc);
    }

    private static String shown(Spec spec, Object value) {
        String text = value instanceof List<?> list
                ? list.stream().map(Object::toString).collect(Collectors.joining(","))
                : value.toString();
        return spec.secret() && !text.isEmpty()
                ? "***"
                : USER_INFO.matcher(text).replaceAll("//***@");
    }
}
