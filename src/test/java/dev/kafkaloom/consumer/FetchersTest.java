package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.HeartbeatResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fetchers and partition loops against fake brokers that do what a real one does only rarely. */
class FetchersTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final TopicPartition T0 = new TopicPartition(FakeLog.TOPIC, 0);
    private static final TopicPartition T1 = new TopicPartition(FakeLog.TOPIC, 1);

    private final Map<TopicPartition, List<Long>> seen = new ConcurrentHashMap<>();
    private final Scope scope = Scope.open("test");
    private FakeBroker one;
    private FakeBroker two;
    private FakeLog log;
    private KafkaClient client;
    private Fetchers fetchers;

    @BeforeEach
    void start() throws IOException {
        one = broker();
        two = broker();
        log = new FakeLog(2, one.port(), two.port());
        one.on(ApiKey.METADATA, log::metadata).on(ApiKey.FETCH, request -> log.fetch(1, request));
        two.on(ApiKey.METADATA, log::metadata).on(ApiKey.FETCH, request -> log.fetch(2, request));
        client = KafkaClient.open(ClientConfig.of(one.bootstrap()));
    }

    @AfterEach
    void stop() throws IOException {
        scope.close();
        client.close();
        one.close();
        two.close();
    }

    @Test
    void fetchesByTopicIdInOneSession() {
        log.append(0, 30);
        read(T0, 0);
        awaitSeen(T0, 30);

        List<FetchRequest> requests = fetches(one);
        assertThat(requests.getFirst().topics().getFirst().topicId()).isEqualTo(FakeLog.ID);
        assertThat(requests.getFirst().topics().getFirst().partitions().getFirst().currentLeaderEpoch()).isEqualTo(3);
        assertThat(requests.getFirst().sessionEpoch()).isZero();
        assertThat(requests.get(1).sessionEpoch()).isEqualTo(1);
        assertThat(requests.get(1).sessionId()).isNotZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"INVALID_FETCH_SESSION_EPOCH", "FETCH_SESSION_ID_NOT_FOUND", "FETCH_SESSION_TOPIC_ID_ERROR"})
    void aLostSessionCostsNoRecordAndRepeatsNone(ErrorCode error) {
        log.append(0, 20);
        log.refuseNext(error);
        read(T0, 0);
        read(T1, 0);
        awaitSeen(T0, 20);

        log.append(0, 20).append(1, 5);

        awaitSeen(T0, 40);
        awaitSeen(T1, 5);
    }

    @Test
    void aBrokerThatKeepsNoSessionGetsFullRequests() {
        log.keepNoSessions();
        log.append(0, 30).append(1, 30);
        read(T0, 0);
        read(T1, 0);

        awaitSeen(T0, 30);
        awaitSeen(T1, 30);
        assertThat(fetches(one)).allSatisfy(request -> {
            assertThat(request.sessionEpoch()).isZero();
            assertThat(request.topics()).isNotEmpty();
        });
    }

    @Test
    void topicsWithoutIdsOnABrokerThatKnowsIdsAreFetchedWithoutASession() throws Exception {
        try (FakeBroker named = broker()) {
            log = new FakeLog(1, named.port());
            log.append(0, 20);
            named.topic(FakeLog.TOPIC, 1).on(ApiKey.FETCH, request -> log.fetch(1, request));
            try (KafkaClient other = KafkaClient.open(ClientConfig.of(named.bootstrap()))) {
                loop(Fetchers.open(other, FetchConfig.DEFAULT, scope), T0, 0, this::note);
                awaitSeen(T0, 20);
            }
            assertThat(fetches(named)).isNotEmpty().allSatisfy(request -> {
                assertThat(request.sessionEpoch()).isEqualTo(-1);
                assertThat(request.topics().getFirst().topicId()).isEqualTo(Uuid.ZERO);
            });
        }
    }

    @Test
    void aBrokenConnectionIsFollowedByAFullRequestAndCostsNothing() {
        log.append(0, 20);
        PartitionLoop loop = read(T0, 0);
        awaitSeen(T0, 20);

        one.hangUp(ApiKey.FETCH);
        await().atMost(SOON).until(() -> loop.snapshot().state().startsWith("waiting"));
        log.append(0, 20);
        one.heal(ApiKey.FETCH);

        awaitSeen(T0, 40);
        assertThat(fetches(one)).filteredOn(request -> request.sessionEpoch() == 0).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aPartitionFollowsItsLeader() {
        log.append(0, 20);
        read(T0, 0);
        read(T1, 0);
        awaitSeen(T0, 20);

        log.lead(0, 2);
        log.append(0, 20).append(1, 7);

        awaitSeen(T0, 40);
        awaitSeen(T1, 7);
        assertThat(fetches(two)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_LEADER_OR_FOLLOWER", "UNKNOWN_TOPIC_OR_PARTITION", "FENCED_LEADER_EPOCH", "UNKNOWN_SERVER_ERROR"})
    void anErrorThatStaysIsTriedAgainWithBackOffAndHealsWhenItGoes(ErrorCode error) {
        log.fail(0, error);
        PartitionLoop loop = read(T0, 0);
        await().atMost(SOON).until(() -> loop.snapshot().state().startsWith("waiting: " + error));
        await().pollDelay(Duration.ofMillis(900)).atMost(SOON).until(() -> true);
        assertThat(fetches(one)).hasSizeBetween(2, 12);

        log.fail(0, ErrorCode.NONE);
        log.append(0, 3);

        awaitSeen(T0, 3);
        await().atMost(SOON).until(() -> loop.snapshot().state().equals("fetching"));
    }

    @Test
    void anErrorThatNothingHealsEndsOnlyItsPartition() {
        log.append(1, 3);
        log.fail(0, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        PartitionLoop refused = read(T0, 0);
        read(T1, 0);

        await().atMost(SOON).until(() -> refused.failure().isPresent());
        assertThat(refused.failure().orElseThrow()).hasMessageContaining("t-0").hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");
        assertThat(refused.snapshot().state()).isEqualTo("failed");
        log.append(1, 3);
        awaitSeen(T1, 6);
    }

    @Test
    void anOffsetOutOfRangeIsResolvedByThePolicyOnce() {
        log.append(0, 20);
        log.startAt(0, 15);
        AtomicInteger asked = new AtomicInteger();
        Progress progress = new Progress(T0, 1, 3);
        Policy policy = new Policy((_, position) -> {
            assertThat(position).isEqualTo(3);
            asked.incrementAndGet();
            return 15;
        }, OnCorrupt.STOP, 500);
        PartitionLoop.start(scope, Fetchers.open(client, FetchConfig.DEFAULT, scope), T0, 3, 1, progress, this::note, policy);

        await().atMost(SOON).untilAsserted(() -> assertThat(seen.get(T0)).containsExactly(15L, 16L, 17L, 18L, 19L));
        assertThat(asked).hasValue(1);
        await().atMost(SOON).until(() -> progress.committable() == 20);
    }

    @Test
    void withoutAPolicyForItAnOffsetOutOfRangeEndsThePartition() {
        log.startAt(0, 15);
        Policy none = new Policy((partition, position) -> {
            throw new IllegalStateException("no offset " + position + " in " + partition);
        }, OnCorrupt.STOP, 500);
        PartitionLoop loop = PartitionLoop.start(scope, Fetchers.open(client, FetchConfig.DEFAULT, scope), T0, 3, 1,
                new Progress(T0, 1, 3), this::note, none);

        await().atMost(SOON).until(() -> loop.failure().isPresent());
        assertThat(loop.failure().orElseThrow()).hasMessage("no offset 3 in t-0");
    }

    @Test
    void aPartitionWithoutCreditIsForgottenAndNoLongPollOfOthersDelaysItsReturn() throws Exception {
        log.append(0, 60);
        FetchConfig tiny = FetchConfig.DEFAULT.maxPartitionBytes(100).maxBufferedBytes(400).maxWait(Duration.ofSeconds(5));
        Fetchers fetchers = Fetchers.open(client, tiny, scope);
        CountDownLatch go = new CountDownLatch(1);
        loop(fetchers, T1, 0, this::note);
        loop(fetchers, T0, 0, (partition, records) -> {
            if (!go.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never let go");
            }
            note(partition, records);
        });
        await().atMost(SOON).until(() -> fetches(one).stream().anyMatch(request -> !request.forgottenTopicsData().isEmpty()));
        assertThat(fetches(one).getLast().maxWaitMs()).isZero();

        long before = System.nanoTime();
        go.countDown();
        awaitSeen(T0, 60);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).as("6 rounds").isLessThan(Duration.ofSeconds(3));
        assertThat(fetchers.bufferedBytes()).isLessThan(2_000);
        log.append(1, 1);
        awaitSeen(T1, 1);
    }

    @Test
    void whileNothingIsWrongIdlePartitionsAreAskedForRarely() {
        read(T0, 0);
        read(T1, 0);
        await().atMost(SOON).until(() -> !fetches(one).isEmpty() && fetches(one).getLast().maxWaitMs() == 500);
        int before = fetches(one).size();
        await().pollDelay(Duration.ofMillis(1_200)).atMost(SOON).until(() -> true);

        assertThat(fetches(one).size() - before).isBetween(1, 4);
    }

    @Test
    void aSeekGoesOnThereAndMovesTheProgress() {
        log.append(0, 30);
        Progress progress = new Progress(T0, 1, 0);
        PartitionLoop loop = PartitionLoop.start(scope, Fetchers.open(client, FetchConfig.DEFAULT, scope), T0, 0, 1, progress, this::note, policy());
        awaitSeen(T0, 30);

        loop.seek(25);

        await().atMost(SOON).untilAsserted(() ->
                assertThat(seen.get(T0).subList(30, seen.get(T0).size())).containsExactly(25L, 26L, 27L, 28L, 29L));
        await().atMost(SOON).until(() -> progress.committable() == 30);
        loop.seek(2);
        await().atMost(SOON).until(() -> seen.get(T0).size() == 63);
    }

    @Test
    void pausedItHandsOutNothingUntilItIsResumed() {
        log.append(0, 10);
        PartitionLoop loop = read(T0, 0);
        awaitSeen(T0, 10);

        loop.pause();
        log.append(0, 10);
        await().pollDelay(Duration.ofMillis(300)).atMost(SOON).until(() -> true);
        assertThat(seen.get(T0)).hasSize(10);
        assertThat(loop.snapshot().state()).isEqualTo("paused");

        loop.resume();
        awaitSeen(T0, 20);
    }

    @Test
    void aHandlerThatThrowsEndsItsPartitionWithTheChunkNotDone() {
        log.append(0, 10).append(1, 10);
        Fetchers fetchers = Fetchers.open(client, FetchConfig.DEFAULT, scope);
        Progress progress = new Progress(T0, 1, 0);
        PartitionLoop loop = PartitionLoop.start(scope, fetchers, T0, 0, 1, progress, (_, records) -> {
            if (records.getFirst().offset() >= 4) {
                throw new IOException("disk is gone");
            }
        }, new Policy((_, position) -> position, OnCorrupt.STOP, 2));
        loop(fetchers, T1, 0, this::note);

        await().atMost(SOON).until(() -> loop.failure().isPresent());
        assertThat(loop.failure().orElseThrow()).hasMessage("disk is gone");
        assertThat(progress.committable()).isEqualTo(4);
        assertThat(loop.snapshot().position()).isEqualTo(4);
        awaitSeen(T1, 10);
        assertThat(scope.failure()).isEmpty();
        await().atMost(SOON).until(() -> fetchers.bufferedBytes() == 0);
    }

    @Test
    void drainWaitsForTheHandlerThatRunsAndHandsOutNothingAfterIt() throws Exception {
        log.append(0, 10);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<Long> handled = new CopyOnWriteArrayList<>();
        Progress progress = new Progress(T0, 1, 0);
        PartitionLoop loop = PartitionLoop.start(scope, Fetchers.open(client, FetchConfig.DEFAULT, scope), T0, 0, 1, progress, (_, records) -> {
            running.countDown();
            assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
            records.forEach(record -> handled.add(record.offset()));
        }, new Policy((_, position) -> position, OnCorrupt.STOP, 3));
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(loop.drain(Duration.ofMillis(50))).as("the handler still runs").isFalse();
        assertThat(loop.snapshot().state()).isEqualTo("draining");
        go.countDown();
        assertThat(loop.drain(SOON)).isTrue();

        assertThat(handled).containsExactly(0L, 1L, 2L);
        assertThat(progress.committable()).isEqualTo(3);
        assertThat(loop.failure()).isEmpty();
        assertThat(loop.snapshot().state()).isEqualTo("stopped");
    }

    @Test
    void stopInterruptsAHandlerAndIsNoFailure() throws Exception {
        log.append(0, 10);
        CountDownLatch running = new CountDownLatch(1);
        PartitionLoop loop = loop(Fetchers.open(client, FetchConfig.DEFAULT, scope), T0, 0, (_, _) -> {
            running.countDown();
            new CountDownLatch(1).await();
        });
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        loop.stop();

        assertThat(loop.drain(SOON)).isTrue();
        assertThat(loop.failure()).isEmpty();
    }

    @Test
    void aPartitionAssignedAgainIsReadByTheLaterAssignmentOnly() {
        log.append(0, 10);
        Fetchers fetchers = Fetchers.open(client, FetchConfig.DEFAULT, scope);
        PartitionLoop before = loop(fetchers, T0, 0, (_, _) -> { });
        await().atMost(SOON).until(() -> before.snapshot().records() == 10);

        PartitionLoop.start(scope, fetchers, T0, 10, 2, new Progress(T0, 2, 10), this::note, policy());
        log.append(0, 5);

        await().atMost(SOON).untilAsserted(() -> assertThat(seen.get(T0)).containsExactly(10L, 11L, 12L, 13L, 14L));
        assertThat(before.snapshot().records()).isEqualTo(10);
        assertThat(before.snapshot().state()).isEqualTo("stopped");
    }

    private static FakeBroker broker() throws IOException {
        return FakeBroker.start().on(ApiKey.HEARTBEAT, _ ->     // the client's question who is there
                HeartbeatResponse.builder().errorCode(ErrorCode.INVALID_GROUP_ID.code()).build());
    }

    private PartitionLoop read(TopicPartition partition, long from) {
        if (fetchers == null) {
            fetchers = Fetchers.open(client, FetchConfig.DEFAULT, scope);
        }
        return loop(fetchers, partition, from, this::note);
    }

    private PartitionLoop loop(Fetchers with, TopicPartition partition, long from, RecordHandler handler) {
        return PartitionLoop.start(scope, with, partition, from, 1, new Progress(partition, 1, from), handler, policy());
    }

    private static Policy policy() {
        return new Policy((partition, position) -> {
            throw new AssertionError("asked about " + partition + " at " + position);
        }, OnCorrupt.STOP, 500);
    }

    private void note(TopicPartition partition, List<ConsumedRecord> records) {
        List<Long> offsets = seen.computeIfAbsent(partition, _ -> new CopyOnWriteArrayList<>());
        records.forEach(record -> offsets.add(record.offset()));
    }

    private void awaitSeen(TopicPartition partition, int count) {
        List<Long> expected = LongStream.range(0, count).boxed().toList();
        await().atMost(SOON).untilAsserted(() -> assertThat(seen.get(partition)).isEqualTo(expected));
    }

    private static List<FetchRequest> fetches(FakeBroker broker) {
        List<FetchRequest> requests = new ArrayList<>();
        broker.received(ApiKey.FETCH).forEach(each -> requests.add((FetchRequest) each.request()));
        return requests;
    }
}
