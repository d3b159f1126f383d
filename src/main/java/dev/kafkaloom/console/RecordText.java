package dev.kafkaloom.console;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a consumed record is printed. */
final class RecordText {
    private RecordText() {}

    /** The value as it is and a line break; nothing else. */
    static Raw value(ConsumedRecord record) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        byte[] line = java.util.Arrays.copyOf(value, value.length + 1);
        line[value.length] = '\n';
        return new Raw(line);
    }

    /** One JSON object with all that is known of the record; sizes are those of the bytes, -1 for null. */
    static Text json(ConsumedRecord record) {
        return new Text(Json.write(fields(record)));
    }

    /** The same as data. */
    static Map<String, Object> fields(ConsumedRecord record) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", record.partition().topic());
        object.put("partition", record.partition().partition());
        object.put("offset", record.offset());
        object.put("timestamp", record.timestamp());
        object.put("timestampType", named(record.timestampType()));
        if (record.leaderEpoch() >= 0) {
            object.put("leaderEpoch", record.leaderEpoch());
        }
        object.put("key", readable(record.key()));
        object.put("value", readable(record.value()));
        object.put("headers", headers(record.headers()));
        object.put("keySize", size(record.key()));
        object.put("valueSize", size(record.value()));
        return object;
    }

    /** {@code create}, {@code append} or {@code none}. */
    static String named(TimestampType type) {
        return switch (type) {
            case CREATE_TIME -> "create";
            case LOG_APPEND_TIME -> "append";
            case NONE -> "none";
        };
    }

    private static int size(byte[] bytes) {
        return bytes == null ? -1 : bytes.length;
    }

    /** A list and not an object, because a name may occur twice. */
    static List<Object> headers(List<Header> headers) {
        List<Object> list = new ArrayList<>(headers.size());
        for (Header header : headers) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("key", header.key());
            object.put("value", readable(header.value()));
            list.add(object);
        }
        return list;
    }

    /** Text if it is UTF-8, else {@code {"base64":"..."}}. */
    static Object readable(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return base64(bytes);
        }
    }

    /** The beginning of a key or value in a cell of a table; {@code null} for none, {@code base64:...} when it is no text. */
    static String cut(byte[] bytes, int most) {
        return switch (readable(bytes)) {
            case null -> "null";
            case String text -> cut(text, most);
            default -> cut("base64:" + Base64.getEncoder().encodeToString(bytes), most);
        };
    }

    /** The beginning of a text. */
    static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** A timestamp as people read it, empty where there is none. */
    static String time(long millis) {
        return millis < 0 ? "" : Instant.ofEpochMilli(millis).toString();
    }

    /** {@code {"base64":"..."}}; null stays null. */
    static Object base64(byte[] bytes) {
        return bytes == null ? null : Map.of("base64", Base64.getEncoder().encodeToString(bytes));
    }
}
