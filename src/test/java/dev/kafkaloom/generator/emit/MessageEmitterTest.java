package dev.kafkaloom.generator.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.DefinitionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageEmitterTest {
    @Test
    void aFieldIsReadAndWrittenInItsVersionsOnly() {
        String text = emit("0-3", "2+", """
                { "name": "Name", "type": "string", "versions": "1-2", "nullableVersions": "2+" },
                { "name": "Ids", "type": "[]int32", "versions": "0+" }""");
        assertThat(text)
                .containsSubsequence(
                        "public record Sample(",
                        "/** Versions 1-2, null in 2+. */",
                        "String name,",
                        "List<Integer> ids,",
                        "List<RawTaggedField> unknownTaggedFields",
                        ") implements Message {",
                        "boolean flexible = version >= 2;",
                        "if (version >= 1 && version <= 2) {",
                        "name = version == 2 ? in.readNullableString(flexible) : in.readString(flexible);",
                        "ids = Int32List.read(in, in.readArrayLength(flexible, 4));",
                        "unknownTaggedFields = RawTaggedField.readAll(in);",
                        "return new Sample(name, ids, unknownTaggedFields);",
                        "out.writeNullableString(this.name, flexible);",
                        "if (!(version >= 1 && version <= 2) && (this.name == null || !this.name.isEmpty())) {",
                        "throw FieldCheck.absent(\"name\");");
    }

    @Test
    void anArrayIsBoundedByTheSmallestEncodingOfItsElements() {
        String text = emit("0-1", "1+", """
                { "name": "Topics", "type": "[]Topic", "versions": "0+", "fields": [
                  { "name": "Name", "type": "string", "versions": "0+" },
                  { "name": "Id", "type": "uuid", "versions": "1+" },
                  { "name": "Partitions", "type": "[]int64", "versions": "0" } ] }""");
        assertThat(text)
                .as("string and array at version 0: 2 + 4 bytes")
                .contains("topics = Topic.readList(in, version, in.readArrayLength(flexible, 6));")
                .contains("in.readArrayLength(false, 8)");
    }

    @Test
    void commentsCannotBreakOut() {
        String text = emit(
                "0",
                "none",
                "{ \"name\": \"A\", \"type\": \"int8\", \"versions\": \"0+\" }",
                new Meanings(Map.of("a", "Ends */ <b> & @see \\u0041"), Map.of(), Map.of()));
        assertThat(text).contains("/** Ends *&#47; &lt;b&gt; &amp; &#64;see &#92;u0041. Versions 0+. */");
    }

    @Test
    void whatCannotBeGeneratedFailsTheBuild() {
        assertRefused(
                "{ \"name\": \"HashCode\", \"type\": \"int8\", \"versions\": \"0+\" }", "cannot be called hashCode");
        assertRefused("{ \"name\": \"A\", \"type\": \"Nothing\", \"versions\": \"0+\" }", "no struct Nothing");
        assertRefused(
                "{ \"name\": \"A\", \"type\": \"int8\", \"versions\": \"0+\", \"default\": \"300\" }",
                "Sample.a: default 300 of type int8");
        assertRefused(
                "{ \"name\": \"A\", \"type\": \"string\", \"versions\": \"0+\", \"default\": \"null\" }",
                "never nullable");
        assertRefused(
                "{ \"name\": \"A\", \"type\": \"[]Builder\", \"versions\": \"0+\", \"fields\": [ "
                        + "{ \"name\": \"B\", \"type\": \"int8\", \"versions\": \"0+\" } ] }",
                "cannot be called Builder");
        assertRefused(
                "{ \"name\": \"A\", \"type\": \"[]Empty\", \"versions\": \"0+\", \"fields\": [ "
                        + "{ \"name\": \"B\", \"type\": \"int8\", \"versions\": \"1+\" } ] }",
                "elements of no bytes");
    }

    @Test
    void onlyFilesWithAnotherTextAreTouched(@TempDir Path root) throws IOException {
        OutputFolder folder = new OutputFolder(root);
        assertThat(folder.replaceWith(Map.of("A.java", "a", "B.java", "b", "C.java", "c")))
                .isEqualTo(3);
        Path a = root.resolve("dev/kafkaloom/message/A.java");
        Files.setLastModifiedTime(a, FileTime.fromMillis(1_000));
        assertThat(folder.replaceWith(Map.of("A.java", "a", "B.java", "changed")))
                .as("B written, C deleted")
                .isEqualTo(2);
        assertThat(Files.getLastModifiedTime(a)).isEqualTo(FileTime.fromMillis(1_000));
        assertThat(a.resolveSibling("B.java")).hasContent("changed");
        assertThat(a.resolveSibling("C.java")).doesNotExist();
    }

    private static void assertRefused(String field, String what) {
        assertThatThrownBy(() -> emit("0", "none", field))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining(what);
    }

    private static String emit(String versions, String flexible, String fields) {
        return emit(versions, flexible, fields, Meanings.NONE);
    }

    private static String emit(String versions, String flexible, String fields, Meanings meanings) {
        return MessageEmitter.emit(
                new DefinitionReader().read("sample.json", """
                { "type": "data", "name": "Sample", "validVersions": "%s", "flexibleVersions": "%s", "fields": [ %s ] }
                """.formatted(versions, flexible, fields)), null, meanings);
    }
}
