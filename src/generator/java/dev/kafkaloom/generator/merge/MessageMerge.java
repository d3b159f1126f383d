package dev.kafkaloom.generator.merge;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.generator.schema.StructSpec;
import dev.kafkaloom.generator.schema.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Merges the two definitions of one message; the old one has the new names already. */
final class MessageMerge {
    private final MessageSpec fresh;
    private final MessageSpec old;
    private final Versions valid;

    MessageMerge(MessageSpec fresh, MessageSpec old) {
        this.fresh = fresh;
        this.old = old;
        this.valid = union(fresh.valid(), old.valid(), fresh.name());
    }

    MessageSpec merge() {
        Versions flexible = fresh.flexible();
        if (!flexible.equals(old.flexible())) {
            throw new DefinitionException(fresh.name() + ": flexible versions " + flexible + " and " + old.flexible());
        }
        return new MessageSpec(
                fresh.name(),
                fresh.kind(),
                fresh.apiKey(),
                valid,
                flexible,
                fresh.latestUnstable(),
                fresh.listeners(),
                fields(fresh.fields(), old.fields(), fresh.name()),
                commonStructs());
    }

    private List<StructSpec> commonStructs() {
        List<StructSpec> result = new ArrayList<>();
        for (StructSpec struct : fresh.commonStructs()) {
            List<FieldSpec> oldFields =
                    old.common(struct.name()).map(StructSpec::fields).orElse(List.of());
            result.add(new StructSpec(
                    struct.name(), fields(struct.fields(), oldFields, fresh.name() + "." + struct.name())));
        }
        for (StructSpec struct : old.commonStructs()) {
            if (fresh.common(struct.name()).isEmpty()) {
                result.add(new StructSpec(
                        struct.name(), fields(List.of(), struct.fields(), fresh.name() + "." + struct.name())));
            }
        }
        return result;
    }

    /** The newer list's order; a field that only the old list has stands behind the one it stood behind there. */
    private List<FieldSpec> fields(List<FieldSpec> freshFields, List<FieldSpec> oldFields, String path) {
        List<FieldSpec> result = new ArrayList<>();
        for (FieldSpec field : freshFields) {
            result.add(field(field, named(oldFields, field.name()), path + "." + field.name()));
        }
        String before = null;
        for (FieldSpec field : oldFields) {
            if (named(freshFields, field.name()) == null) {
                result.add(indexAfter(result, before), field(null, field, path + "." + field.name()));
            }
            before = field.name();
        }
        result.removeIf(field -> field.versions().isEmpty());
        return result;
    }

    private FieldSpec field(FieldSpec a, FieldSpec b, String path) {
        FieldSpec main = a == null ? b : a;
        if (a != null && b != null) {
            requireSame(a.type(), b.type(), path + ": type");
            requireSame(a.tag(), b.tag(), path + ": tag");
            requireSame(a.flexible(), b.flexible(), path + ": flexible versions");
        }
        return new FieldSpec(
                main.name(),
                main.type(),
                range(a, b, FieldSpec::versions, path),
                range(a, b, field -> field.nullable().intersect(field.versions()), path + " null"),
                range(a, b, field -> field.tagged().intersect(field.versions()), path + " tagged"),
                main.tag(),
                main.flexible(),
                main.defaultValue(),
                (a != null && a.ignorable()) || (b != null && b.ignorable()),
                main.entityType(),
                main.mapKey(),
                main.about(),
                fields(a == null ? List.of() : a.fields(), b == null ? List.of() : b.fields(), path));
    }

    /** Version by version what the definition says that this version is taken from. */
    private Versions range(FieldSpec a, FieldSpec b, Function<FieldSpec, Versions> part, String path) {
        return Versions.where(
                valid,
                version -> {
                    FieldSpec source = fresh.valid().contains(version) ? a : b;
                    return source != null && part.apply(source).contains(version);
                },
                path);
    }

    private static Versions union(Versions a, Versions b, String name) {
        Versions hull = a.hull(b);
        for (int version = hull.lowest(); version <= hull.highest(); version++) {
            if (!a.contains(version) && !b.contains(version)) {
                throw new DefinitionException(name + ": no definition of version " + version);
            }
        }
        return hull;
    }

    private static int indexAfter(List<FieldSpec> fields, String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static FieldSpec named(List<FieldSpec> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static void requireSame(Object a, Object b, String what) {
        if (!Objects.equals(a, b)) {
            throw new DefinitionException(what + ": " + a + " and " + b);
        }
    }
}
