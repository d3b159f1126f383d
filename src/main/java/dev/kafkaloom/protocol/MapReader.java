package dev.kafkaloom.protocol;

import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads the map form of a message (see {@link MapWriter}), for scripts and JSON. What is missing keeps its default; a field that does
 * not exist, or a value of another type, is an {@link InvalidRequest} that names the path: {@code MetadataRequest.topics[2].name}.
 *
 * <p>Not thread-safe.
 */
public final class MapReader {
    /** The key of the unknown tagged fields: a list of {@code {"tag": 7, "data": "base64"}}. */
    public static final String UNKNOWN_TAGS = "unknownTaggedFields";

    private static final Map<String, Double> NOT_FINITE =
            Map.of("NaN", Double.NaN, "Infinity", Double.POSITIVE_INFINITY, "-Infinity", Double.NEGATIVE_INFINITY);

    private static final int MAX_SHOWN = 100;

    private final String path;
    private final Map<?, ?> map;
    private final Set<String> known = new HashSet<>();

    /** {@code path} is the name of the message, for errors. */
    public MapReader(String path, Map<?, ?> map) {
        this.path = path;
        this.map = map;
    }

    public boolean bool(String key, boolean missing) {
        return has(key) ? as(Boolean.class, map.get(key), at(key), "true or false") : missing;
    }

    public byte int8(String key, byte missing) {
        return has(key) ? (byte) integer(map.get(key), at(key), Byte.MIN_VALUE, Byte.MAX_VALUE) : missing;
    }

    public short int16(String key, short missing) {
        return has(key) ? int16(map.get(key), at(key)) : missing;
    }

    public int int32(String key, int missing) {
        return has(key) ? int32(map.get(key), at(key)) : missing;
    }

    public long int64(String key, long missing) {
        return has(key) ? int64(map.get(key), at(key)) : missing;
    }

    public int uint16(String key, int missing) {
        return has(key) ? (int) integer(map.get(key), at(key), 0, 0xffff) : missing;
    }

    public long uint32(String key, long missing) {
        return has(key) ? integer(map.get(key), at(key), 0, 0xffff_ffffL) : missing;
    }

    public double float64(String key, double missing) {
        return has(key) ? float64(map.get(key), at(key)) : missing;
    }

    /** Null in the map stays null. */
    public String string(String key, String missing) {
        return has(key) ? orNull(map.get(key), value -> string(value, at(key))) : missing;
    }

    public Uuid uuid(String key, Uuid missing) {
        return has(key) ? orNull(map.get(key), value -> uuid(value, at(key))) : missing;
    }

    /** Base64 text, a byte array or a buffer; null in the map stays null. */
    public ByteBuffer bytes(String key, ByteBuffer missing) {
        return has(key) ? orNull(map.get(key), value -> bytes(value, at(key))) : missing;
    }

    /** A struct, read by {@code form}; null in the map stays null. */
    public <T> T struct(String key, T missing, Function<MapReader, T> form) {
        return has(key) ? orNull(map.get(key), value -> form.apply(nested(value, at(key)))) : missing;
    }

    /** The value of a field that no version allows to be null. */
    public <T> T notNull(String key, T value) {
        if (value == null) {
            throw new InvalidRequest(at(key) + ": must not be null");
        }
        return value;
    }

    /** A list of structs, each read by {@code form}; null in the map stays null. */
    public <T> List<T> structs(String key, List<T> missing, Function<MapReader, T> form) {
        return list(key, missing, (value, where) -> form.apply(nested(value, where)));
    }

    /** A list, each element read by {@code form} with its path, for example {@code MapReader::int32}; null in the map stays null. */
    public <T> List<T> list(String key, List<T> missing, Element<T> form) {
        if (!has(key)) {
            return missing;
        }
        if (map.get(key) == null) {
            return null;
        }
        List<T> result = new ArrayList<>();
        for (Object value : as(List.class, map.get(key), at(key), "a list")) {
            result.add(form.read(value, at(key) + "[" + result.size() + "]"));
        }
        return result;
    }

    /** The unknown tagged fields. Has to be the last call: what no call has asked for is an unknown field. */
    public List<RawTaggedField> unknownTagsAndEnd() {
        List<RawTaggedField> tags = structs(UNKNOWN_TAGS, List.of(), MapReader::tag);
        end();
        return tags == null ? List.of() : tags;
    }

    /** One element of a list. */
    @FunctionalInterface
    public interface Element<T> {
        /** Reads a value; {@code path} is for the error. */
        T read(Object value, String path);
    }

    public static byte int8(Object value, String path) {
        return (byte) integer(value, path, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }

    public static short int16(Object value, String path) {
        return (short) integer(value, path, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    public static int int32(Object value, String path) {
        return (int) integer(value, path, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    public static long int64(Object value, String path) {
        return integer(value, path, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** A number, or what JSON writes for the three that it has no form for: {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}. */
    private static double float64(Object value, String path) {
        Double special = value instanceof String text ? NOT_FINITE.get(text) : null;
        return special != null
                ? special
                : as(Number.class, value, path, "a number").doubleValue();
    }

    public static String string(Object value, String path) {
        return as(String.class, value, path, "a text");
    }

    /** The 22 characters of base64url, or a {@link Uuid} itself. */
    public static Uuid uuid(Object value, String path) {
        if (value instanceof Uuid uuid) {
            return uuid;
        }
        try {
            return Uuid.parse(string(value, path));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest(path + ": " + e.getMessage());
        }
    }

    private static ByteBuffer bytes(Object value, String path) {
        return switch (value) {
            case ByteBuffer buffer -> buffer;
            case byte[] array -> ByteBuffer.wrap(array);
            default -> {
                try {
                    yield ByteBuffer.wrap(Base64.getDecoder().decode(as(String.class, value, path, "base64 text")));
                } catch (IllegalArgumentException e) {
                    throw new InvalidRequest(path + ": not base64: " + e.getMessage());
                }
            }
        };
    }

    private static RawTaggedField tag(MapReader in) {
        int tag = in.int32("tag", -1);
        ByteBuffer data = in.bytes("data", FieldCheck.NO_BYTES);
        in.end();
        return new RawTaggedField(tag, in.notNull("data", data));
    }

    private static MapReader nested(Object value, String path) {
        return new MapReader(path, as(Map.class, value, path, "an object"));
    }

    private static long integer(Object value, String path, long lowest, long highest) {
        try {
            long number = new BigDecimal(
                            as(Number.class, value, path, "a whole number").toString())
                    .longValueExact();
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new InvalidRequest(path + ": expected a whole number, got " + value);
        }
        throw new InvalidRequest(path + ": expected a number of " + lowest + " to " + highest + ", got " + value);
    }

    private static <T> T as(Class<T> type, Object value, String path, String expected) {
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw new InvalidRequest(path + ": expected " + expected + ", got "
                + (value == null ? "null" : value.getClass().getSimpleName() + " " + shown(value)));
    }

    /** What is wrong may be megabytes long; an error is for reading. */
    private static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    private static <T> T orNull(Object value, Function<Object, T> form) {
        return value == null ? null : form.apply(value);
    }

    private boolean has(String key) {
        known.add(key);
        return map.containsKey(key);
    }

    private void end() {
        for (Object key : map.keySet()) {
            if (!(key instanceof String name) || !known.contains(name)) {
                throw new InvalidRequest(path + " has no field " + shown(key) + ", only " + new TreeSet<>(known));
            }
        }
    }

    private String at(String key) {
        return path + "." + key;
    }
}
