package dev.kafkaloom.generator.schema;

import java.util.function.IntPredicate;

/**
 * A contiguous range of versions as the definitions write it: {@code none}, {@code 3}, {@code 0-5} or, without an upper end, {@code 3+}.
 *
 * @param lowest the first version
 * @param highest the last, {@link #OPEN} for "+"
 */
public record Versions(int lowest, int highest) {
    /** The upper end of "3+". */
    public static final int OPEN = Short.MAX_VALUE;

    /** No version. */
    public static final Versions NONE = new Versions(0, -1);

    /** Every version. */
    public static final Versions ALL = new Versions(0, OPEN);

    /** Reads the text of a definition; null is {@link #NONE}. */
    public static Versions parse(String text) {
        if (text == null || text.isBlank() || text.equals("none")) {
            return NONE;
        }
        String trimmed = text.trim();
        if (trimmed.endsWith("+")) {
            return new Versions(Integer.parseInt(trimmed.substring(0, trimmed.length() - 1)), OPEN);
        }
        int dash = trimmed.indexOf('-');
        if (dash < 0) {
            int only = Integer.parseInt(trimmed);
            return new Versions(only, only);
        }
        return new Versions(
                Integer.parseInt(trimmed.substring(0, dash)), Integer.parseInt(trimmed.substring(dash + 1)));
    }

    /**
     * The range of those versions within {@code within} that satisfy the test, open if it reaches the end of {@code within}.
     *
     * @throws DefinitionException if they have a hole
     */
    public static Versions where(Versions within, IntPredicate test, String what) {
        Versions found = NONE;
        for (int version = within.lowest; version <= within.highest; version++) {
            if (test.test(version)) {
                if (!found.isEmpty() && found.highest != version - 1) {
                    throw new DefinitionException(what + ": a hole after version " + found.highest);
                }
                found = new Versions(found.isEmpty() ? version : found.lowest, version);
            }
        }
        return !found.isEmpty() && found.highest == within.highest ? new Versions(found.lowest, OPEN) : found;
    }

    public boolean isEmpty() {
        return highest < lowest;
    }

    public boolean contains(int version) {
        return version >= lowest && version <= highest;
    }

    /** Whether every version of the other range is in this one. */
    public boolean covers(Versions other) {
        return other.isEmpty() || (lowest <= other.lowest && highest >= other.highest);
    }

    public Versions intersect(Versions other) {
        Versions both = new Versions(Math.max(lowest, other.lowest), Math.min(highest, other.highest));
        return both.isEmpty() ? NONE : both;
    }

    /** The smallest range with both in it. */
    public Versions hull(Versions other) {
        if (isEmpty()) {
            return other;
        }
        return other.isEmpty() ? this : new Versions(Math.min(lowest, other.lowest), Math.max(highest, other.highest));
    }

    @Override
    public String toString() {
        if (isEmpty()) {
            return "none";
        }
        if (highest == OPEN) {
            return lowest + "+";
        }
        return lowest == highest ? Integer.toString(lowest) : lowest + "-" + highest;
    }
}
