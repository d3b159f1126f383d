package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.Uuid;

/** Why a partition cannot be read on where it stands. What to do about it decides {@link Policy.OutOfRange}; it is never passed over. */
public sealed interface LostPosition {
    /** Where it stood: the offset of the next record, and the leader epoch of the one before it. */
    StartAt at();

    /** In words, for one line of a log or an error. */
    String why();

    /** The leader's log does not hold the offset, and the position has not moved since it was asked for. */
    record OutOfRange(StartAt at) implements LostPosition {
        @Override
        public String why() {
            return "does not hold offset " + at.offset() + " (any more), it is out of range";
        }
    }

    /**
     * The leader's log is another one than the one that was read so far (KIP-320): an unclean election has cut it.
     *
     * @param endOffset where the leader's log ends in the epoch that was read last; what was read from there on exists no more
     * @param endEpoch the largest epoch up to that one which the leader knows
     */
    record Truncated(StartAt at, long endOffset, int endEpoch) implements LostPosition {
        @Override
        public String why() {
            return "was truncated: offset " + at.offset() + " was reached in leader epoch " + at.leaderEpoch()
                    + ", the log of the new leader ends at " + endOffset + " in epoch " + endEpoch
                    + "; the records from " + Math.min(endOffset, at.offset()) + " to " + (at.offset() - 1)
                    + " were replaced or lost";
        }
    }

    /** The topic was deleted and made again under the same name: offsets of the old one say nothing about the new one. */
    record Recreated(StartAt at, Uuid before, Uuid now) implements LostPosition {
        @Override
        public String why() {
            return "belongs to a topic that was deleted and made again: offset " + at.offset() + " was one of topic id "
                    + before + ", the id is " + now + " now";
        }
    }
}
