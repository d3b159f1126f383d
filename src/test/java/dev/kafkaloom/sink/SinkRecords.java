package dev.kafkaloom.sink;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records and contexts for the tests of sinks. */
final class SinkRecords {
    static final TopicPartition ORDERS = new TopicPartition("orders", 3);

    private SinkRecords() {}

    static ConsumedRecord record(long offset, String key, String value) {
        return record(offset, bytes(key), bytes(value));
    }

    static ConsumedRecord record(long offset, byte[] key, byte[] value, Header... headers) {
        return new ConsumedRecord(
                ORDERS, offset, 1_700_000_000_000L, TimestampType.CREATE_TIME, key, value, List.of(headers), 1, 1);
    }

    /** Records {@code first} to {@code first + count - 1}; the value is {@code v} and the offset. */
    static List<ConsumedRecord> records(long first, int count) {
        List<ConsumedRecord> records = new ArrayList<>();
        for (long offset = first; offset < first + count; offset++) {
            records.add(record(offset, "k", "v" + offset));
        }
        return records;
    }

    static SinkContext context(Path home, Scope scope, String... options) {
        return context(home, scope, new ByteArrayOutputStream(), null, options);
    }

    static SinkContext context(Path home, Scope scope, OutputStream out, RecordSender sender, String... options) {
        Map<String, String> named = new java.util.HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            named.put(options[i], options[i + 1]);
        }
        return new SinkContext(named, home, sender, out, scope);
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
