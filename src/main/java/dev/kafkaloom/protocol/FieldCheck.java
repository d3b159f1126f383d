package dev.kafkaloom.protocol;

import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import dev.kafkaloom.protocol.KafkaException.UnsupportedVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** What generated messages check about their fields; kept here so that the generated code stays small. */
public final class FieldCheck {
    /** No bytes: the default of fields of that type. */
    public static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private FieldCheck() {}

    /** A message can be written and read only in the versions it has. */
    public static void version(String message, short version, int lowest, int highest) {
        if (version < lowest || version > highest) {
            throw new UnsupportedVersion(
                    message + " has no version " + version + ", only " + lowest + " to " + highest);
        }
    }

    /** A field that no version allows to be null. */
    public static <T> T notNull(T value, String field) {
        if (value == null) {
            throw new InvalidRequest(field + " must not be null");
        }
        return value;
    }

    /** An unmodifiable list without null elements, never null. */
    public static <T> List<T> list(List<T> list, String field) {
        return list instanceof FrozenList<T> ? list : freeze(notNull(list, field), field);
    }

    /** An unmodifiable list without null elements, or null. */
    public static <T> List<T> nullableList(List<T> list, String field) {
        return list == null ? null : list(list, field);
    }

    /** As {@link #list}, without boxes. */
    public static List<Integer> int32s(List<Integer> list, String field) {
        return list instanceof Int32List ? list : Int32List.of(list(list, field));
    }

    /** As {@link #nullableList}, without boxes. */
    public static List<Integer> nullableInt32s(List<Integer> list, String field) {
        return list == null ? null : int32s(list, field);
    }

    /** As {@link #list}, without boxes. */
    public static List<Long> int64s(List<Long> list, String field) {
        return list instanceof Int64List ? list : Int64List.of(list(list, field));
    }

    /** As {@link #nullableList}, without boxes. */
    public static List<Long> nullableInt64s(List<Long> list, String field) {
        return list == null ? null : int64s(list, field);
    }

    /** Unknown tagged fields: each tag once, ascending. */
    public static List<RawTaggedField> tags(List<RawTaggedField> fields, String struct) {
        return fields.isEmpty() ? RawTaggedField.NONE : checkedTags(fields, struct);
    }

    private static List<RawTaggedField> checkedTags(List<RawTaggedField> fields, String struct) {
        List<RawTaggedField> frozen = list(fields, struct);
        int previous = -1;
        for (RawTaggedField field : frozen) {
            if (field.tag() <= previous) {
                throw new InvalidRequest(struct + ": unknown tag " + field.tag() + " comes after tag " + previous);
            }
            previous = field.tag();
        }
        return frozen;
    }

    private static <T> List<T> freeze(List<T> list, String field) {
        Object[] elements = list.toArray();
        for (Object element : elements) {
            if (element == null) {
                throw new InvalidRequest(field + " must not hold a null element");
            }
        }
        return ElementList.owning(
                elements.getClass() == Object[].class
                        ? elements
                        : Arrays.copyOf(elements, elements.length, Object[].class));
    }

    /** The range of int8. */
    public static byte int8(int value, String field) {
        if (value != (byte) value) {
            throw new InvalidRequest(field + ": " + value + " does not fit into 8 bits");
        }
        return (byte) value;
    }

    /** The range of int16. */
    public static short int16(int value, String field) {
        if (value != (short) value) {
            throw new InvalidRequest(field + ": " + value + " does not fit into 16 bits");
        }
        return (short) value;
    }

    /** A field is set that the version to be written does not have, and that may not be left out silently. */
    public static UnsupportedVersion absent(String field) {
        return new UnsupportedVersion(field, "is set, but this version has no such field");
    }

    /** A field is null in a version that does not allow it. */
    public static InvalidRequest nullIn(String field) {
        return new InvalidRequest(field, "must not be null in this version");
    }
}
