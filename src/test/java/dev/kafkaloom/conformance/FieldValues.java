package dev.kafkaloom.conformance;

import dev.kafkaloom.conformance.Definition.Field;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Field by field, by the accessors of both sides: unlike the JSON it shows what a field is that the version does not have. Any thread. */
final class FieldValues {
    private static final Map<Class<?>, ApacheClass> CLASSES = new ConcurrentHashMap<>();

    private FieldValues() {}

    static void compare(List<Field> fields, Object theirs, Object ours) {
        for (Field field : fields) {
            Object their = get(theirs, field.name());
            Object our = get(ours, field.newName());
            if (!isSame(field, their, our)) {
                throw new AssertionError(
                        "field " + field.newName() + " differs\n  ours:   " + our + "\n  theirs: " + their);
            }
        }
    }

    private static boolean isSame(Field field, Object theirs, Object ours) {
        if (theirs == null || ours == null) {
            // see Sample.RECORDS_WITHOUT_DEFAULT
            boolean isUnset = field.type().equals("records")
                    && theirs == null
                    && !bytes(ours).hasRemaining();
            return (theirs == null && ours == null) || isUnset;
        }
        if (!field.isArray()) {
            return isSameElement(field, theirs, ours);
        }
        Iterator<?> our = ((List<?>) ours).iterator();
        for (Object their : (Collection<?>) theirs) {
            if (!our.hasNext() || !isSameElement(field, their, our.next())) {
                return false;
            }
        }
        return !our.hasNext();
    }

    private static boolean isSameElement(Field field, Object theirs, Object ours) {
        if (field.isStruct()) {
            compare(field.fields(), theirs, ours);
            return true;
        }
        return switch (field.element()) {
            case "uuid" -> theirs.toString().equals(ours.toString());
            case "bytes", "records" -> bytes(theirs).equals(bytes(ours));
            default -> theirs.equals(ours);
        };
    }

    private static ByteBuffer bytes(Object value) {
        return switch (value) {
            case byte[] array -> ByteBuffer.wrap(array);
            case ByteBuffer buffer -> buffer;
            case null -> ByteBuffer.allocate(1);
            default -> (ByteBuffer) get(value, "buffer");
        };
    }

    private static Object get(Object target, String name) {
        return CLASSES.computeIfAbsent(target.getClass(), ApacheClass::new).call(target, name);
    }
}
