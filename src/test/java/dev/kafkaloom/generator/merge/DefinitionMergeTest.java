package dev.kafkaloom.generator.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.DefinitionReader;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.MessageSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionMergeTest {
    @Test
    void versionsAreTheUnionAndFieldsComeFromTheNewerWhereBothHaveTheVersion() {
        MessageSpec merged = merge("2-4", """
                    { "name": "A", "type": "int32", "versions": "0+", "about": "New words.", "default": "-1" },
                    { "name": "B", "type": "string", "versions": "4+", "nullableVersions": "4+" }""", "0-3", """
                    { "name": "A", "type": "int32", "versions": "0+", "about": "Old words.", "ignorable": true }""");
        assertThat(merged.valid()).hasToString("0-4");
        assertThat(merged.fields()).extracting(FieldSpec::name).containsExactly("A", "B");
        FieldSpec a = merged.fields().getFirst();
        assertThat(a.versions()).hasToString("0+");
        assertThat(a.about()).isEqualTo("New words.");
        assertThat(a.defaultValue()).isEqualTo("-1");
        assertThat(a.ignorable()).as("ignorable in either").isTrue();
        assertThat(merged.fields().get(1).versions()).hasToString("4+");
    }

    @Test
    void aFieldOnlyTheOlderHasStandsBehindItsPredecessor() {
        MessageSpec merged = merge("1-2", """
                    { "name": "A", "type": "int32", "versions": "0+" },
                    { "name": "B", "type": "int32", "versions": "0+" }""", "0-1", """
                    { "name": "Zero", "type": "int8", "versions": "0" },
                    { "name": "A", "type": "int32", "versions": "0+" },
                    { "name": "Max", "type": "int32", "versions": "0" },
                    { "name": "B", "type": "int32", "versions": "0+" },
                    { "name": "Never", "type": "int32", "versions": "1+" }""");
        assertThat(merged.fields())
                .extracting(field -> field.name() + " " + field.versions())
                .containsExactly("Zero 0", "A 0+", "Max 0", "B 0+");
        assertThat(LayoutCheck.layout(merged, 0)).containsExactly("Zero int8", "A int32", "Max int32", "B int32");
    }

    @Test
    void nestedAndSharedStructsAreMergedByTheSameRule() {
        String shared = "], \"commonStructs\": [ { \"name\": \"S\", \"versions\": \"0+\", \"fields\": [ %s ] } ";
        MessageSpec merged = merge("1", """
                    { "name": "Topics", "type": "[]T", "versions": "0+", "fields": [
                      { "name": "Id", "type": "uuid", "versions": "1+" } ] },
                    { "name": "One", "type": "S", "versions": "0+" }""" + shared.formatted("""
                    { "name": "X", "type": "int8", "versions": "1+" }"""), "0", """
                    { "name": "Topics", "type": "[]T", "versions": "0+", "fields": [
                      { "name": "Name", "type": "string", "versions": "0+" } ] },
                    { "name": "One", "type": "S", "versions": "0+" }""" + shared.formatted("""
                    { "name": "Y", "type": "int8", "versions": "0+" }"""));
        assertThat(LayoutCheck.layout(merged, 0))
                .containsExactly("Topics []T", "Topics.Name string", "One S", "One.Y int8");
        assertThat(LayoutCheck.layout(merged, 1))
                .containsExactly("Topics []T", "Topics.Id uuid", "One S", "One.X int8");
    }

    @Test
    void aFieldRenamedWithoutAChangeOfBytesIsOneField() {
        DefinitionReader reader = new DefinitionReader();
        String text = """
                { "apiKey": 28, "type": "request", "name": "TxnOffsetCommitRequest", "validVersions": "%s", "flexibleVersions": "none",
                  "fields": [ { "name": "%s", "type": "int32", "versions": "0+" } ] }""";
        List<MessageSpec> merged = DefinitionMerge.merge(
                List.of(reader.read("new", text.formatted("1-2", "GenerationIdOrMemberEpoch"))),
                List.of(reader.read("old", text.formatted("0-1", "GenerationId"))));
        assertThat(merged.getFirst().fields()).extracting(FieldSpec::name).containsExactly("GenerationIdOrMemberEpoch");
        assertThat(merged.getFirst().fields().getFirst().versions()).hasToString("0+");
    }

    @Test
    void whatOnlyOneSideHasIsTakenWhole() {
        MessageSpec only = message("3-4", "{ \"name\": \"A\", \"type\": \"int32\", \"versions\": \"0+\" }");
        MessageSpec stub = message("none", "");
        assertThat(DefinitionMerge.merge(List.of(stub), List.of(only))).containsExactly(only);
        assertThat(DefinitionMerge.merge(List.of(only), List.of())).containsExactly(only);
        assertThat(DefinitionMerge.merge(List.of(stub), List.of())).isEmpty();
    }

    @Test
    void contradictionsFailTheBuild() {
        assertThatThrownBy(() -> merge("1", field("A", "int32", "0+"), "0", field("A", "int64", "0+")))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("SampleRequest.A: type");
        assertThatThrownBy(() -> merge("3", field("A", "int32", "0+"), "0-1", field("A", "int32", "0+")))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("no definition of version 2");
        assertThatThrownBy(() -> merge("1", field("A", "int32", "2+"), "0-2", field("A", "int32", "0+")))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("a hole after version 0");
    }

    @Test
    void theProofNoticesAMergeThatChangesTheOrder() {
        MessageSpec ab = message("0", field("A", "int8", "0+") + "," + field("B", "int8", "0+"));
        MessageSpec ba = message("0", field("B", "int8", "0+") + "," + field("A", "int8", "0+"));
        assertThatThrownBy(() -> LayoutCheck.sameBytes(ab, ba, 0))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("v0");
        assertThatThrownBy(() -> merge(
                        "1",
                        field("A", "int8", "0+") + "," + field("B", "int8", "0+"),
                        "0",
                        field("B", "int8", "0+") + "," + field("A", "int8", "0+")))
                .isInstanceOf(DefinitionException.class);
    }

    private static MessageSpec merge(String newVersions, String newFields, String oldVersions, String oldFields) {
        return DefinitionMerge.merge(List.of(message(newVersions, newFields)), List.of(message(oldVersions, oldFields)))
                .getFirst();
    }

    private static MessageSpec message(String versions, String fields) {
        return new DefinitionReader().read("sample.json", """
                { "apiKey": 1, "type": "request", "name": "SampleRequest", "validVersions": "%s", "flexibleVersions": "none",
                  "fields": [ %s ] }
                """.formatted(versions, fields));
    }

    private static String field(String name, String type, String versions) {
        return "{ \"name\": \"%s\", \"type\": \"%s\", \"versions\": \"%s\" }".formatted(name, type, versions);
    }
}
