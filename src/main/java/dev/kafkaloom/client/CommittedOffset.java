package dev.kafkaloom.client;

import java.util.Objects;

/**
 * What a group has committed, or is to commit, for one partition.
 *
 * @param offset the next one to consume
 * @param leaderEpoch of the record before it, for truncation detection (KIP-320); -1 when nobody knows
 * @param metadata any words of who committed it, at most {@code offset.metadata.max.bytes} of the broker (4,096); empty for none
 */
public record CommittedOffset(long offset, int leaderEpoch, String metadata) {
    public CommittedOffset {
        if (offset < 0) {
            throw new IllegalArgumentException("cannot commit offset " + offset + ": offsets begin at 0");
        }
        Objects.requireNonNull(metadata);
    }

    /** That offset, of unknown leader epoch, without words. */
    public static CommittedOffset of(long offset) {
        return new CommittedOffset(offset, -1, "");
    }
}
