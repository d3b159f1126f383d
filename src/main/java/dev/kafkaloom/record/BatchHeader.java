package dev.kafkaloom.record;

/**
 * What a batch says about itself before anything in it is decompressed. A message set (v0, v1) has no header of its own: each of its
 * top-level messages counts as a batch.
 *
 * @param baseOffset offset of the first record; of a compressed v0/v1 message it is known only inside, and this is then {@code lastOffset}
 * @param lastOffset offset of the last record the batch had before compaction; the next batch starts behind it
 * @param sizeInBytes whole batch on the wire
 * @param magic message format 0, 1 or 2
 * @param producerId -1 for none, and before v2
 * @param producerEpoch -1 for none, and before v2
 * @param baseSequence -1 for none, and before v2
 * @param partitionLeaderEpoch -1 for none, and before v2
 * @param recordCount -1 where it is unknown (a compressed v0/v1 message)
 * @param maxTimestamp milliseconds since the epoch, -1 for none
 */
public record BatchHeader(
        long baseOffset,
        long lastOffset,
        int sizeInBytes,
        byte magic,
        Compression compression,
        TimestampType timestampType,
        boolean transactional,
        boolean control,
        long producerId,
        short producerEpoch,
        int baseSequence,
        int partitionLeaderEpoch,
        int recordCount,
        long maxTimestamp) {
    /** The offset behind this batch: where a fetch goes on. */
    public long nextOffset() {
        return lastOffset + 1;
    }
}
