package dev.kafkaloom.console;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.BatchHeader;
import dev.kafkaloom.record.ControlType;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import dev.kafkaloom.record.RecordCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code protocol decode-records}: record batches as a Fetch answer, a Produce request or a log segment has them, each with its header
 * and records. A batch that is not whole is told with its place, and what follows is shown all the same. Not thread-safe.
 */
final class ProtocolRecords {
    private static final int UP_TO_MAGIC = 17;

    private final Output out;
    private final ByteBuffer bytes;
    private int mayShow;
    private int batches;
    private int corrupt;

    /** @param most how many records are shown; of the batches behind them the headers only */
    ProtocolRecords(Output out, ByteBuffer bytes, int most) {
        this.out = out;
        this.bytes = bytes;
        this.mayShow = most;
    }

    int show() throws IOException, InterruptedException {
        int at = 0;
        while (at < bytes.limit()) {
            batches++;
            at += show(at);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted");
            }
        }
        if (corrupt > 0) {
            out.note(corrupt + " of " + batches + " record batches are corrupt");
        }
        return corrupt > 0 ? 1 : 0;
    }

    /** Shows the batch at a position; how many bytes further the next one begins. */
    private int show(int at) throws IOException {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("position", at);
        int left = bytes.limit() - at;
        int size = RecordBatches.firstBatchSize(bytes.slice(at, left));
        if (size < 0 || size > left || left < UP_TO_MAGIC) {
            String claim = size < 0 ? "no record batch begins here" : "the batch claims " + size + " bytes";
            return tell(data, claim + ", " + left + " bytes are left", left);
        }
        try {
            RecordBatch batch = RecordBatches.split(bytes.slice(at, size)).getFirst();
            header(data, batch);
            if (!batch.crcValid()) {
                return tell(data, "the stored CRC is not that of the bytes", size);
            }
            records(data, batch);
        } catch (KafkaException.MalformedMessage e) {
            return tell(data, e.getMessage(), size);
        }
        out.show(new Document(data, text(data)));
        return size;
    }

    private int tell(Map<String, Object> data, String error, int size) throws IOException {
        corrupt++;
        data.put("error", error);
        out.show(new Document(data, text(data)));
        return size;
    }

    private static void header(Map<String, Object> data, RecordBatch batch) {
        BatchHeader header = batch.header();
        data.put("size", header.sizeInBytes());
        data.put("magic", (int) header.magic());
        data.put("baseOffset", header.baseOffset());
        data.put("lastOffset", header.lastOffset());
        data.put("recordCount", header.recordCount());
        data.put("compression", header.compression().label());
        data.put("attributes", batch.attributes());
        data.put("crc", batch.crc());
        data.put("crcValid", batch.crcValid());
        data.put("timestampType", header.timestampType().name());
        data.put("baseTimestamp", batch.baseTimestamp());
        data.put("maxTimestamp", header.maxTimestamp());
        data.put("partitionLeaderEpoch", header.partitionLeaderEpoch());
        data.put("producerId", header.producerId());
        data.put("producerEpoch", (int) header.producerEpoch());
        data.put("baseSequence", header.baseSequence());
        data.put("transactional", header.transactional());
        data.put("control", header.control());
        data.put("deleteHorizon", batch.deleteHorizon());
    }

    /** As many as may be shown; the others are read too, so that what is wrong with them is told. */
    private void records(Map<String, Object> data, RecordBatch batch) {
        List<Object> records = new ArrayList<>();
        data.put("records", records);
        int leftOut = 0;
        try (RecordCursor cursor = batch.cursor(DecodeLimits.DEFAULT)) {
            while (cursor.next()) {
                if (mayShow > 0) {
                    mayShow--;
                    records.add(record(cursor.copy(), batch.header().control()));
                } else {
                    leftOut++;
                }
            }
        }
        if (leftOut > 0) {
            data.put("recordsLeftOut", leftOut);
        }
    }

    private static Map<String, Object> record(LogRecord record, boolean control) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("offset", record.offset());
        data.put("timestamp", record.timestamp());
        if (control) {
            data.put("control", ControlType.of(record).name());
        }
        data.put("key", readable(record.key()));
        data.put("value", readable(record.value()));
        List<Object> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            Map<String, Object> pair = new LinkedHashMap<>();
            pair.put("key", header.key());
            pair.put("value", readable(header.value()));
            headers.add(pair);
        }
        data.put("headers", headers);
        return data;
    }

    /** Text if it is UTF-8 that can be printed, else {@code {"base64":"..."}}. */
    private static Object readable(byte[] bytes) {
        return RecordText.readable(bytes) instanceof String text
                        && text.chars().noneMatch(ProtocolRecords::isUnprintable)
                ? text
                : RecordText.base64(bytes);
    }

    private static boolean isUnprintable(int c) {
        return Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r';
    }

    private static String text(Map<String, Object> data) {
        StringBuilder text = new StringBuilder("batch at byte ").append(data.get("position"));
        List<Object> fields = new ArrayList<>();
        data.forEach((name, value) -> {
            if (!List.of("position", "records", "error").contains(name)) {
                fields.add(name + " " + value);
            }
        });
        for (int i = 0; i < fields.size(); i++) {
            text.append(i % 6 == 0 ? (i == 0 ? ": " : ",\n  ") : ", ").append(fields.get(i));
        }
        if (data.get("error") != null) {
            text.append("\n  CORRUPT: ").append(data.get("error"));
        }
        if (data.get("records") instanceof List<?> records && !records.isEmpty()) {
            text.append('\n').append(String.join("\n", TableText.lines(table(records, (boolean) data.get("control")))));
        }
        return text.toString();
    }

    private static Table table(List<?> records, boolean control) {
        List<String> columns = control
                ? List.of("offset", "timestamp", "control", "key", "value", "headers")
                : List.of("offset", "timestamp", "key", "value", "headers");
        var table = new Table.Builder(columns.toArray(String[]::new));
        for (Object record : records) {
            Map<?, ?> map = (Map<?, ?>) record;
            table.row(columns.stream().map(column -> cell(map.get(column))).toArray());
        }
        return table.build();
    }

    private static Object cell(Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> bytes -> "base64:" + bytes.get("base64");
            case List<?> headers ->
                headers.stream()
                        .map(each -> (Map<?, ?>) each)
                        .map(header -> header.get("key") + "=" + cell(header.get("value")))
                        .toList();
            default -> value;
        };
    }
}
