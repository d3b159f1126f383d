package dev.kafkaloom.generator.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionReaderTest {
    private static final String DATA =
            "{ \"type\": \"data\", \"name\": \"X\", \"validVersions\": \"0\", \"fields\": [ ";

    @Test
    void commentsDuplicateKeysAndLooseTypesAreRead() {
        MessageSpec message = read("""
                // license
                { "apiKey": 75, "type": "request", "name": "SampleRequest", "listeners": ["broker"],
                  // between fields
                  "validVersions": "0-1", "flexibleVersions": "1+", "latestVersionUnstable": true,
                  "fields": [
                    { "name": "Limit", "type": "int32", "versions": "0+", "versions": "1+", "default": "0x7fffffff" }, // behind
                    { "name": "Flag", "type": "bool", "versions": "0+", "default": false },
                    { "name": "Count", "type": "int16", "versions": "0+", "default": -1 },
                    { "name": "Dirs", "type": "[]string", "versions": "1+", "taggedVersions": "1+", "tag": "0",
                      "nullableVersions": "1+", "default": "null", "ignorable": true, "about": "Directories." },
                    { "name": "Late", "type": "int8", "taggedVersions": "1+", "tag": 1 },
                    { "name": "Old", "type": "string", "versions": "0+", "flexibleVersions": "none" }
                  ],
                  "commonStructs": [ { "name": "Shared", "versions": "0+", "fields": [
                    { "name": "A", "type": "uuid", "versions": "0+" } ] } ]
                }""");
        assertThat(message)
                .extracting(MessageSpec::name, MessageSpec::kind, MessageSpec::apiKey, MessageSpec::latestUnstable)
                .containsExactly("SampleRequest", MessageSpec.Kind.REQUEST, 75, true);
        FieldSpec limit = message.fields().get(0);
        assertThat(limit.versions()).as("the last of two keys").isEqualTo(Versions.parse("1+"));
        assertThat(limit.defaultValue()).isEqualTo("0x7fffffff");
        assertThat(message.fields().get(1).defaultValue()).isEqualTo("false");
        assertThat(message.fields().get(2).defaultValue()).isEqualTo("-1");
        FieldSpec dirs = message.fields().get(3);
        assertThat(dirs.tag()).isZero();
        assertThat(dirs.type()).hasToString("[]string");
        assertThat(dirs.ignorable()).isTrue();
        assertThat(message.fields().get(4).versions())
                .as("a tagged field without versions")
                .isEqualTo(Versions.parse("1+"));
        assertThat(message.fields().get(5).flexible()).isEqualTo(Versions.NONE);
        assertThat(dirs.flexible()).isNull();
        assertThat(message.common("Shared")).isPresent();
    }

    @Test
    void aStubHasNoFields() {
        MessageSpec stub = read("""
                { "apiKey": 4, "type": "response", "name": "LeaderAndIsrResponse", "validVersions": "none" }""");
        assertThat(stub.valid().isEmpty()).isTrue();
        assertThat(stub.fields()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"type\": \"data\", \"name\": \"X\" }",
                DATA + "{ \"name\": \"A\", \"type\": \"int128\" } ] }",
                DATA + "{ \"name\": \"A\", \"type\": \"[][]int8\" } ] }",
                DATA + "{ \"name\": \"A\", \"type\": \"int8\", \"tag\": 1 } ] }",
                "{ \"type\": \"odd\", \"name\": \"X\", \"validVersions\": \"0\" }",
                "{ \"type\": "
            })
    void whatIsNoDefinitionFailsNamingTheFile(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(DefinitionException.class)
                .hasMessageStartingWith("sample.json: ");
    }

    private static MessageSpec read(String json) {
        return new DefinitionReader().read("sample.json", json);
    }
}
