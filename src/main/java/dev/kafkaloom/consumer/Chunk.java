package dev.kafkaloom.consumer;

import dev.kafkaloom.record.ConsumedRecord;
import java.util.List;

/**
 * A range of a partition's offsets and what there is to see in it. Chunks join without a gap: what compaction, control records and aborted
 * transactions left out lies inside.
 *
 * @param records may be empty
 * @param first the offset that the range starts at
 * @param next the offset behind the range
 * @param bytes keys and values
 * @param leaderEpoch the partition's, when what the range ends with was written (KIP-320); -1 for not known
 */
record Chunk(List<ConsumedRecord> records, long first, long next, long bytes, int leaderEpoch) {}
