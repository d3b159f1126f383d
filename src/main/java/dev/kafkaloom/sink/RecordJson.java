package dev.kafkaloom.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Records as JSON objects, always one line each, with the fields of the console's {@code consume -f json}: topic, partition, offset,
 * timestamp (ms, -1 for none), timestampType (create, append, none), key, value, headers (a list, because a name may occur twice), and
 * deliveryCount. Bytes are a string where they are UTF-8, else {@code {"base64":"..."}}, so nothing is lost; null is null.
 */
final class RecordJson {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int USUAL_SIZE = 256;

    private RecordJson() {}

    /** A line for each record, the line break included. */
    static byte[] lines(List<ConsumedRecord> records) {
        return write(records.size(), out -> {
            for (ConsumedRecord record : records) {
                writeRecord(out, record, -1);
                out.writeRaw('\n');
            }
        });
    }

    /** One line, the line break included, whose first field is {@code seq}. */
    static byte[] line(long seq, ConsumedRecord record) {
        return write(1, out -> {
            writeRecord(out, record, seq);
            out.writeRaw('\n');
        });
    }

    /** One object, without a line break. */
    static byte[] object(ConsumedRecord record) {
        return write(1, out -> writeRecord(out, record, -1));
    }

    /** An array of objects. */
    static byte[] array(List<ConsumedRecord> records) {
        return write(records.size(), out -> {
            out.writeStartArray();
            for (ConsumedRecord record : records) {
                writeRecord(out, record, -1);
            }
            out.writeEndArray();
        });
    }

    /** The start of each line of {@link #lines}: how a line that a crash cut short is known as one of ours. */
    static byte[] lineStart() {
        return "{\"topic\":".getBytes(StandardCharsets.UTF_8);
    }

    @FunctionalInterface
    private interface Writing {
        void to(JsonGenerator out) throws IOException;
    }

    private static byte[] write(int records, Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(records, 1 << 16) * USUAL_SIZE);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.setPrettyPrinter(new MinimalPrettyPrinter("")); // nothing between two objects but what is written
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory throws none
        }
        return bytes.toByteArray();
    }

    private static void writeRecord(JsonGenerator out, ConsumedRecord record, long seq) throws IOException {
        out.writeStartObject();
        if (seq >= 0) {
            out.writeNumberField("seq", seq);
        }
        out.writeStringField("topic", record.partition().topic());
        out.writeNumberField("partition", record.partition().partition());
        out.writeNumberField("offset", record.offset());
        out.writeNumberField("timestamp", record.timestamp());
        out.writeStringField("timestampType", named(record.timestampType()));
        writeBytes(out, "key", record.key());
        writeBytes(out, "value", record.value());
        out.writeArrayFieldStart("headers");
        for (Header header : record.headers()) {
            out.writeStartObject();
            out.writeStringField("key", header.key());
            writeBytes(out, "value", header.value());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeNumberField("deliveryCount", record.deliveryCount());
        out.writeEndObject();
    }

    private static void writeBytes(JsonGenerator out, String name, byte[] bytes) throws IOException {
        if (bytes == null) {
            out.writeNullField(name);
            return;
        }
        String text = text(bytes);
        if (text != null) {
            out.writeStringField(name, text);
            return;
        }
        out.writeObjectFieldStart(name);
        out.writeStringField("base64", Base64.getEncoder().encodeToString(bytes));
        out.writeEndObject();
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    private static String named(TimestampType type) {
        return switch (type) {
            case CREATE_TIME -> "create";
            case LOG_APPEND_TIME -> "append";
            case NONE -> "none";
        };
    }
}
