package dev.kafkaloom.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kafkaloom.generator.schema.DefinitionReader;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.message.RandomMessage.Density;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same content written by Kafka's own class has the same bytes. The content is filled by that release's own definition. */
class ApacheBytesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Fields that 4.4 calls otherwise than the 4.3.1 on the class path. */
    private static final Map<String, Map<String, String>> RENAMED_SINCE = Map.of(
            "TxnOffsetCommitRequest", Map.of("generationId", "generationIdOrMemberEpoch"),
            "StreamsGroupHeartbeatResponse", Map.of("acceptableRecoveryLag", "acceptableRecoveryLagLegacy"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ApiVersionsRequest",
                "ApiVersionsResponse",
                "MetadataRequest",
                "MetadataResponse",
                "ProduceRequest",
                "ProduceResponse",
                "FetchRequest",
                "FetchResponse",
                "ListOffsetsRequest",
                "ListOffsetsResponse",
                "OffsetCommitRequest",
                "OffsetFetchResponse",
                "FindCoordinatorResponse",
                "JoinGroupRequest",
                "JoinGroupResponse",
                "SyncGroupRequest",
                "SyncGroupResponse",
                "HeartbeatRequest",
                "LeaveGroupRequest",
                "CreateTopicsRequest",
                "RequestHeader",
                "ResponseHeader",
                "ConsumerProtocolSubscription",
                "ConsumerProtocolAssignment",
                "ShareFetchResponse",
                "ConsumerGroupHeartbeatResponse"
            })
    void theMessagesOfTheMainPathAreWrittenAsKafkaWritesThem(String name) throws Exception {
        assertThat(compare(name, 12)).as("samples of %s", name).isPositive();
    }

    @Test
    void everyMessageKafkaHasIsWrittenAsKafkaWritesIt() throws Exception {
        int messages = 0;
        for (MessageSpec definition : Messages.merged()) {
            messages += compare(definition.name(), 2) > 0 ? 1 : 0;
        }
        assertThat(messages).as("messages compared").isGreaterThan(185);
    }

    /** Answers how many samples were compared; 0 if this release of Kafka has no such message. */
    private static int compare(String name, int seeds) throws Exception {
        MessageSpec definition = definitionOfKafka(name);
        if (definition == null || definition.valid().isEmpty()) {
            return 0;
        }
        int samples = 0;
        for (int version = definition.valid().lowest();
                version <= definition.valid().highest();
                version++) {
            for (Density density : Density.values()) {
                for (int seed = 0; seed < seeds; seed++) {
                    Map<String, Object> content = new RandomMessage(definition, version, density, seed).fill();
                    compare(name, content, (short) version);
                    samples++;
                }
            }
        }
        return samples;
    }

    private static void compare(String name, Map<String, Object> content, short version) throws Exception {
        byte[] theirs = writtenByKafka(name, content, version);
        Message ours = Messages.fromMap(name, withNewNames(name, content), version);
        assertThat(Messages.write(ours, version))
                .as("%s v%d of %s", name, version, content)
                .isEqualTo(theirs);
        assertThat(Messages.read(name, theirs, version))
                .as("%s v%d of %s", name, version, content)
                .isEqualTo(ours);
    }

    private static Map<String, Object> withNewNames(String name, Map<String, Object> content) {
        Map<String, String> names = RENAMED_SINCE.getOrDefault(name, Map.of());
        Map<String, Object> renamed = new LinkedHashMap<>();
        content.forEach((field, value) -> renamed.put(names.getOrDefault(field, field), value));
        return renamed;
    }

    private static byte[] writtenByKafka(String name, Map<String, Object> content, short version) throws Exception {
        String className =
                "org.apache.kafka.common.message." + name + (name.matches(".*(Request|Response|Header)") ? "Data" : "");
        var message = (org.apache.kafka.common.protocol.Message) Class.forName(className + "JsonConverter")
                .getMethod("read", JsonNode.class, short.class)
                .invoke(null, JSON.valueToTree(content), version);
        ByteBuffer buffer = MessageUtil.toByteBufferAccessor(message, version).buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static MessageSpec definitionOfKafka(String name) throws IOException {
        String resource = "/common/message/" + name + ".json";
        try (InputStream in = MessageUtil.class.getResourceAsStream(resource)) {
            return in == null
                    ? null
                    : new DefinitionReader().read(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
