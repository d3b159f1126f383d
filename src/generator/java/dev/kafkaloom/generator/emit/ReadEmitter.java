package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import dev.kafkaloom.generator.schema.Versions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The static {@code read} of a record: into local variables and from there into the constructor, so that nothing is made on the way. A
 * field's name is kept beside for errors.
 */
final class ReadEmitter {
    private static final String TAGS = "unknownTaggedFields";

    private final SourceWriter out;
    private final StructModel struct;
    private final Map<String, StructModel> all;

    ReadEmitter(SourceWriter out, StructModel struct, Map<String, StructModel> all) {
        this.out = out;
        this.struct = struct;
        this.all = all;
    }

    void emit(RecordEmitter.Use use) {
        String name = struct.name();
        out.line("public static " + name + " read(WireReader in, short version) {");
        if (use.root()) {
            out.line("FieldCheck.version(\"" + name + "\", version, LOWEST_VERSION, HIGHEST_VERSION);");
        }
        String flexible = struct.flexibleCondition();
        if (flexible.startsWith("version")) {
            out.line("boolean flexible = " + flexible + ";");
        }
        locals();
        out.lines("String at = \"\";", "try {");
        struct.eachUntagged(out, this::value);
        if (!flexible.equals(Conditions.NEVER)) {
            tagSection(flexible);
        }
        out.line("} catch (KafkaException.MalformedMessage e) {");
        out.line(use.root() ? "throw e.within(at).within(\"" + name + " v\" + version);" : "throw e.within(at);");
        out.line("}");
        out.line("return new " + name + "("
                + struct.fields().stream().map(field -> local(field) + ", ").collect(Collectors.joining()) + TAGS
                + ");");
        out.line("}");
        if (use.inLists()) {
            list(name);
        }
    }

    /** One variable a field; with the default unless every version reads it. */
    private void locals() {
        for (FieldModel field : struct.fields()) {
            boolean always = field.present().equals(Conditions.ALWAYS) && !field.isTagged();
            out.line(JavaTypes.type(field.type()) + " " + local(field)
                    + (always ? "" : " = " + JavaTypes.defaultValue(field)) + ";");
        }
        out.line("List<RawTaggedField> " + TAGS + " = RawTaggedField.NONE;");
    }

    private void list(String name) {
        out.lines(
                "",
                "/** So many of them; null for -1. */",
                "static List<" + name + "> readList(WireReader in, short version, int count) {",
                "if (count <= 0) {",
                "return count < 0 ? null : ElementList.empty();",
                "}",
                "Object[] elements = new Object[count];",
                "int i = 0;",
                "try {",
                "for (; i < count; i++) {",
                "elements[i] = read(in, version);",
                "}",
                "} catch (KafkaException.MalformedMessage e) {",
                "throw e.within(\"[\" + i + \"]\");",
                "}",
                "return ElementList.owning(elements);",
                "}");
    }

    private static String local(FieldModel field) {
        return Names.local(field.name());
    }

    private void tagSection(String flexible) {
        List<FieldModel> tagged =
                struct.fields().stream().filter(FieldModel::isTagged).toList();
        boolean conditional = !flexible.equals(Conditions.ALWAYS);
        if (conditional) {
            out.line("if (flexible) {");
        }
        out.line("at = \"tagged fields\";");
        if (tagged.isEmpty()) {
            out.line(TAGS + " = RawTaggedField.readAll(in);");
        } else {
            out.line("for (int tags = in.readTagCount(), tag = -1; tags > 0; tags--) {");
            out.lines(
                    "tag = in.readTag(tag);",
                    "int outer = in.enterTagged();",
                    "boolean known = true;",
                    "switch (tag) {");
            for (FieldModel field : tagged) {
                taggedCase(field);
            }
            out.lines("default -> known = false;", "}");
            out.line("if (!known) {");
            out.line(TAGS + " = RawTaggedField.readInto(" + TAGS + ", in, tag);");
            out.lines("}", "in.leaveTagged(outer);", "at = \"tagged fields\";", "}");
        }
        if (conditional) {
            out.line("}");
        }
    }

    private void taggedCase(FieldModel field) {
        out.line("case " + field.spec().tag() + " -> {");
        String present = Conditions.in(field.spec().versions(), struct.live().intersect(struct.flexible()));
        if (present.equals(Conditions.ALWAYS)) {
            value(field);
        } else {
            out.line("if (" + present + ") {");
            value(field);
            out.lines("} else {", "known = false;", "}");
        }
        out.line("}");
    }

    private void value(FieldModel field) {
        out.line("at = \"" + field.name() + "\";");
        if (field.type() instanceof FieldType.Array array) {
            array(field, array.element());
        } else {
            out.line(local(field) + " = " + single(field) + ";");
        }
    }

    private String single(FieldModel field) {
        String nullable = field.nullAllowed();
        return switch (field.type()) {
            case Scalar scalar when scalar.isReference() -> reference(scalar, nullable, field.compact(struct));
            case Scalar scalar -> "in.read" + JavaTypes.method(scalar) + "()";
            case FieldType.Struct inner when nullable.equals(Conditions.NEVER) -> inner.name() + ".read(in, version)";
            case FieldType.Struct inner ->
                (nullable.equals(Conditions.ALWAYS) ? "" : Conditions.not(nullable) + " || ") + "in.readPresence() ? "
                        + inner.name() + ".read(in, version) : null";
            case FieldType.Array _ -> throw new DefinitionException(field.path());
        };
    }

    private static String reference(Scalar scalar, String nullable, String compact) {
        String strict = "in.read" + JavaTypes.method(scalar) + "(" + compact + ")";
        String lenient = "in.readNullable" + JavaTypes.method(scalar) + "(" + compact + ")";
        return choice(nullable, lenient, strict);
    }

    private static String choice(String nullable, String lenient, String strict) {
        return switch (nullable) {
            case Conditions.ALWAYS -> lenient;
            case Conditions.NEVER -> strict;
            default -> nullable + " ? " + lenient + " : " + strict;
        };
    }

    private void array(FieldModel field, FieldType element) {
        String compact = field.compact(struct);
        String arguments = "(" + compact + ", " + smallest(field, element) + ")";
        String count =
                choice(field.nullAllowed(), "in.readNullableArrayLength" + arguments, "in.readArrayLength" + arguments);
        String unboxed = JavaTypes.unboxedList(element);
        if (unboxed != null) {
            out.line(local(field) + " = " + unboxed + ".read(in, " + count + ");");
        } else if (element instanceof FieldType.Struct inner) {
            out.line(local(field) + " = " + inner.name() + ".readList(in, version, " + count + ");");
        } else if (element == Scalar.STRING) {
            out.line(local(field) + " = ElementList.readStrings(in, " + count + ", " + compact + ");");
        } else if (element instanceof Scalar scalar && !scalar.isReference()) {
            boxes(field, scalar, count);
        } else {
            throw new DefinitionException(field.path() + ": a list of " + element);
        }
    }

    /** Lists of the small and rare types, whose elements cannot be malformed: they have the length that was checked. */
    private void boxes(FieldModel field, Scalar element, String count) {
        String index = Integer.toString(struct.fields().indexOf(field));
        out.line("int size" + index + " = " + count + ";");
        out.line("Object[] elements" + index + " = new Object[Math.max(0, size" + index + ")];");
        out.line("for (int i = 0; i < size" + index + "; i++) {");
        out.line("elements" + index + "[i] = in.read" + JavaTypes.method(element) + "();");
        out.line("}");
        out.line(local(field) + " = size" + index + " < 0 ? null : ElementList.owning(elements" + index + ");");
    }

    /** The smallest encoding of an element in any version of the field. */
    private int smallest(FieldModel field, FieldType element) {
        int smallest = switch (element) {
            case Scalar scalar ->
                FieldModel.smallest(
                        scalar, !field.flexible().intersect(field.versions()).isEmpty());
            case FieldType.Struct inner -> smallestOf(all.get(inner.name()), field.versions());
            case FieldType.Array _ -> throw new DefinitionException(field.path());
        };
        if (smallest < 1) {
            throw new DefinitionException(field.path() + ": elements of no bytes, nothing bounds their number");
        }
        return smallest;
    }

    private int smallestOf(StructModel inner, Versions versions) {
        int smallest = Integer.MAX_VALUE;
        for (int version = versions.lowest(); version <= versions.highest(); version++) {
            smallest = Math.min(smallest, inner.smallestEncoding(version, all));
        }
        return smallest;
    }
}
