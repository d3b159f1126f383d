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

    void emit(RecordEmitter.Use use) {
        if (use.root()) {
            out.line("@Override");
        }
        out.line("public void write(WireWriter out, short version) {");
        if (use.root()) {
            checkVersion();
        }
        String flexible = struct.flexibleCondition();
        if (flexible.startsWith("version")) {
            out.line("boolean flexible = " + flexible + ";");
        }
        out.lines("String at = \"\";", "try {", "verify(version);");
        struct.eachUntagged(out, this::value);
        if (!flexible.equals(Conditions.NEVER)) {
            tagSection(flexible);
        }
        out.line("} catch (KafkaException e) {");
        out.line(
                use.root()
                        ? "throw e.within(at).within(\"" + struct.name() + " v\" + version);"
                        : "throw e.within(at);");
        out.lines("}", "}", "");
        if (use.inLists()) {
            list(struct.name());
        }
        verify();
    }

    private void checkVersion() {
        out.line("FieldCheck.version(\"" + struct.name() + "\", version, LOWEST_VERSION, HIGHEST_VERSION);");
    }

    private void list(String name) {
        out.lines(
                "static void writeList(List<" + name + "> list, WireWriter out, short version) {",
                "int size = list == null ? 0 : list.size();",
                "int i = 0;",
                "try {",
                "for (; i < size; i++) {",
                "list.get(i).write(out, version);",
                "}",
                "} catch (KafkaException e) {",
                "throw e.within(\"[\" + i + \"]\");",
                "}",
                "}",
                "");
    }

    private void value(FieldModel field) {
        String name = "this." + field.name();
        String compact = field.compact(struct);
        if (canFail(field.type())) {
            out.line("at = \"" + field.name() + "\";");
        }
        switch (field.type()) {
            case Scalar scalar
            when scalar.isReference() -> {
                String method = (field.isNullable() ? "Nullable" : "") + (scalar.isBytes() ? "Bytes" : "String");
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

    /** Numbers and ids always fit, but for those without sign. */
    private static boolean canFail(FieldType type) {
        return !(type instanceof Scalar scalar)
                || scalar.isReference()
                || scalar == Scalar.UINT16
                || scalar == Scalar.UINT32;
    }

    private void array(FieldModel field, FieldType element, String name, String compact) {
        out.line("out.writeArrayLength(" + name + ", " + compact + ");");
        String unboxed = JavaTypes.unboxedList(element);
        if (unboxed != null) {
            out.line(unboxed + ".write(" + name + ", out);");
        } else if (element instanceof FieldType.Struct inner) {
            out.line(inner.name() + ".writeList(" + name + ", out, version);");
        } else if (element == Scalar.STRING) {
            out.line("ElementList.writeStrings(" + name + ", out, " + compact + ");");
        } else if (element instanceof Scalar scalar && !scalar.isReference()) {
            boxes(field, scalar, name);
        } else {
            throw new DefinitionException(field.path() + ": a list of " + element);
        }
    }

    private void boxes(FieldModel field, Scalar element, String name) {
        if (field.isNullable()) {
            out.line("if (" + name + " != null) {");
        }
        out.line("for (" + JavaTypes.type(element) + " e : " + name + ") {");
        out.lines("out.write" + JavaTypes.method(element) + "(e);", "}");
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
        out.line("at = \"tagged fields\";");
        for (FieldModel field : tagged) {
            int tag = field.spec().tag();
            out.lines(
                    "if (tag" + tag + ") {",
                    "next = RawTaggedField.writeBelow(" + tag + ", out, this.unknownTaggedFields, next);",
                    "int mark = out.beginTagged(" + tag + ");");
            value(field);
            out.lines("out.endTagged(mark);", "at = \"tagged fields\";", "}");
        }
        out.line("RawTaggedField.writeFrom(" + (tagged.isEmpty() ? "0" : "next") + ", out, this.unknownTaggedFields);");
        if (conditional) {
            out.line("}");
        }
    }

    private void verify() {
        out.line("private void verify(short version) {");
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
            out.lines("if (" + rigid + ") {", "throw FieldCheck.absent(\"unknownTaggedFields\");", "}");
        }
        out.line("}");
    }

    private void check(String condition, String error, FieldModel field) {
        if (!condition.equals(Conditions.NEVER)) {
            out.lines("if (" + condition + ") {", "throw FieldCheck." + error + "(\"" + field.name() + "\");", "}");
        }
    }
}
