package dev.kafkaloom.generator.merge;

import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.MessageSpec;
import java.util.List;
import java.util.Map;

/** What the newer definitions call otherwise, with the same bytes: the old definition is given the new names before the merge. */
final class Renames {
    /** Old message name to what changes: old field path to new field name. */
    private static final Map<String, Map<String, String>> FIELDS = Map.of(
            "ListClientMetricsResourcesResponse",
                    Map.of(
                            "ClientMetricsResources", "ConfigResources",
                            "ClientMetricsResources.Name", "ResourceName"),
            "TxnOffsetCommitRequest", Map.of("GenerationId", "GenerationIdOrMemberEpoch"),
            "VoteRequest",
                    Map.of(
                            "Topics.Partitions.CandidateEpoch", "ReplicaEpoch",
                            "Topics.Partitions.CandidateId", "ReplicaId",
                            "Topics.Partitions.CandidateDirectoryId", "ReplicaDirectoryId"));

    private static final Map<String, String> STRUCTS = Map.of("ClientMetricsResource", "ConfigResource");

    private Renames() {}

    static MessageSpec apply(MessageSpec old) {
        Map<String, String> names = FIELDS.get(old.name());
        return names == null ? old : old.withFields(rename(old.fields(), "", names));
    }

    private static List<FieldSpec> rename(List<FieldSpec> fields, String prefix, Map<String, String> names) {
        return fields.stream()
                .map(field -> {
                    String path = prefix + field.name();
                    return field.withName(names.getOrDefault(path, field.name()))
                            .withType(rename(field.type()))
                            .withFields(rename(field.fields(), path + ".", names));
                })
                .toList();
    }

    private static FieldType rename(FieldType type) {
        return switch (type) {
            case FieldType.Struct struct -> new FieldType.Struct(STRUCTS.getOrDefault(struct.name(), struct.name()));
            case FieldType.Array array -> new FieldType.Array(rename(array.element()));
            case FieldType.Scalar scalar -> scalar;
        };
    }
}
