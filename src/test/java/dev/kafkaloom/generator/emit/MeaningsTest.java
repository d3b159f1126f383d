package dev.kafkaloom.generator.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kafkaloom.generator.merge.DefinitionMerge;
import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.DefinitionReader;
import dev.kafkaloom.generator.schema.MessageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The meanings against the definitions that the build merges, and what both become for people to read. */
class MeaningsTest {
    private static List<MessageSpec> messages;
    private static Meanings meanings;

    @BeforeAll
    static void read() throws IOException {
        Path definitions = Path.of("target", "kafka-definitions");
        DefinitionReader reader = new DefinitionReader();
        messages = DefinitionMerge.merge(
                reader.readFolder(definitions.resolve("new/common/message")),
                reader.readFolder(definitions.resolve("old/common/message")));
        meanings = Meanings.read(Path.of("src", "generator", "meanings"));
    }

    @Test
    void everyFieldApiAndMessageHasAMeaningAndNoneIsForNothing() {
        assertThat(meanings.complaints(messages)).isEmpty();
    }

    @Test
    void theMeaningAtAPlaceGoesBeforeTheOneByName() {
        Meanings own = new Meanings(
                Map.of("topics", "All topics", "FetchRequest.topics", "Topics to fetch"), Map.of(), Map.of());
        assertThat(own.of("FetchRequest.topics")).isEqualTo("Topics to fetch");
        assertThat(own.of("MetadataRequest.topics")).isEqualTo("All topics");
        assertThat(own.of("MetadataRequest.names")).isNull();
        assertThat(own.complaints(List.of(named("MetadataRequest"))))
                .contains("nothing is called FetchRequest.topics", "no meaning of MetadataRequest.topics.name");
    }

    @Test
    void fieldsAreDescribedInOurWords() {
        assertThat(MessageEmitter.emit(named("MetadataRequest"), "MetadataResponse", meanings))
                .contains(meanings.apis().get("Metadata").about() + ". Immutable, any thread.")
                .contains("/** " + meanings.of("MetadataRequest.topics") + ". Versions 0+, null in 1+. */");
    }

    @Test
    void aKeyThatStandsTwiceFailsTheBuild(@TempDir Path folder) throws IOException {
        for (String name : List.of("apis.tsv", "messages.tsv")) {
            Files.writeString(folder.resolve(name), "# empty\n");
        }
        Files.writeString(folder.resolve("fields.tsv"), "name\tone\nname\ttwo\n");
        assertThatThrownBy(() -> Meanings.read(folder))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("name\ttwo");
    }

    @Test
    void theDefinitionsAreThereAsData() throws IOException {
        JsonNode root = new ObjectMapper().readTree(new DefinitionsEmitter(meanings).emit(messages));
        assertThat(root.get("apis")).hasSize(95);
        assertThat(root.get("messages")).hasSameSizeAs(messages);
        assertThat(names(root.get("messages")))
                .startsWith("ProduceRequest", "ProduceResponse", "FetchRequest", "FetchResponse");
        JsonNode metadata = root.get("messages").get(6);
        assertThat(metadata.toString())
                .startsWith(
                        "{\"name\":\"MetadataRequest\",\"type\":\"request\",\"apiKey\":3,\"validVersions\":\"0-13\","
                                + "\"flexibleVersions\":\"9+\",\"latestVersionUnstable\":false,\"listeners\":[\"broker\"],");
        JsonNode topics = metadata.get("fields").get(0);
        assertThat(topics.get("type").asText()).isEqualTo("[]MetadataRequestTopic");
        assertThat(names(topics.get("fields"))).containsExactly("topicId", "name");
        assertThat(topics.get("fields").get(1).toString())
                .startsWith("{\"name\":\"name\",\"type\":\"string\",\"versions\":\"0+\",\"nullableVersions\":\"10+\","
                        + "\"taggedVersions\":\"none\",\"tag\":null,\"default\":null,\"ignorable\":false,"
                        + "\"entityType\":\"topicName\",\"mapKey\":false,\"about\":\"");
    }

    @Test
    void commonStructsArePutInWhereTheyAreUsed() throws IOException {
        JsonNode root = new ObjectMapper()
                .readTree(new DefinitionsEmitter(meanings).emit(List.of(named("LeaderAndIsrRequest"))));
        JsonNode fields = root.get("messages").get(0).get("fields");
        assertThat(fields)
                .filteredOn(field -> field.get("type").asText().equals("[]LeaderAndIsrPartitionState"))
                .singleElement()
                .satisfies(field -> assertThat(names(field.get("fields"))).contains("partitionIndex", "leaderEpoch"));
    }

    private static MessageSpec named(String name) {
        return messages.stream()
                .filter(message -> message.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(JsonNode array) {
        List<String> names = new ArrayList<>();
        array.forEach(node -> names.add(node.get("name").asText()));
        return names;
    }
}
