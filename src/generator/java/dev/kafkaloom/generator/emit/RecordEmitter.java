package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One record with its builder: the message or a struct of it. */
final class RecordEmitter {
    private static final String TAGS = "unknownTaggedFields";

    private final SourceWriter out;
    private final StructModel struct;
    private final Map<String, StructModel> all;
    private final Meanings meanings;

    RecordEmitter(SourceWriter out, StructModel struct, Map<String, StructModel> all, Meanings meanings) {
        this.meanings = meanings;
        this.out = out;
        this.struct = struct;
        this.all = all;
    }

    /**
     * How a record is used.
     *
     * @param root whether it is the message itself
     * @param directly whether some field holds one, which then needs a default
     * @param inLists whether some field holds a list of them
     */
    record Use(boolean root, boolean directly, boolean inLists) {
        static final Use ROOT = new Use(true, false, false);
    }

    /** Everything but the closing brace. */
    void emit(String implemented, Use use) {
        components();
        out.line(")" + implemented + " {");
        if (use.directly()) {
            out.line("static final " + struct.name() + " DEFAULT = new Builder().build();")
                    .line("");
        }
        if (use.root()) {
            out.line("public static final short LOWEST_VERSION = "
                    + struct.live().lowest() + ";");
            out.line("public static final short HIGHEST_VERSION = "
                            + struct.live().highest() + ";")
                    .line("");
        }
        constructor();
        out.line("");
        new ReadEmitter(out, struct, all).emit(use);
        out.line("");
        new WriteEmitter(out, struct).emit(use);
        out.line("");
        new MapEmitter(out, struct).emit(use.root());
        out.line("");
        builder();
    }

    private void components() {
        out.line("public record " + struct.name() + "(");
        for (FieldModel field : struct.fields()) {
            out.line("    " + doc(field));
            out.line("    " + JavaTypes.type(field.type()) + " " + field.name() + ",");
        }
        out.line("    /** Tagged fields the definition does not know, kept as they came. */");
        out.line("    List<RawTaggedField> " + TAGS);
    }

    private String doc(FieldModel field) {
        FieldSpec spec = field.spec();
        String meaning = meanings.of(struct.place() + "." + field.name());
        return new SourceWriter()
                .javadoc(MessageEmitter.sentence(meaning) + "Versions " + spec.versions()
                        + (field.isTagged() ? ", tag " + spec.tag() : "")
                        + (field.isNullable() ? ", null in " + spec.nullable() : "")
                        + (spec.ignorable() ? ", left out silently elsewhere" : "") + ".")
                .toString()
                .strip();
    }

    private void constructor() {
        out.line("public " + struct.name() + " {");
        for (FieldModel field : struct.fields()) {
            String arguments = "(" + field.name() + ", \"" + field.path() + "\");";
            if (field.type() instanceof FieldType.Array array) {
                out.line(field.name() + " = FieldCheck." + listCheck(array.element(), field.isNullable()) + arguments);
            } else if (field.isReference() && !field.isNullable()) {
                out.line("FieldCheck.notNull" + arguments);
            }
        }
        out.line(TAGS + " = FieldCheck.tags(" + TAGS + ", \"" + struct.path() + "\");");
        out.line("}");
    }

    private void builder() {
        String name = struct.name();
        out.lines("public static Builder builder() {", "return new Builder();", "}", "");
        out.lines("public Builder toBuilder() {", "Builder b = new Builder();");
        names().forEach(field -> out.line("b." + field + " = this." + field + ";"));
        out.lines("return b;", "}", "");
        out.line("/** Starts with the defaults of the definition. */");
        out.line("public static final class Builder {");
        for (FieldModel field : struct.fields()) {
            out.line("private " + JavaTypes.type(field.type()) + " " + field.name() + " = "
                    + JavaTypes.defaultValue(field) + ";");
        }
        out.line("private List<RawTaggedField> " + TAGS + " = RawTaggedField.NONE;")
                .line("");
        out.line("private Builder() {}");
        for (FieldModel field : struct.fields()) {
            setter(field.name(), field.type(), field.path());
        }
        out.lines(
                "",
                "public Builder " + TAGS + "(List<RawTaggedField> value) {",
                "this." + TAGS + " = value;",
                "return this;",
                "}");
        out.lines("", "public " + name + " build() {");
        out.line("return new " + name + "(" + names().collect(Collectors.joining(", ")) + ");");
        out.lines("}", "}");
    }

    private static String listCheck(FieldType element, boolean nullable) {
        String unboxed = JavaTypes.unboxedList(element);
        String check = unboxed == null ? "list" : unboxed.equals("Int32List") ? "int32s" : "int64s";
        return nullable ? "nullable" + Character.toUpperCase(check.charAt(0)) + check.substring(1) : check;
    }

    /** The small integers are taken as int, so that a caller need not cast. */
    private void setter(String name, FieldType type, String path) {
        boolean small = type == Scalar.INT8 || type == Scalar.INT16;
        out.line("").line("public Builder " + name + "(" + (small ? "int" : JavaTypes.type(type)) + " value) {");
        out.line("this." + name + " = " + (small ? "FieldCheck." + type + "(value, \"" + path + "\")" : "value") + ";");
        out.lines("return this;", "}");
    }

    private Stream<String> names() {
        return Stream.concat(struct.fields().stream().map(FieldModel::name), Stream.of(TAGS));
    }
}
