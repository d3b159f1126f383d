package dev.kafkaloom.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import dev.kafkaloom.protocol.KafkaException.UnsupportedVersion;
import dev.kafkaloom.protocol.RawTaggedField;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How generated classes behave, on a few of them. */
class GeneratedMessageTest {
    private static final RawTaggedField UNKNOWN = new RawTaggedField(70, ByteBuffer.wrap(new byte[] {1, 2, 3}));

    @Test
    void aSetFieldThatTheVersionLacksIsAnErrorThatNamesIt() {
        MetadataRequest request = MetadataRequest.builder()
                .topics(List.of())
                .allowAutoTopicCreation(false)
                .build();
        assertThatThrownBy(() -> bytes(request, 3))
                .isInstanceOf(UnsupportedVersion.class)
                .hasMessage("MetadataRequest v3.allowAutoTopicCreation: is set, but this version has no such field");
        assertThatThrownBy(() -> request.toMap((short) 3)).isInstanceOf(UnsupportedVersion.class);
        assertThat(bytes(request, 4)).isEqualTo("0000000000");
    }

    @Test
    void anIgnorableFieldIsLeftOutSilently() {
        FetchRequest request = FetchRequest.builder().maxBytes(5).build();
        assertThat(bytes(request, 2)).isEqualTo("ffffffff" + "00000000" + "00000000" + "00000000");
    }

    @Test
    void theErrorOfAStructNamesTheStruct() {
        MetadataRequest request = MetadataRequest.builder()
                .topics(List.of(MetadataRequestTopic.builder().name(null).build()))
                .build();
        assertThatThrownBy(() -> bytes(request, 9))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("MetadataRequest v9.topics[0].name: must not be null in this version");
        assertThat(bytes(request, 12)).isNotEmpty();
    }

    @Test
    void nullIsRefusedAtOnceWhereNoVersionAllowsIt() {
        assertThatThrownBy(() -> HeartbeatRequest.builder().groupId(null).build())
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("HeartbeatRequest.groupId must not be null");
        Map<String, Object> topic = new HashMap<>();
        topic.put("topicId", null);
        assertThatThrownBy(() -> MetadataRequest.fromMap(Map.of("topics", List.of(topic)), (short) 12))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("MetadataRequest v12.topics[0].topicId: must not be null");
        assertThatThrownBy(() -> HeartbeatRequest.fromMap(Map.of("groupID", "a"), (short) 0))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("HeartbeatRequest v0 has no field groupID");
    }

    @Test
    void unknownTaggedFieldsSurviveBetweenKnownOnes() {
        FetchRequest request = FetchRequest.builder()
                .clusterId("c")
                .replicaState(FetchRequest.ReplicaState.builder().replicaId(1).build())
                .unknownTaggedFields(List.of(UNKNOWN))
                .build();
        FetchRequest back = FetchRequest.read(reader(bytes(request, 15)), (short) 15);
        assertThat(back).isEqualTo(request);
        assertThat(bytes(back, 15)).isEqualTo(bytes(request, 15));
        assertThat(FetchRequest.fromMap(request.toMap((short) 15), (short) 15)).isEqualTo(request);
        assertThatThrownBy(() -> bytes(
                        FetchRequest.builder()
                                .unknownTaggedFields(List.of(UNKNOWN))
                                .build(),
                        11))
                .isInstanceOf(UnsupportedVersion.class)
                .hasMessageContaining("unknownTaggedFields");
    }

    @Test
    void aTagThatAnEarlierVersionDoesNotKnowIsKeptAsUnknown() {
        FetchRequest v12 = FetchRequest.builder()
                .unknownTaggedFields(List.of(new RawTaggedField(1, ByteBuffer.wrap(new byte[3]))))
                .build();
        assertThat(FetchRequest.read(reader(bytes(v12, 12)), (short) 12)).isEqualTo(v12);
    }

    @Test
    void fieldsAbsentInAVersionGetTheirDefaults() {
        FetchRequest back = FetchRequest.read(
                reader(bytes(FetchRequest.builder().maxBytes(7).build(), 0)), (short) 0);
        assertThat(back.maxBytes()).isEqualTo(Integer.MAX_VALUE);
        assertThat(back.sessionEpoch()).isEqualTo(-1);
        assertThat(back.rackId()).isEmpty();
    }

    @Test
    void aMalformedFieldIsNamedWithItsPath() {
        assertThatThrownBy(() -> ApiKey.METADATA.readRequest(reader("00000001" + "0009" + "61"), (short) 1))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage(
                        "malformed MetadataRequest v1.topics[0].name: 9 bytes needed, but only 1 are left at byte 6");
        assertThatThrownBy(() -> ApiKey.METADATA.readRequest(reader("00000000" + "00"), (short) 1))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("1 bytes are left over");
        assertThatThrownBy(() -> ApiKey.METADATA.readRequest(reader("7fffffff" + "0000"), (short) 1))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("MetadataRequest v1.topics: an array of 2147483647 elements");
    }

    @Test
    void aFieldThatCannotBeWrittenIsNamedWithItsPath() {
        ProduceRequest tooLong = ProduceRequest.builder()
                .topicData(List.of(
                        ProduceRequest.TopicProduceData.builder().name("a").build(),
                        ProduceRequest.TopicProduceData.builder()
                                .name("x".repeat(40_000))
                                .build()))
                .build();
        assertThatThrownBy(() -> bytes(tooLong, 9))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("ProduceRequest v9.topicData[1].name: a string of 40000 bytes, Kafka allows 32767");
        FetchRequest known = FetchRequest.builder()
                .clusterId("c")
                .unknownTaggedFields(List.of(new RawTaggedField(0, ByteBuffer.allocate(0))))
                .build();
        assertThatThrownBy(() -> bytes(known, 12))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("FetchRequest v12.tagged fields: tag 0 is a known field");
        MetadataRequest nameless = MetadataRequest.builder()
                .topics(List.of(MetadataRequestTopic.builder().name(null).build()))
                .build();
        assertThatThrownBy(() -> nameless.toMap((short) 9))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("MetadataRequest v9.topics[0].name: must not be null in this version");
    }

    @Test
    void recordsComeWithTheArrayOfTheFrameAndBytesWithoutIt() {
        ProduceRequest request = ProduceRequest.builder()
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .partitionData(List.of(ProduceRequest.PartitionProduceData.builder()
                                .records(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                                .build()))
                        .build()))
                .build();
        ByteBuffer records = ProduceRequest.read(reader(bytes(request, 9)), (short) 9)
                .topicData()
                .getFirst()
                .partitionData()
                .getFirst()
                .records();
        assertThat(records.hasArray()).isTrue();
        assertThat(records).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    @Test
    void theClientIdKeepsItsOldFormInTheFlexibleHeader() {
        RequestHeader header = RequestHeader.builder()
                .requestApiKey(3)
                .requestApiVersion(9)
                .correlationId(1)
                .clientId("ab")
                .build();
        assertThat(bytes(header, 2)).isEqualTo("0003" + "0009" + "00000001" + "0002" + "6162" + "00");
        assertThat(bytes(header, 0)).isEqualTo("0003" + "0009" + "00000001");
    }

    @Test
    void listsAreCopiedAndCannotBeChanged() {
        List<MetadataRequestTopic> topics =
                new ArrayList<>(List.of(MetadataRequestTopic.builder().name("a").build()));
        MetadataRequest request = MetadataRequest.builder().topics(topics).build();
        topics.clear();
        assertThat(request.topics()).hasSize(1);
        assertThatThrownBy(() -> request.topics().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(request.toBuilder().allowAutoTopicCreation(false).build().topics())
                .isEqualTo(request.topics());
    }

    @Test
    void smallNumbersNeedNoCastButMustFit() {
        assertThat(ProduceRequest.builder().acks(-1).build().acks()).isEqualTo((short) -1);
        assertThatThrownBy(() -> ProduceRequest.builder().acks(40_000))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("ProduceRequest.acks");
    }

    @Test
    void recordsThatMayNotBeNullStartEmpty() {
        ShareFetchResponse.PartitionData partition =
                ShareFetchResponse.PartitionData.builder().build();
        assertThat(partition.records().remaining()).isZero();
    }

    private static String bytes(Message message, int version) {
        WireWriter out = new WireWriter(0);
        message.write(out, (short) version);
        return HexFormat.of().formatHex(out.toBytes());
    }

    private static WireReader reader(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return new WireReader(bytes, 0, bytes.length);
    }
}
