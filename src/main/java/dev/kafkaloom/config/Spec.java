package dev.kafkaloom.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One known setting: its name, other names it is known by, what it may be, its default, what it does, and whom it is for. Immutable.
 *
 * @param fallback the default as text; empty for none
 * @param idle why it has no effect yet; empty when it has
 */
record Spec(
        String name,
        List<String> aliases,
        Kind kind,
        String fallback,
        String doc,
        Set<Part> parts,
        boolean secret,
        String idle) {

    /** A part of the program with settings of its own. */
    enum Part {
        CLIENT,
        CONSUMER,
        PRODUCER,
        APP
    }

    static Spec of(String name, Kind kind, String fallback, String doc, Part first, Part... more) {
        return new Spec(name, List.of(), kind, fallback, doc, EnumSet.of(first, more), false, "");
    }

    /** Kafka's or kafka-swoole's other names of it. */
    Spec aka(String... names) {
        return new Spec(name, List.of(names), kind, fallback, doc, parts, secret, idle);
    }

    /** Its value is never shown. */
    Spec secretly() {
        return new Spec(name, aliases, kind, fallback, doc, parts, true, idle);
    }

    /** Known, checked, and without effect for this reason. */
    Spec idle(String why) {
        return new Spec(name, aliases, kind, fallback, doc, parts, secret, why);
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
