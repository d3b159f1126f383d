package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import dev.kafkaloom.generator.schema.Versions;
import java.util.List;
import java.util.Map;

/** The static {@code read} of a record: fills a builder field by field and keeps the field's name for errors. */
final class ReadEmitter {
    private final SourceWriter out;
    private final StructModel struct;
    private final Map<String, StructModel> all;

    ReadEmitter(SourceWriter out, StructModel struct, Map<String, StructModel> all) {
        this.out = out;
        this.struct = struct;
        this.all = all;
    }

    void emit(boolean root) {
        out.line("public static " + struct.name() + " read(WireReader in, short version) {");
        if (root) {
            out.line("FieldCheck.version(\"" + struct.name() + "\", version, LOWEST_VERSION, HIGHEST_VERSION);");
        }
        out.line("Builder b = new Builder();");
        String flexible = struct.flexibleCondition();
        if (flexible.startsWith("version")) {
            out.line("boolean flexible = " + flexible + ";");
        }
        out.line("String at = \"\";");
        out.line("try {");
        struct.eachUntagged(out, this::value);
        if (!flexible.equals(Conditions.NEVER)) {
            tagSection(flexible);
        }
        out.line("} catch (KafkaException.MalformedMessage e) {");
        out.line(root ? "throw e.within(at).within(\"" + struct.name() + " v\" + version);" : "throw e.within(at);");
        out.lines("}", "return b.build();", "}");
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
            out.line("b.unknownTaggedFields = RawTaggedField.readAll(in);");
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
            out.line("b.unknownTaggedFields = RawTaggedField.readInto(b.unknownTaggedFields, in, tag);");
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
            out.line("b." + field.name() + " = " + single(field) + ";");
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
        return switch (nullable) {
            case Conditions.ALWAYS -> lenient;
            case Conditions.NEVER -> strict;
            default -> nullable + " ? " + lenient + " : " + strict;
        };
    }

    private void array(FieldModel field, FieldType element) {
        String compact = field.compact(struct);
        String arguments = "(" + compact + ", " + smallest(field, element) + ")";
        String nullable = field.nullAllowed();
        String count = switch (nullable) {
            case Conditions.ALWAYS -> "in.readNullableArrayLength" + arguments;
            case Conditions.NEVER -> "in.readArrayLength" + arguments;
            default -> nullable + " ? in.readNullableArrayLength" + arguments + " : in.readArrayLength" + arguments;
        };
        String name = "list" + struct.fields().indexOf(field);
        String size = "size" + struct.fields().indexOf(field);
        out.line("int " + size + " = " + count + ";");
        if (!nullable.equals(Conditions.NEVER)) {
            out.lines("if (" + size + " < 0) {", "b." + field.name() + " = null;", "} else {");
        }
        out.line("List<" + JavaTypes.boxed(element) + "> " + name + " = new ArrayList<>(" + size + ");");
        out.line("for (int i = 0; i < " + size + "; i++) {");
        out.line(name + ".add("
                + switch (element) {
                    case Scalar scalar
                    when scalar.isReference() -> "in.read" + JavaTypes.method(scalar) + "(" + compact + ")";
                    case Scalar scalar -> "in.read" + JavaTypes.method(scalar) + "()";
                    case FieldType.Struct inner -> inner.name() + ".read(in, version)";
                    case FieldType.Array _ -> throw new DefinitionException(field.path());
                }
                + ");");
        out.line("}");
        out.line("b." + field.name() + " = " + name + ";");
        if (!nullable.equals(Conditions.NEVER)) {
            out.line("}");
        }
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
