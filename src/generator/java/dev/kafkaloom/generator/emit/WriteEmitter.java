package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** {@code write} of a record, and {@code verify}: what a version cannot hold is an error before a byte is written. */
final class WriteEmitter {
    private final SourceWriter out;
    private final StructModel struct;

    WriteEmitter(SourceWriter out, StructModel struct) {
        this.out = out;
        this.struct = struct;
    }

    void emit(boolean root) {
        if (root) {
            out.line("@Override");
        }
        out.line("public void write(WireWriter out, short version) {");
        out.line("verify(version);");
        String flexible = struct.flexibleCondition();
        if (flexible.startsWith("version")) {
            out.line("boolean flexible = " + flexible + ";");
        }
        struct.eachUntagged(out, this::value);
        if (!flexible.equals(Conditions.NEVER)) {
            tagSection(flexible);
        }
        out.line("}").line("");
        verify(root);
    }

    private void value(FieldModel field) {
        String name = "this." + field.name();
        String compact = field.compact(struct);
        switch (field.type()) {
            case Scalar scalar
            when scalar.isReference() -> {
                String method = (field.isNullable() ? "Nullable" : "") + JavaTypes.method(scalar);
                out.line("out.write" + method + "(" + name + ", " + compact + ");");
            }
            case Scalar scalar -> out.line("out.write" + JavaTypes.method(scalar) + "(" + name + ");");
            case FieldType.Struct _ -> struct(field, name);
            case FieldType.Array array -> array(field, array.element(), name, compact);
        }
    }

    private void struct(FieldModel field, String name) {
        String nullable = field.nullAllowed();
        if (nullable.equals(Conditions.NEVER)) {
            out.line(name + ".write(out, version);");
            return;
        }
        String presence = "out.writePresence(" + name + " != null);";
        if (nullable.equals(Conditions.ALWAYS)) {
            out.line(presence);
        } else {
            out.lines("if (" + nullable + ") {", presence, "}");
        }
        out.lines("if (" + name + " != null) {", name + ".write(out, version);", "}");
    }

    private void array(FieldModel field, FieldType element, String name, String compact) {
        if (field.isNullable()) {
            out.lines("if (" + name + " == null) {", "out.writeArrayLength(-1, " + compact + ");", "} else {");
        }
        out.line("out.writeArrayLength(" + name + ".size(), " + compact + ");");
        out.line("for (" + JavaTypes.type(element) + " e : " + name + ") {");
        out.line(
                switch (element) {
                    case Scalar scalar
                    when scalar.isReference() -> "out.write" + JavaTypes.method(scalar) + "(e, " + compact + ");";
                    case Scalar scalar -> "out.write" + JavaTypes.method(scalar) + "(e);";
                    case FieldType.Struct _ -> "e.write(out, version);";
                    case FieldType.Array _ -> throw new DefinitionException(field.path());
                });
        out.line("}");
        if (field.isNullable()) {
            out.line("}");
        }
    }

    private void tagSection(String flexible) {
        boolean conditional = !flexible.equals(Conditions.ALWAYS);
        if (conditional) {
            out.line("if (flexible) {");
        }
        List<FieldModel> tagged = struct.fields().stream()
                .filter(FieldModel::isTagged)
                .sorted(Comparator.comparingInt(field -> field.spec().tag()))
                .toList();
        for (FieldModel field : tagged) {
            String present =
                    Conditions.in(field.spec().versions(), struct.live().intersect(struct.flexible()));
            out.line(
                    "boolean tag" + field.spec().tag() + " = " + Conditions.and(present, JavaTypes.isSet(field)) + ";");
        }
        String known = tagged.stream()
                .map(field -> " + (tag" + field.spec().tag() + " ? 1 : 0)")
                .collect(Collectors.joining());
        out.line("out.writeUnsignedVarint(this.unknownTaggedFields.size()" + known + ");");
        if (!tagged.isEmpty()) {
            out.line("int next = 0;");
        }
        for (FieldModel field : tagged) {
            int tag = field.spec().tag();
            out.lines(
                    "if (tag" + tag + ") {",
                    "next = RawTaggedField.writeBelow(" + tag + ", out, this.unknownTaggedFields, next);",
                    "int mark = out.beginTagged(" + tag + ");");
            value(field);
            out.lines("out.endTagged(mark);", "}");
        }
        out.line("RawTaggedField.writeFrom(" + (tagged.isEmpty() ? "0" : "next") + ", out, this.unknownTaggedFields);");
        if (conditional) {
            out.line("}");
        }
    }

    private void verify(boolean root) {
        out.line("private void verify(short version) {");
        if (root) {
            out.line("FieldCheck.version(\"" + struct.name() + "\", version, LOWEST_VERSION, HIGHEST_VERSION);");
        }
        for (FieldModel field : struct.fields()) {
            String absent = Conditions.not(field.present());
            if (!field.spec().ignorable()) {
                check(Conditions.and(absent, JavaTypes.isSet(field)), "absent", field);
            }
            if (field.isNullable()) {
                String refused = Conditions.and(field.present(), Conditions.not(field.nullAllowed()));
                check(Conditions.and(refused, "this." + field.name() + " == null"), "nullIn", field);
            }
        }
        String rigid =
                Conditions.and(Conditions.not(struct.flexibleCondition()), "!this.unknownTaggedFields.isEmpty()");
        if (!rigid.equals(Conditions.NEVER)) {
            out.lines(
                    "if (" + rigid + ") {",
                    "throw FieldCheck.absent(\"" + struct.path() + ".unknownTaggedFields\", version);",
                    "}");
        }
        out.line("}");
    }

    private void check(String condition, String error, FieldModel field) {
        if (!condition.equals(Conditions.NEVER)) {
            out.lines(
                    "if (" + condition + ") {",
                    "throw FieldCheck." + error + "(\"" + field.path() + "\", version);",
                    "}");
        }
    }
}
