package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static dev.kafkaloom.consumer.FakeFetching.T1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.Uuid;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fetchers against fake brokers that do what a real one does only rarely. */
class FetchersTest {
    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    @Test
    void fetchesByTopicIdInOneSession() {
        fake.log.append(0, 30);
        fake.read(T0, 0);
        fake.awaitSeen(T0, 30);

        List<FetchRequest> requests = FakeFetching.fetches(fake.one);
        assertThat(requests.getFirst().topics().getFirst().topicId()).isEqualTo(FakeLog.ID);
        assertThat(requests.getFirst()
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .currentLeaderEpoch())
                .isEqualTo(3);
        assertThat(requests.getFirst().sessionEpoch()).isZero();
        assertThat(requests.get(1).sessionEpoch()).isEqualTo(1);
        assertThat(requests.get(1).sessionId()).isNotZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"INVALID_FETCH_SESSION_EPOCH", "FETCH_SESSION_ID_NOT_FOUND", "FETCH_SESSION_TOPIC_ID_ERROR"})
    void aLostSessionCostsNoRecordAndRepeatsNone(ErrorCode error) {
        fake.log.append(0, 20);
        fake.log.refuseNext(error);
        fake.read(T0, 0);
        fake.read(T1, 0);
        fake.awaitSeen(T0, 20);

        fake.log.append(0, 20).append(1, 5);

        fake.awaitSeen(T0, 40);
        fake.awaitSeen(T1, 5);
    }

    @Test
    void aBrokerThatKeepsNoSessionGetsFullRequests() {
        fake.log.keepNoSessions();
        fake.log.append(0, 30).append(1, 30);
        fake.read(T0, 0);
        fake.read(T1, 0);

        fake.awaitSeen(T0, 30);
        fake.awaitSeen(T1, 30);
        assertThat(FakeFetching.fetches(fake.one)).allSatisfy(request -> {
            assertThat(request.sessionEpoch()).isZero();
            assertThat(request.topics()).isNotEmpty();
        });
    }

    @Test
    void topicsWithoutIdsOnABrokerThatKnowsIdsAreFetchedWithoutASession() throws Exception {
        try (FakeBroker named = FakeFetching.broker()) {
            FakeLog log = new FakeLog(1, named.port());
            log.leaderEpoch(0); // as the broker's own metadata say
            log.append(0, 20);
            named.topic(FakeLog.TOPIC, 1).on(ApiKey.FETCH, request -> log.fetch(1, request));
            try (KafkaClient other = KafkaClient.open(ClientConfig.of(named.bootstrap()))) {
                fake.loop(Fetchers.open(other, FetchConfig.DEFAULT, fake.scope), T0, 0, fake::note);
                fake.awaitSeen(T0, 20);
            }
            assertThat(FakeFetching.fetches(named)).isNotEmpty().allSatisfy(request -> {
                assertThat(request.sessionEpoch()).isEqualTo(-1);
                assertThat(request.topics().getFirst().topicId()).isEqualTo(Uuid.ZERO);
            });
        }
    }

    @Test
    void aBrokenConnectionIsFollowedByAFullRequestAndCostsNothing() {
        fake.log.append(0, 20);
        PartitionLoop loop = fake.read(T0, 0);
        fake.awaitSeen(T0, 20);

        fake.one.hangUp(ApiKey.FETCH);
        await().atMost(SOON).until(() -> loop.snapshot().state().startsWith("waiting"));
        fake.log.append(0, 20);
        fake.one.heal(ApiKey.FETCH);

        fake.awaitSeen(T0, 40);
        assertThat(FakeFetching.fetches(fake.one))
                .filteredOn(request -> request.sessionEpoch() == 0)
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aPartitionFollowsItsLeader() {
        fake.log.append(0, 20);
        fake.read(T0, 0);
        fake.read(T1, 0);
        fake.awaitSeen(T0, 20);

        fake.log.lead(0, 2);
        fake.log.append(0, 20).append(1, 7);

        fake.awaitSeen(T0, 40);
        fake.awaitSeen(T1, 7);
        assertThat(FakeFetching.fetches(fake.two)).isNotEmpty();
    }

    @Test
    void aPartitionGoesToTheFollowerThatItsLeaderNamesAndComesBackFromOneThatLacksItsOffset() {
        fake.log.append(0, 20);
        fake.log.follow(0, 2, 10);
        PartitionLoop loop = fake.read(T0, 0);

        fake.awaitSeen(T0, 20);
        assertThat(FakeFetching.fetches(fake.two)).isNotEmpty();

        loop.seek(5);
        await().atMost(SOON).until(() -> fake.seen.get(T0).size() == 35);
        assertThat(fake.seen.get(T0).subList(20, 35))
                .isEqualTo(LongStream.range(5, 20).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "NOT_LEADER_OR_FOLLOWER",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "FENCED_LEADER_EPOCH",
                "UNKNOWN_SERVER_ERROR"
            })
    void anErrorThatStaysIsTriedAgainWithBackOffAndHealsWhenItGoes(ErrorCode error) {
        fake.log.fail(0, error);
        PartitionLoop loop = fake.read(T0, 0);
        await().atMost(SOON).until(() -> loop.snapshot().state().startsWith("waiting: " + error));
        await().pollDelay(Duration.ofMillis(900)).atMost(SOON).until(() -> true);
        assertThat(FakeFetching.fetches(fake.one)).hasSizeBetween(2, 12);

        fake.log.fail(0, ErrorCode.NONE);
        fake.log.append(0, 3);

        fake.awaitSeen(T0, 3);
        await().atMost(SOON).until(() -> loop.snapshot().state().equals("fetching"));
    }

    @Test
    void anErrorThatNothingHealsEndsOnlyItsPartition() {
        fake.log.append(1, 3);
        fake.log.fail(0, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        PartitionLoop refused = fake.read(T0, 0);
        fake.read(T1, 0);

        await().atMost(SOON).until(() -> refused.failure().isPresent());
        assertThat(refused.failure().orElseThrow())
                .hasMessageContaining("t-0")
                .hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");
        assertThat(refused.snapshot().state()).isEqualTo("failed");
        fake.log.append(1, 3);
        fake.awaitSeen(T1, 6);
    }

    @Test
    void aPartitionWithoutCreditIsForgottenAndNoLongPollOfOthersDelaysItsReturn() throws Exception {
        fake.log.append(0, 60);
        FetchConfig tiny =
                FetchConfig.DEFAULT.maxPartitionBytes(100).maxBufferedBytes(400).maxWait(Duration.ofSeconds(5));
        Fetchers fetchers = Fetchers.open(fake.client, tiny, fake.scope);
        CountDownLatch go = new CountDownLatch(1);
        fake.loop(fetchers, T1, 0, fake::note);
        fake.loop(fetchers, T0, 0, (partition, records) -> {
            if (!go.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never let go");
            }
            fake.note(partition, records);
        });
        await().atMost(SOON)
                .until(() -> FakeFetching.fetches(fake.one).stream()
                        .anyMatch(request -> !request.forgottenTopicsData().isEmpty()));
        assertThat(FakeFetching.fetches(fake.one).getLast().maxWaitMs()).isZero();

        long before = System.nanoTime();
        go.countDown();
        fake.awaitSeen(T0, 60);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).as("6 rounds").isLessThan(Duration.ofSeconds(3));
        assertThat(fetchers.bufferedBytes()).isLessThan(2_000);
        fake.log.append(1, 1);
        fake.awaitSeen(T1, 1);
    }

    @Test
    void anErrorThatNamesTheNewLeaderMovesThePartitionWithoutMetadata() {
        fake.log.append(0, 20);
        fake.log.tellLeaders();
        fake.read(T0, 0);
        fake.awaitSeen(T0, 20);
        long before = questionsAboutTopics();

        fake.log.lead(0, 2); // and metadata still say 1
        fake.log.append(0, 20);

        fake.awaitSeen(T0, 40);
        assertThat(questionsAboutTopics()).isEqualTo(before);
        assertThat(FakeFetching.fetches(fake.two).getFirst().topics().getFirst().partitions())
                .singleElement()
                .satisfies(asked -> assertThat(asked.currentLeaderEpoch()).isEqualTo(4));
    }

    private long questionsAboutTopics() {
        return Stream.of(fake.one, fake.two)
                .flatMap(broker -> broker.received(ApiKey.METADATA).stream())
                .filter(each -> !((MetadataRequest) each.request()).topics().isEmpty())
                .count();
    }

    @Test
    void theLeaderIsAskedAgainWhoServesWhenAFollowersTimeIsOver() {
        fake.log.append(0, 20);
        fake.log.follow(0, 2, 10);
        Duration age = Duration.ofMillis(300);
        try (KafkaClient impatient = KafkaClient.open(
                ClientConfig.builder(fake.one.bootstrap()).metadataMaxAge(age).build())) {
            fake.loop(Fetchers.open(impatient, FetchConfig.DEFAULT, fake.scope), T0, 10, fake::note);
            await().atMost(SOON)
                    .until(() -> fake.seen.getOrDefault(T0, List.of()).size() == 10);
            int before = FakeFetching.fetches(fake.one).size();

            fake.log.follow(0, -1, 0); // it serves the partition itself now

            await().atMost(SOON).until(() -> FakeFetching.fetches(fake.one).size() > before);
            fake.log.append(0, 5);
            await().atMost(SOON).until(() -> fake.seen.get(T0).size() == 15);
        }
    }

    @Test
    void aRequestNamesOnlyThePartitionsThatSomethingHappenedTo() {
        fake.log.append(0, 5);
        fake.read(T0, 0);
        fake.read(T1, 0);
        fake.awaitSeen(T0, 5);
        await().atMost(SOON)
                .until(() -> FakeFetching.fetches(fake.one).getLast().topics().isEmpty());

        fake.log.append(1, 5);
        fake.awaitSeen(T1, 5);

        await().atMost(SOON)
                .until(() -> FakeFetching.fetches(fake.one).getLast().topics().isEmpty());
        List<FetchRequest> all = FakeFetching.fetches(fake.one);
        assertThat(all.stream()
                        .skip(1)
                        .flatMap(each -> each.topics().stream())
                        .flatMap(each -> each.partitions().stream()))
                .allSatisfy(asked -> assertThat(asked.fetchOffset() == 0 || asked.fetchOffset() == 5)
                        .isTrue());
        assertThat(all.getLast().forgottenTopicsData()).isEmpty();
    }

    @Test
    void whileNothingIsWrongIdlePartitionsAreAskedForRarely() {
        fake.read(T0, 0);
        fake.read(T1, 0);
        await().atMost(SOON)
                .until(() -> !FakeFetching.fetches(fake.one).isEmpty()
                        && FakeFetching.fetches(fake.one).getLast().maxWaitMs() == 500);
        int before = FakeFetching.fetches(fake.one).size();
        await().pollDelay(Duration.ofMillis(1_200)).atMost(SOON).until(() -> true);

        assertThat(FakeFetching.fetches(fake.one).size() - before).isBetween(1, 4);
    }
}
