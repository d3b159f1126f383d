package dev.kafkaloom.config;

import dev.kafkaloom.storage.StorageKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One known setting: its name, other names it is known by, what it may be, its default, what it does, and whom it is for. Immutable.
 *
 * @param fallback the default as text; empty for none
 * @param idle why it has no effect, or has none with other storages than {@code storages}; empty when there is nothing to say to who gave it
 * @param storages the storages with which it has an effect; all when there is nothing to tell apart
 */
record Spec(
        String name,
        List<String> aliases,
        Kind kind,
        String fallback,
        String doc,
        Set<Part> parts,
        boolean secret,
        String idle,
        Set<StorageKind> storages) {

    /** A part of the program with settings of its own. */
    enum Part {
        CLIENT,
        CONSUMER,
        PRODUCER,
        APP
    }

    static Spec of(String name, Kind kind, String fallback, String doc, Part first, Part... more) {
        return new Spec(
                name,
                List.of(),
                kind,
                fallback,
                doc,
                EnumSet.of(first, more),
                false,
                "",
                EnumSet.allOf(StorageKind.class));
    }

    /** Kafka's or kafka-swoole's other names of it. */
    Spec aka(String... names) {
        return new Spec(name, List.of(names), kind, fallback, doc, parts, secret, idle, storages);
    }

    /** Its value is never shown. */
    Spec secretly() {
        return new Spec(name, aliases, kind, fallback, doc, parts, true, idle, storages);
    }

    /** Known, checked, and without effect for this reason. */
    Spec idle(String why) {
        return new Spec(name, aliases, kind, fallback, doc, parts, secret, why, EnumSet.noneOf(StorageKind.class));
    }

    /** Without effect, and without a word about that, unless one of these storages is in use. */
    Spec with(StorageKind first, StorageKind... more) {
        return new Spec(name, aliases, kind, fallback, doc, parts, secret, idle, EnumSet.of(first, more));
    }

    /** What is said when it is given and the storage is none of {@link #with}. */
    Spec otherwise(String why) {
        return new Spec(name, aliases, kind, fallback, doc, parts, secret, why, storages);
    }

    /** The same setting under a name that carries a number or a word of the user's. */
    Spec named(String other, String meaning) {
        return new Spec(other, List.of(), kind, fallback, meaning, parts, secret, idle, storages);
    }

    /** When it has an effect, in a few words; empty when it always has. */
    Optional<Phrase> effect(Messages messages) {
        if (storages.isEmpty()) {
            return Optional.of(Phrase.of("config.effect.none", idle(messages)));
        }
        if (storages.size() == StorageKind.values().length) {
            return Optional.empty();
        }
        Object with = storages.stream()
                .<Object>map(StorageKind::name)
                .reduce((first, more) -> Phrase.of("config.or", first, more))
                .orElseThrow();
        return Optional.of(Phrase.of("config.effect.only", with));
    }

    /** What it does, in that language. */
    String doc(Messages messages) {
        return messages.textOr("setting." + name, doc);
    }

    /** Why it has no effect, in that language. */
    String idle(Messages messages) {
        return messages.textOr("setting." + name + ".idle", idle);
    }

    /** Whether it lives in .env rather than in a YAML file. */
    boolean inEnvironment() {
        return parts.contains(Part.APP);
    }

    List<String> names() {
        List<String> names = new ArrayList<>(aliases.size() + 1);
        names.add(name);
        names.addAll(aliases);
        return names;
    }

    /** The environment variables it can be given by: its own names, or KAFKA_LOOM_ and the name for one of a YAML file. */
    List<String> variables() {
        return inEnvironment() ? names() : names().stream().map(Spec::variable).toList();
    }

    private static String variable(String name) {
        return KnownSettings.VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
