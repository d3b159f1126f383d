package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import dev.kafkaloom.generator.schema.Versions;

/** Java types, defaults and comparisons of fields. */
final class JavaTypes {
    private JavaTypes() {}

    static String type(FieldType type) {
        return switch (type) {
            case Scalar scalar -> scalar(scalar);
            case FieldType.Array array -> "List<" + boxed(array.element()) + ">";
            case FieldType.Struct struct -> struct.name();
        };
    }

    static String boxed(FieldType type) {
        return switch (type(type)) {
            case "boolean" -> "Boolean";
            case "byte" -> "Byte";
            case "short" -> "Short";
            case "int" -> "Integer";
            case "long" -> "Long";
            case "double" -> "Double";
            case String reference -> reference;
        };
    }

    private static String scalar(Scalar scalar) {
        return switch (scalar) {
            case BOOL -> "boolean";
            case INT8 -> "byte";
            case INT16 -> "short";
            case INT32, UINT16 -> "int";
            case INT64, UINT32 -> "long";
            case FLOAT64 -> "double";
            case UUID -> "Uuid";
            case STRING -> "String";
            case BYTES, RECORDS -> "ByteBuffer";
        };
    }

    /** The middle of the names of the reader's methods, and of the writer's but for records: Int32, Uuid, String. */
    static String method(Scalar scalar) {
        return switch (scalar) {
            case BOOL -> "Bool";
            case INT8 -> "Int8";
            case INT16 -> "Int16";
            case INT32 -> "Int32";
            case INT64 -> "Int64";
            case UINT16 -> "Uint16";
            case UINT32 -> "Uint32";
            case FLOAT64 -> "Float64";
            case UUID -> "Uuid";
            case STRING -> "String";
            case BYTES -> "Bytes";
            case RECORDS -> "Records";
        };
    }

    /** The default as a Java expression. */
    static String defaultValue(FieldModel field) {
        String raw = field.spec().defaultValue();
        if ("null".equals(raw)) {
            return "null";
        }
        return switch (field.type()) {
            case Scalar scalar -> {
                try {
                    yield scalarDefault(field, scalar, raw == null ? "" : raw);
                } catch (NumberFormatException e) {
                    throw new DefinitionException(field.path() + ": default " + raw + " of type " + scalar, e);
                }
            }
            case FieldType.Array array -> requireNone(field, raw, empty(array.element()));
            case FieldType.Struct struct -> requireNone(field, raw, struct.name() + ".DEFAULT");
        };
    }

    /** The class of lists without boxes; null where elements are objects. */
    static String unboxedList(FieldType element) {
        if (!(element instanceof Scalar scalar)) {
            return null;
        }
        return switch (scalar) {
            case INT32 -> "Int32List";
            case INT64 -> "Int64List";
            default -> null;
        };
    }

    private static String empty(FieldType element) {
        String unboxed = unboxedList(element);
        return unboxed == null ? "ElementList.empty()" : unboxed + ".EMPTY";
    }

    private static String scalarDefault(FieldModel field, Scalar scalar, String raw) {
        return switch (scalar) {
            case BOOL -> raw.isEmpty() ? "false" : Boolean.toString(Boolean.parseBoolean(raw));
            case INT8 -> raw.isEmpty() ? "0" : Byte.decode(raw).toString();
            case INT16 -> raw.isEmpty() ? "0" : Short.decode(raw).toString();
            case INT32, UINT16 -> raw.isEmpty() ? "0" : Integer.decode(raw).toString();
            case INT64, UINT32 -> (raw.isEmpty() ? "0" : Long.decode(raw).toString()) + "L";
            case FLOAT64 -> raw.isEmpty() ? "0.0" : Double.toString(Double.parseDouble(raw));
            case UUID -> requireNone(field, raw.isEmpty() ? null : raw, "Uuid.ZERO");
            case STRING -> '"' + raw.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
            case BYTES -> requireNone(field, raw.isEmpty() ? null : raw, "FieldCheck.NO_BYTES");
            // null only where it can be written: ShareFetchResponse.Records is nullable in version 0 alone
            case RECORDS -> field.spec().nullable().covers(newest(field)) ? "null" : "FieldCheck.NO_BYTES";
        };
    }

    private static Versions newest(FieldModel field) {
        return new Versions(field.versions().highest(), field.versions().highest());
    }

    private static String requireNone(FieldModel field, String raw, String expression) {
        if (raw != null && !raw.isEmpty()) {
            throw new DefinitionException(field.path() + ": default " + raw + " of type " + field.type());
        }
        return expression;
    }

    /** A condition: the field holds something else than its default. */
    static String isSet(FieldModel field) {
        String name = "this." + field.name();
        String value = defaultValue(field);
        if (value.equals("null")) {
            return name + " != null";
        }
        String orNull = field.isNullable() ? name + " == null || " : "";
        String test = switch (field.type()) {
            case Scalar scalar ->
                switch (scalar) {
                    case BOOL -> value.equals("true") ? "!" + name : name;
                    case INT8, INT16, INT32, INT64, UINT16, UINT32 -> name + " != " + value;
                    case FLOAT64 -> "Double.compare(" + name + ", " + value + ") != 0";
                    case UUID -> "!" + name + ".equals(Uuid.ZERO)";
                    case STRING ->
                        value.equals("\"\"") ? "!" + name + ".isEmpty()" : "!" + name + ".equals(" + value + ")";
                    case BYTES, RECORDS -> name + ".hasRemaining()";
                };
            case FieldType.Array _ -> "!" + name + ".isEmpty()";
            case FieldType.Struct _ -> "!" + name + ".equals(" + value + ")";
        };
        return orNull.isEmpty() ? test : "(" + orNull + test + ")";
    }
}
