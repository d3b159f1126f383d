package dev.kafkaloom.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kafkaloom.conformance.Definition.Field;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Which fields were seen in which state, by message, version and path. Any thread. */
final class Coverage {
    private enum Seen {
        NULL,
        NOT_NULL,
        AT_DEFAULT,
        NOT_AT_DEFAULT
    }

    private final Map<String, Set<Seen>> seen = new ConcurrentHashMap<>();

    /** Takes in Kafka's JSON of one message, which has no tagged field that is at its default. */
    void add(ApacheMessage message, int version, JsonNode json) {
        add(message.definition().fields(), message + " v" + version + " ", version, json);
    }

    private void add(List<Field> fields, String at, int version, JsonNode struct) {
        for (Field field : fields) {
            if (field.versions().contains(version)) {
                JsonNode value = struct.get(field.newName());
                note(field, at + field.newName(), version, value);
                if (field.isStruct() && value != null && !value.isNull()) {
                    (field.isArray() ? value : List.of(value))
                            .forEach(element -> add(field.fields(), at + field.newName() + ".", version, element));
                }
            }
        }
    }

    private void note(Field field, String path, int version, JsonNode value) {
        if (field.isTagged()) {
            note(path, value == null ? Seen.AT_DEFAULT : Seen.NOT_AT_DEFAULT);
        }
        if (field.nullable().contains(version)) {
            boolean isNull = value == null ? field.isNullByDefault() : value.isNull();
            note(path, isNull ? Seen.NULL : Seen.NOT_NULL);
        }
    }

    private void note(String path, Seen state) {
        Set<Seen> states = seen.computeIfAbsent(path, _ -> ConcurrentHashMap.newKeySet());
        states.add(state);
    }

    /** The nullable fields that were not seen both null and not null, the tagged ones not seen both at their default and not. */
    List<String> missing(ApacheMessage message, int version) {
        Set<String> missing = new TreeSet<>();
        message.definition().forEachField(version, (path, field) -> {
            String at = message + " v" + version + " " + path;
            Set<Seen> states = seen.getOrDefault(at, Set.of());
            Set<Seen> expected = EnumSet.noneOf(Seen.class);
            if (field.isTagged()) {
                expected.addAll(EnumSet.of(Seen.AT_DEFAULT, Seen.NOT_AT_DEFAULT));
            }
            if (field.nullable().contains(version)) {
                expected.addAll(EnumSet.of(Seen.NULL, Seen.NOT_NULL));
            }
            expected.removeAll(states);
            if (!expected.isEmpty()) {
                missing.add(at + " was never " + expected);
            }
        });
        return List.copyOf(missing);
    }
}
