package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.generator.schema.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A record to be generated: the message itself or one of its structs.
 *
 * @param name the class name
 * @param path the name for errors, for example {@code FetchRequest.FetchTopic}
 * @param place where it stands first, for example {@code FetchRequest.topics}: what meanings are looked up by
 * @param live the versions it can occur in
 * @param flexible the message's flexible versions
 */
record StructModel(String name, String path, String place, Versions live, Versions flexible, List<FieldModel> fields) {
    /** The message first, then its structs in the order of their first use. */
    static List<StructModel> of(MessageSpec message) {
        Map<String, Versions> live = new LinkedHashMap<>();
        Map<String, List<FieldSpec>> fields = new LinkedHashMap<>();
        Map<String, String> places = new LinkedHashMap<>();
        new Collector(message, live, fields, places)
                .collect(message.name(), message.name(), message.fields(), message.valid());
        Map<String, StructModel> models = new LinkedHashMap<>();
        live.forEach((name, versions) ->
                models.put(name, model(message, name, places.get(name), versions, fields.get(name))));
        return new ArrayList<>(models.values());
    }

    /** Whether a version's encoding ends with a tag section. */
    String flexibleCondition() {
        return Conditions.in(flexible, live);
    }

    /** Lets {@code emit} write the code of each untagged field; neighbours of the same versions share one condition. */
    void eachUntagged(SourceWriter out, Consumer<FieldModel> emit) {
        String open = Conditions.ALWAYS;
        for (FieldModel field : fields) {
            if (field.isTagged()) {
                continue;
            }
            if (!field.present().equals(open)) {
                if (!open.equals(Conditions.ALWAYS)) {
                    out.line("}");
                }
                open = field.present();
                if (!open.equals(Conditions.ALWAYS)) {
                    out.line("if (" + open + ") {");
                }
            }
            emit.accept(field);
        }
        if (!open.equals(Conditions.ALWAYS)) {
            out.line("}");
        }
    }

    /** The fewest bytes one can take at that version; what the length of an array is checked against. */
    int smallestEncoding(int version, Map<String, StructModel> all) {
        int sum = flexible.contains(version) ? 1 : 0;
        for (FieldModel field : fields) {
            if (field.versions().contains(version) && !field.isTagged()) {
                sum += field.smallestEncoding(version, all);
            }
        }
        return sum;
    }

    private static StructModel model(
            MessageSpec message, String name, String place, Versions live, List<FieldSpec> specs) {
        String path = name.equals(message.name()) ? name : message.name() + "." + name;
        List<FieldModel> fields = specs.stream()
                .filter(field -> !field.versions().intersect(live).isEmpty())
                .map(field -> new FieldModel(
                        field, live, field.flexible() == null ? message.flexible() : field.flexible(), path))
                .toList();
        return new StructModel(Names.type(name), path, place, live, message.flexible(), fields);
    }

    /** Walks a message's structs, where they stand. */
    private record Collector(
            MessageSpec message,
            Map<String, Versions> lives,
            Map<String, List<FieldSpec>> fields,
            Map<String, String> places) {
        void collect(String name, String place, List<FieldSpec> specs, Versions live) {
            lives.merge(name, live, Versions::hull);
            places.putIfAbsent(name, place);
            List<FieldSpec> before = fields.put(name, specs);
            if (before != null && !before.equals(specs)) {
                throw new DefinitionException(message.name() + ": two structs are called " + name);
            }
            for (FieldSpec field : specs) {
                String struct = field.type().structName();
                Versions inner = field.versions().intersect(live);
                if (struct != null && !inner.isEmpty()) {
                    collect(struct, place + "." + Names.component(field.name()), message.fieldsOf(field), inner);
                }
            }
        }
    }

    /** Struct names that some field holds in an array: they are read and written by the list. */
    static List<String> heldInLists(List<StructModel> models) {
        return models.stream()
                .flatMap(model -> model.fields().stream())
                .filter(field -> field.type() instanceof FieldType.Array)
                .map(field -> field.type().structName())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Struct names that some field holds directly, not in an array: they need a default instance. */
    static List<String> heldDirectly(List<StructModel> models) {
        return models.stream()
                .flatMap(model -> model.fields().stream())
                .filter(field -> field.type() instanceof FieldType.Struct)
                .map(field -> field.type().structName())
                .distinct()
                .toList();
    }
}
