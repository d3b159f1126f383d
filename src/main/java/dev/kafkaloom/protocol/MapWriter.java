package dev.kafkaloom.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Puts fields into the map form of a message: maps, lists, strings, numbers and booleans only, in the shape of Kafka's own JSON (bytes
 * as base64, ids as base64url). The reverse is {@link MapReader}.
 */
public final class MapWriter {
    private MapWriter() {}

    /** Bytes as base64, null stays null. */
    public static String bytes(ByteBuffer value) {
        if (value == null) {
            return null;
        }
        byte[] copy = new byte[value.remaining()];
        value.get(value.position(), copy);
        return Base64.getEncoder().encodeToString(copy);
    }

    /** Each element through a function, null stays null. */
    public static <T> List<Object> list(List<T> values, Function<T, Object> form) {
        if (values == null) {
            return null;
        }
        List<Object> result = new ArrayList<>(values.size());
        for (T value : values) {
            result.add(form.apply(value));
        }
        return result;
    }

    /** Each struct through a function, null stays null; an error is told with the field's name and the index. */
    public static <T> List<Object> structs(String field, List<T> values, Function<T, Object> form) {
        if (values == null) {
            return null;
        }
        List<Object> result = new ArrayList<>(values.size());
        try {
            for (T value : values) {
                result.add(form.apply(value));
            }
        } catch (KafkaException e) {
            throw e.within(field + "[" + result.size() + "]");
        }
        return result;
    }

    /** The struct through a function, null stays null; an error is told with the field's name. */
    public static <T> Object struct(String field, T value, Function<T, Object> form) {
        try {
            return value == null ? null : form.apply(value);
        } catch (KafkaException e) {
            throw e.within(field);
        }
    }

    /** Adds the unknown tagged fields, where there are any, under {@link MapReader#UNKNOWN_TAGS}. */
    public static void unknownTags(Map<String, Object> map, List<RawTaggedField> fields) {
        if (!fields.isEmpty()) {
            map.put(MapReader.UNKNOWN_TAGS, list(fields, MapWriter::tag));
        }
    }

    private static Map<String, Object> tag(RawTaggedField field) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("tag", field.tag());
        map.put("data", bytes(field.data()));
        return map;
    }
}
