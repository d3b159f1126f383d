package dev.kafkaloom.generator.schema;

import java.util.List;

/**
 * A field as a definition has it.
 *
 * @param flexible overrides the message's flexible versions; null = as the message
 * @param tag the tag, -1 if the field is never tagged
 * @param defaultValue the raw text, null if the definition has none
 * @param entityType what a name or id belongs to (topicName, groupId, ...), null if the definition does not say
 * @param mapKey whether the field identifies its struct within a list
 * @param about Kafka's words; ours are in the emitter's Meanings
 * @param fields those of a struct that is defined in place; empty for a common struct and for everything else
 */
public record FieldSpec(
        String name,
        FieldType type,
        Versions versions,
        Versions nullable,
        Versions tagged,
        int tag,
        Versions flexible,
        String defaultValue,
        boolean ignorable,
        String entityType,
        boolean mapKey,
        String about,
        List<FieldSpec> fields) {
    public FieldSpec {
        fields = List.copyOf(fields);
        if ((tag >= 0) == tagged.isEmpty()) {
            throw new DefinitionException(name + ": a tag and tagged versions belong together");
        }
        if (!tagged.isEmpty() && (tagged.highest() != Versions.OPEN || !tagged.covers(versions))) {
            throw new DefinitionException(name + ": tagged versions " + tagged + " of versions " + versions);
        }
    }

    /** Whether the field is written in the tag section. */
    public boolean isTagged() {
        return tag >= 0;
    }

    public FieldSpec withName(String newName) {
        return new FieldSpec(
                newName,
                type,
                versions,
                nullable,
                tagged,
                tag,
                flexible,
                defaultValue,
                ignorable,
                entityType,
                mapKey,
                about,
                fields);
    }

    public FieldSpec withType(FieldType newType) {
        return new FieldSpec(
                name,
                newType,
                versions,
                nullable,
                tagged,
                tag,
                flexible,
                defaultValue,
                ignorable,
                entityType,
                mapKey,
                about,
                fields);
    }

    public FieldSpec withFields(List<FieldSpec> newFields) {
        return new FieldSpec(
                name,
                type,
                versions,
                nullable,
                tagged,
                tag,
                flexible,
                defaultValue,
                ignorable,
                entityType,
                mapKey,
                about,
                newFields);
    }
}
