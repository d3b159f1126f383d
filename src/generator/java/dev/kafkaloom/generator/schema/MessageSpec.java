package dev.kafkaloom.generator.schema;

import java.util.List;
import java.util.Optional;

/**
 * A message as a definition has it.
 *
 * @param apiKey -1 for what is no request and no response
 * @param valid the versions the message can be spoken in; none for a stub
 * @param latestUnstable whether the highest version is not for production yet
 * @param listeners who answers the request: broker, controller, zkBroker; empty for what is no request
 */
public record MessageSpec(
        String name,
        Kind kind,
        int apiKey,
        Versions valid,
        Versions flexible,
        boolean latestUnstable,
        List<String> listeners,
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
        listeners = List.copyOf(listeners);
        fields = List.copyOf(fields);
        commonStructs = List.copyOf(commonStructs);
    }

    /** The shared struct of that name. */
    public Optional<StructSpec> common(String structName) {
        return commonStructs.stream()
                .filter(struct -> struct.name().equals(structName))
                .findFirst();
    }

    /** The fields of the struct that the field is, or is an array of: defined in place, or shared. */
    public List<FieldSpec> fieldsOf(FieldSpec field) {
        if (!field.fields().isEmpty()) {
            return field.fields();
        }
        String struct = field.type().structName();
        return common(struct)
                .map(StructSpec::fields)
                .orElseThrow(() -> new DefinitionException(name + ": no struct " + struct));
    }

    public MessageSpec withName(String newName) {
        return new MessageSpec(
                newName, kind, apiKey, valid, flexible, latestUnstable, listeners, fields, commonStructs);
    }

    public MessageSpec withFields(List<FieldSpec> newFields) {
        return new MessageSpec(
                name, kind, apiKey, valid, flexible, latestUnstable, listeners, newFields, commonStructs);
    }
}
