package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;

/** {@code toMap} and {@code fromMap} of a record. */
final class MapEmitter {
    private final SourceWriter out;
    private final StructModel struct;

    MapEmitter(SourceWriter out, StructModel struct) {
        this.out = out;
        this.struct = struct;
    }

    void emit(boolean root) {
        if (root) {
            out.line("@Override");
        }
        out.line("public Map<String, Object> toMap(short version) {");
        if (root) {
            out.line("FieldCheck.version(\"" + struct.name() + "\", version, LOWEST_VERSION, HIGHEST_VERSION);");
            out.line("try {");
        }
        out.line("verify(version);");
        out.line("Map<String, Object> map = new LinkedHashMap<>();");
        for (FieldModel field : struct.fields()) {
            String when = field.isTagged() ? Conditions.and(field.present(), JavaTypes.isSet(field)) : field.present();
            String put = "map.put(\"" + field.name() + "\", " + toForm(field) + ");";
            if (when.equals(Conditions.ALWAYS)) {
                out.line(put);
            } else {
                out.lines("if (" + when + ") {", put, "}");
            }
        }
        out.lines("MapWriter.unknownTags(map, this.unknownTaggedFields);", "return map;");
        if (root) {
            out.line("} catch (KafkaException e) {");
            out.lines("throw e.within(\"" + struct.name() + " v\" + version);", "}");
        }
        out.lines("}", "");
        if (root) {
            out.line(
                    "/** The reverse of toMap: what is missing keeps its default, what does not exist is an error. */");
            out.line("public static " + struct.name() + " fromMap(Map<String, Object> map, short version) {");
            out.line("FieldCheck.version(\"" + struct.name() + "\", version, LOWEST_VERSION, HIGHEST_VERSION);");
            out.line("return fromMap(new MapReader(\"" + struct.name() + " v\" + version, map));");
            out.lines("}", "");
        }
        out.line("static " + struct.name() + " fromMap(MapReader in) {");
        out.line("Builder b = new Builder();");
        for (FieldModel field : struct.fields()) {
            boolean neverNull = field.isReference() && !field.isNullable();
            String value = fromForm(field);
            out.line("b." + field.name() + " = "
                    + (neverNull ? "in.notNull(\"" + field.name() + "\", " + value + ")" : value) + ";");
        }
        out.lines("b.unknownTaggedFields = in.unknownTagsAndEnd();", "return b.build();", "}");
    }

    private static String toForm(FieldModel field) {
        String value = "this." + field.name();
        String structs = "(\"" + field.name() + "\", " + value + ", e -> e.toMap(version))";
        return switch (field.type()) {
            case Scalar scalar -> toForm(scalar, value);
            case FieldType.Struct _ -> "MapWriter.struct" + structs;
            case FieldType.Array array ->
                switch (array.element()) {
                    case Scalar scalar ->
                        "MapWriter.list(" + value + ", e -> "
                                + toForm(scalar, "e").replace("(int) e", "e.intValue()") + ")";
                    case FieldType.Struct _ -> "MapWriter.structs" + structs;
                    case FieldType.Array _ -> throw new DefinitionException(field.path());
                };
        };
    }

    private static String toForm(Scalar scalar, String value) {
        return switch (scalar) {
            case BOOL, INT32, INT64, UINT16, UINT32, FLOAT64, STRING -> value;
            case INT8, INT16 -> "(int) " + value;
            case UUID -> value + ".toString()";
            case BYTES, RECORDS -> "MapWriter.bytes(" + value + ")";
        };
    }

    private static String fromForm(FieldModel field) {
        String name = field.name();
        String arguments = "(\"" + name + "\", b." + name;
        return switch (field.type()) {
            case Scalar scalar -> "in." + mapMethod(scalar) + arguments + ")";
            case FieldType.Struct inner -> "in.struct" + arguments + ", " + inner.name() + "::fromMap)";
            case FieldType.Array array ->
                switch (array.element()) {
                    case FieldType.Struct inner -> "in.structs" + arguments + ", " + inner.name() + "::fromMap)";
                    case Scalar scalar -> "in.list" + arguments + ", MapReader::" + mapMethod(scalar) + ")";
                    case FieldType.Array _ -> throw new DefinitionException(field.path());
                };
        };
    }

    private static String mapMethod(Scalar scalar) {
        return switch (scalar) {
            case BOOL -> "bool";
            case INT8 -> "int8";
            case INT16 -> "int16";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case UINT16 -> "uint16";
            case UINT32 -> "uint32";
            case FLOAT64 -> "float64";
            case UUID -> "uuid";
            case STRING -> "string";
            case BYTES, RECORDS -> "bytes";
        };
    }
}
