package dev.kafkaloom.generator.schema;

import java.util.List;
import java.util.Optional;

/**
 * A message as a definition has it.
 *
 * @param apiKey -1 for what is no request and no response
 * @param valid the versions the message can be spoken in; none for a stub
 * @param latestUnstable whether the highest version is not for production yet
 */
public record MessageSpec(
        String name,
        Kind kind,
        int apiKey,
        Versions valid,
        Versions flexible,
        boolean latestUnstable,
        List<FieldSpec> fields,
        List<StructSpec> commonStructs) {
    /** What a message is for. */
    public enum Kind {
        REQUEST,
        RESPONSE,
        HEADER,
        DATA
    }

    public MessageSpec {
        fields = List.copyOf(fields);
        commonStructs = List.copyOf(commonStructs);
    }

    /** The shared struct of that name. */
    public Optional<StructSpec> common(String structName) {
        return commonStructs.stream()
                .filter(struct -> struct.name().equals(structName))
                .findFirst();
    }

    public MessageSpec withName(String newName) {
        return new MessageSpec(newName, kind, apiKey, valid, flexible, latestUnstable, fields, commonStructs);
    }

    public MessageSpec withFields(List<FieldSpec> newFields) {
        return new MessageSpec(name, kind, apiKey, valid, flexible, latestUnstable, newFields, commonStructs);
    }
}
