package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.Versions;

/** Java conditions on the variable {@code version}; the literals {@code true} and {@code false} where nothing is left to ask. */
final class Conditions {
    static final String ALWAYS = "true";
    static final String NEVER = "false";

    private Conditions() {}

    /** Whether the version is in {@code range}, knowing that it is in {@code known}. */
    static String in(Versions range, Versions known) {
        Versions both = range.intersect(known);
        if (both.isEmpty()) {
            return NEVER;
        }
        boolean below = both.lowest() > known.lowest();
        boolean above = both.highest() < known.highest();
        if (both.lowest() == both.highest() && (below || above)) {
            return "version == " + both.lowest();
        }
        if (below && above) {
            return "version >= " + both.lowest() + " && version <= " + both.highest();
        }
        if (below) {
            return "version >= " + both.lowest();
        }
        return above ? "version <= " + both.highest() : ALWAYS;
    }

    static String not(String condition) {
        return switch (condition) {
            case ALWAYS -> NEVER;
            case NEVER -> ALWAYS;
            default -> "!(" + condition + ")";
        };
    }

    static String and(String a, String b) {
        if (a.equals(NEVER) || b.equals(NEVER)) {
            return NEVER;
        }
        if (a.equals(ALWAYS)) {
            return b;
        }
        return b.equals(ALWAYS) ? a : a + " && " + b;
    }
}
