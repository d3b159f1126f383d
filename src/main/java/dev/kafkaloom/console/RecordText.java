package dev.kafkaloom.console;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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

    /** One JSON object: topic, partition, offset, timestamp, key, value, headers. */
    static Text json(ConsumedRecord record) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", record.partition().topic());
        object.put("partition", record.partition().partition());
        object.put("offset", record.offset());
        object.put("timestamp", record.timestamp());
        object.put("key", readable(record.key()));
        object.put("value", readable(record.value()));
        object.put("headers", headers(record.headers()));
        return new Text(Json.write(object));
    }

    /** A list and not an object, because a name may occur twice. */
    private static List<Object> headers(List<Header> headers) {
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

    /** {@code {"base64":"..."}}; null stays null. */
    static Object base64(byte[] bytes) {
        return bytes == null ? null : Map.of("base64", Base64.getEncoder().encodeToString(bytes));
    }
}
