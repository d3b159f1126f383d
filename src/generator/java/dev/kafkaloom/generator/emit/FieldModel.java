package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import dev.kafkaloom.generator.schema.Versions;
import java.util.Map;

/**
 * A field of a record to be generated.
 *
 * @param live the versions of the struct around it
 * @param flexible the versions in which it is written compactly
 * @param owner the struct's name for errors
 */
record FieldModel(FieldSpec spec, Versions live, Versions flexible, String owner) {
    FieldModel {
        if (spec.isTagged()
                && spec.type() instanceof FieldType.Struct
                && !spec.nullable().isEmpty()) {
            throw new DefinitionException(
                    owner + "." + spec.name() + ": a tagged nullable struct, which no definition had so far");
        }
        if (spec.nullable().isEmpty() && "null".equals(spec.defaultValue())) {
            throw new DefinitionException(owner + "." + spec.name() + ": default null, but never nullable");
        }
    }

    String name() {
        return Names.component(spec.name());
    }

    /** The name for errors. */
    String path() {
        return owner + "." + name();
    }

    FieldType type() {
        return spec.type();
    }

    /** The versions it exists in. */
    Versions versions() {
        return spec.versions().intersect(live);
    }

    boolean isTagged() {
        return spec.isTagged();
    }

    /** Whether its Java type can be null in some version. */
    boolean isNullable() {
        return isReference() && !spec.nullable().intersect(live).isEmpty();
    }

    /** Whether its Java type is no primitive one. */
    boolean isReference() {
        return !(type() instanceof Scalar scalar) || scalar.isReference() || scalar == Scalar.UUID;
    }

    /** When it is there. */
    String present() {
        return Conditions.in(spec.versions(), live);
    }

    /** When it may be null, given that it is there. */
    String nullAllowed() {
        return Conditions.in(spec.nullable(), versions());
    }

    /** When it is written compactly, given that it is there: a literal, a condition, or the variable of the whole struct. */
    String compact(StructModel struct) {
        String condition = isTagged() ? Conditions.ALWAYS : Conditions.in(flexible, versions());
        return condition.startsWith("version") && flexible.equals(struct.flexible()) ? "flexible" : condition;
    }

    int smallestEncoding(int version, Map<String, StructModel> all) {
        boolean compact = flexible.contains(version);
        return switch (type()) {
            case Scalar scalar -> smallest(scalar, compact);
            case FieldType.Array _ -> compact ? 1 : 4;
            case FieldType.Struct struct ->
                spec.nullable().contains(version) ? 1 : all.get(struct.name()).smallestEncoding(version, all);
        };
    }

    static int smallest(Scalar type, boolean compact) {
        return switch (type) {
            case BOOL, INT8 -> 1;
            case INT16, UINT16 -> 2;
            case INT32, UINT32 -> 4;
            case INT64, FLOAT64 -> 8;
            case UUID -> 16;
            case STRING -> compact ? 1 : 2;
            case BYTES, RECORDS -> compact ? 1 : 4;
        };
    }
}
