package dev.kafkaloom.generator.schema;

import java.util.List;

/** A struct that several fields of a message share. */
public record StructSpec(String name, List<FieldSpec> fields) {
    public StructSpec {
        fields = List.copyOf(fields);
    }
}
