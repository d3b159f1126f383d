package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsResponse;
import dev.kafkaloom.message.CreateTopicsRequest;
import dev.kafkaloom.message.DeleteTopicsRequest;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.LeaveGroupRequest;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ShareFetchRequest;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.Uuid;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiVersionsTest {
    private static final ApiVersions NEW = ApiVersions.ofRelease("4.3.1");
    private static final Uuid ID = new Uuid(1, 2);

    @Test
    void topicNamesCapTheVersionAndTopicIdsDoNot() {
        assertThat(NEW.highestFor(fetch(Uuid.ZERO))).isEqualTo((short) 12);
        assertThat(NEW.highestFor(fetch(ID))).isEqualTo((short) 18);
        assertThat(NEW.highestFor(produce(Uuid.ZERO, null))).isEqualTo((short) 12);
        assertThat(NEW.highestFor(produce(ID, null))).isEqualTo((short) 13);
        assertThat(NEW.highestFor(commit(Uuid.ZERO))).isEqualTo((short) 9);
        assertThat(NEW.highestFor(commit(ID))).isEqualTo((short) 10);
    }

    @Test
    void aBrokerWithoutTransactionsIsStillTakenForItsRelease() {
        Set<ApiKey> notInThePreviewOfKraft = Set.of(
                ApiKey.INIT_PRODUCER_ID,
                ApiKey.ADD_OFFSETS_TO_TXN,
                ApiKey.TXN_OFFSET_COMMIT,
                ApiKey.ALTER_PARTITION_REASSIGNMENTS);
        List<ApiVersionsResponse.ApiVersion> told = ApiVersions.ofRelease("2.8.2").all().entrySet().stream()
                .filter(each -> !notInThePreviewOfKraft.contains(each.getKey()))
                .map(each -> ApiVersionsResponse.ApiVersion.builder()
                        .apiKey(each.getKey().id())
                        .minVersion(each.getValue().lowest())
                        .maxVersion(each.getValue().highest())
                        .build())
                .toList();

        ApiVersions versions =
                ApiVersions.of(ApiVersionsResponse.builder().apiKeys(told).build());

        assertThat(versions.release()).isEqualTo("2.8");
    }

    @Test
    void aForgottenTopicWithoutIdCapsFetchAsWell() {
        FetchRequest request = FetchRequest.builder()
                .topics(List.of())
                .forgottenTopicsData(List.of(FetchRequest.ForgottenTopic.builder()
                        .topic("t")
                        .partitions(List.of(0))
                        .build()))
                .build();
        assertThat(NEW.highestFor(request)).isEqualTo((short) 12);
    }

    @Test
    void aTransactionalProduceStaysBelowTransactionVersion2() {
        assertThat(NEW.highestFor(produce(Uuid.ZERO, "tx"))).isEqualTo((short) 11);
    }

    @Test
    void theFormOfARequestDecidesBetweenSingleAndBatchedVersions() {
        assertThat(NEW.highestFor(FindCoordinatorRequest.builder().key("g").build()))
                .isEqualTo((short) 3);
        assertThat(NEW.highestFor(FindCoordinatorRequest.builder()
                        .coordinatorKeys(List.of("g"))
                        .build()))
                .isEqualTo((short) 6);
        assertThat(NEW.highestFor(OffsetFetchRequest.builder()
                        .groupId("g")
                        .topics(List.of())
                        .build()))
                .isEqualTo((short) 7);
        assertThat(NEW.highestFor(OffsetFetchRequest.builder()
                        .groups(List.of())
                        .groupId("g")
                        .build()))
                .isEqualTo((short) 7);
        assertThat(NEW.highestFor(
                        LeaveGroupRequest.builder().groupId("g").memberId("m").build()))
                .isEqualTo((short) 2);
        assertThat(NEW.highestFor(
                        DeleteTopicsRequest.builder().topicNames(List.of("t")).build()))
                .isEqualTo((short) 5);
    }

    @Test
    void aFormThatTheBrokerIsTooOldForIsAnErrorThatNamesBothSides() {
        assertThatThrownBy(() -> ApiVersions.ofRelease("2.0.1")
                        .highestFor(FindCoordinatorRequest.builder()
                                .coordinatorKeys(List.of("g"))
                                .build()))
                .isInstanceOf(KafkaException.UnsupportedVersion.class)
                .hasMessageContaining("FindCoordinator")
                .hasMessageContaining("2.0.1");
        assertThatThrownBy(() -> ApiVersions.ofRelease("0.9.0.1")
                        .highestFor(CreateTopicsRequest.builder().build()))
                .hasMessage("the broker (Kafka 0.9.0.1) does not know CreateTopics");
    }

    @Test
    void produceVersionsThat4xAdvertisesWithoutAcceptingThemAreNotUsed() {
        ApiVersions versions = ApiVersions.of(ApiVersionsResponse.builder()
                .apiKeys(List.of(ApiVersionsResponse.ApiVersion.builder()
                        .apiKey(ApiKey.PRODUCE.id())
                        .minVersion((short) 0)
                        .maxVersion((short) 13)
                        .build()))
                .build());
        assertThat(versions.range(ApiKey.PRODUCE)).contains(VersionRange.of(3, 13));
    }

    @Test
    void anApiOfWhichNoVersionIsSharedIsUnsupported() {
        ApiVersions versions = ApiVersions.of(ApiVersionsResponse.builder()
                .apiKeys(List.of(ApiVersionsResponse.ApiVersion.builder()
                        .apiKey(ApiKey.SHARE_FETCH.id())
                        .minVersion((short) 90)
                        .maxVersion((short) 91)
                        .build()))
                .build());
        assertThat(versions.supports(ApiKey.SHARE_FETCH)).isFalse();
        assertThatThrownBy(() -> versions.highestFor(ShareFetchRequest.builder().build()))
                .hasMessageContaining("v90-v91");
    }

    @ParameterizedTest
    @CsvSource({
        "0.9, FETCH, 1",
        "0.9.0.0, OFFSET_COMMIT, 2",
        "0.10, FETCH, 3",
        "0.10.1, CREATE_TOPICS, 0",
        "2.8, METADATA, 11",
        "4.2.1, FETCH, 18",
        "99.9, METADATA, 13"
    })
    void aReleaseThatIsNotListedHasTheVersionsOfTheNewestBeforeIt(String release, ApiKey api, int highest) {
        assertThat(ApiVersions.ofRelease(release).range(api).orElseThrow().highest())
                .isEqualTo((short) highest);
    }

    @ParameterizedTest
    @CsvSource({"0.8.2.2, oldest supported", "latest, expected auto or a release", "4, expected auto or a release"})
    void aVersionThatIsNoneIsRefused(String text, String why) {
        assertThatThrownBy(() -> ApiVersions.ofRelease(text))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "host, host:9092",
        "host:1, host:1",
        "PLAINTEXT://h:2, h:2",
        "[::1]:3, [::1]:3",
        "::1, [::1]:9092",
        "' h:4 ', h:4"
    })
    void addressesAreReadInEveryUsualForm(String text, String expected) {
        assertThat(HostAndPort.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"h:0", "h:x", "h:65536", "':9092'", "h:"})
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> HostAndPort.parse(text))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining(text);
    }

    private static FetchRequest fetch(Uuid id) {
        return FetchRequest.builder()
                .topics(List.of(FetchRequest.FetchTopic.builder()
                        .topic("t")
                        .topicId(id)
                        .partitions(List.of())
                        .build()))
                .build();
    }

    private static ProduceRequest produce(Uuid id, String transactionalId) {
        return ProduceRequest.builder()
                .transactionalId(transactionalId)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name("t")
                        .topicId(id)
                        .partitionData(List.of())
                        .build()))
                .build();
    }

    private static OffsetCommitRequest commit(Uuid id) {
        return OffsetCommitRequest.builder()
                .groupId("g")
                .topics(List.of(OffsetCommitRequest.OffsetCommitRequestTopic.builder()
                        .name("t")
                        .topicId(id)
                        .partitions(List.of())
                        .build()))
                .build();
    }
}
