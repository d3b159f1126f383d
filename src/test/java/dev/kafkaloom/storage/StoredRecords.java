package dev.kafkaloom.storage;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;

/** Records as tests of storages want them: what is in one follows from its partition and offset. */
public final class StoredRecords {
    private StoredRecords() {}

    /** All offsets from {@code first} up to {@code next}; nothing is committed yet. */
    public static RecordRange range(TopicPartition partition, long epoch, long first, long next) {
        return range(partition, epoch, first, next, 0);
    }

    /** With the offset that is known to be committed. */
    public static RecordRange range(TopicPartition partition, long epoch, long first, long next, long committed) {
        List<ConsumedRecord> records = LongStream.range(first, next)
                .mapToObj(offset -> record(partition, offset, epoch))
                .toList();
        return new RecordRange(partition, epoch, first, next, committed, records);
    }

    /** The record of that offset, on its first delivery. */
    public static ConsumedRecord record(TopicPartition partition, long offset, long epoch) {
        return new ConsumedRecord(
                partition,
                offset,
                1_700_000_000_000L + offset,
                TimestampType.CREATE_TIME,
                ("key-" + offset % 7).getBytes(StandardCharsets.UTF_8),
                ("value of " + partition + "@" + offset).getBytes(StandardCharsets.UTF_8),
                List.of(new Header("n", Long.toString(offset).getBytes(StandardCharsets.UTF_8))),
                1,
                5,
                epoch);
    }
}
