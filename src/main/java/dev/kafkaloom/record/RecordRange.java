package dev.kafkaloom.record;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.List;
import java.util.Objects;

/**
 * A stretch of a partition's offsets and the records in it. Stretches of one assignment join without a gap, unless the position was moved
 * (seek, reset): what compaction, control records and aborted transactions left out lies inside.
 *
 * @param assignmentEpoch the process-wide number of the assignment it was read in; larger than that of any earlier one
 * @param first the offset the stretch begins at
 * @param next the offset behind it
 * @param committed the offset that was known to be committed when this was handed out
 * @param records at least one, in offset order; copies, safe to keep
 */
public record RecordRange(
        TopicPartition partition,
        long assignmentEpoch,
        long first,
        long next,
        long committed,
        List<ConsumedRecord> records) {
    /** Checks that the offsets make a stretch. */
    public RecordRange {
        Objects.requireNonNull(partition);
        if (first < 0 || next <= first || records.isEmpty()) {
            throw new IllegalArgumentException("not a stretch of " + partition + ": [" + first + ", " + next + ") with "
                    + records.size() + " records");
        }
    }
}
