package dev.kafkaloom.network;

import java.util.Optional;

/** Versions of one API, both ends included. */
public record VersionRange(short lowest, short highest) {
    /** From int literals. */
    public static VersionRange of(int lowest, int highest) {
        return new VersionRange((short) lowest, (short) highest);
    }

    /** What both know; empty when the ranges do not touch. */
    public Optional<VersionRange> intersect(VersionRange other) {
        short low = (short) Math.max(lowest, other.lowest);
        short high = (short) Math.min(highest, other.highest);
        return low <= high ? Optional.of(new VersionRange(low, high)) : Optional.empty();
    }

    /** Whether {@code version} lies inside. */
    public boolean contains(int version) {
        return version >= lowest && version <= highest;
    }

    @Override
    public String toString() {
        return lowest == highest ? "v" + lowest : "v" + lowest + "-v" + highest;
    }
}
