package dev.kafkaloom.consumer;

/**
 * Where a partition begins to be read, or goes on.
 *
 * @param offset of the next record to be handed out
 * @param leaderEpoch of the record before it, for truncation detection (KIP-320); {@link #UNKNOWN_EPOCH} when nobody knows
 */
public record StartAt(long offset, int leaderEpoch) {
    /** No leader epoch is known; nothing is checked then. */
    public static final int UNKNOWN_EPOCH = -1;

    public StartAt {
        if (offset < 0) {
            throw new IllegalArgumentException("cannot start at offset " + offset + ": offsets begin at 0");
        }
    }

    /** At that offset, of unknown leader epoch. */
    public static StartAt offset(long offset) {
        return new StartAt(offset, UNKNOWN_EPOCH);
    }
}
