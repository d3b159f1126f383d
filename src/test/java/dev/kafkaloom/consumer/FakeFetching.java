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
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two fake brokers with one {@link FakeLog}, a client, and what partition loops handed out. Created and closed around each test; the threads
 * of the loops call {@link #note}.
 */
final class FakeFetching implements BeforeEachCallback, AfterEachCallback {
    static final Duration SOON = Duration.ofSeconds(10);
    static final TopicPartition T0 = new TopicPartition(FakeLog.TOPIC, 0);
    static final TopicPartition T1 = new TopicPartition(FakeLog.TOPIC, 1);

    final Map<TopicPartition, List<Long>> seen = new ConcurrentHashMap<>();
    final Scope scope = Scope.open("test");
    FakeBroker one;
    FakeBroker two;
    FakeLog log;
    KafkaClient client;
    private Fetchers fetchers;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        one = broker();
        two = broker();
        log = new FakeLog(2, one.port(), two.port());
        one.on(ApiKey.METADATA, log::metadata).on(ApiKey.FETCH, request -> log.fetch(1, request));
        two.on(ApiKey.METADATA, log::metadata).on(ApiKey.FETCH, request -> log.fetch(2, request));
        client = KafkaClient.open(ClientConfig.of(one.bootstrap()));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        scope.close();
        client.close();
        one.close();
        two.close();
    }

    static FakeBroker broker() throws IOException {
        return FakeBroker.start()
                .on(
                        ApiKey.HEARTBEAT,
                        _ -> // the client's question who is there
                        HeartbeatResponse.builder()
                                .errorCode(ErrorCode.INVALID_GROUP_ID.code())
                                .build());
    }

    PartitionLoop read(TopicPartition partition, long from) {
        if (fetchers == null) {
            fetchers = Fetchers.open(client, FetchConfig.DEFAULT, scope);
        }
        return loop(fetchers, partition, from, this::note);
    }

    PartitionLoop loop(Fetchers with, TopicPartition partition, long from, RecordHandler handler) {
        return PartitionLoop.start(
                scope, with, partition, from, 1, new Progress(partition, 1, from), handler, policy());
    }

    PartitionLoop loop(Fetchers with, StartAt at, Policy policy) {
        return PartitionLoop.start(
                HandlerWork.of(this::note), scope, with, at, new Progress(T0, 1, at.offset()), policy, () -> {});
    }

    static Policy policy() {
        return new Policy(
                (partition, lost) -> {
                    throw new AssertionError(partition + " " + lost.why());
                },
                OnCorrupt.STOP,
                500);
    }

    void note(TopicPartition partition, List<ConsumedRecord> records) {
        List<Long> offsets = seen.computeIfAbsent(partition, _ -> new CopyOnWriteArrayList<>());
        records.forEach(record -> offsets.add(record.offset()));
    }

    void awaitSeen(TopicPartition partition, int count) {
        List<Long> expected = LongStream.range(0, count).boxed().toList();
        await().atMost(SOON).untilAsserted(() -> assertThat(seen.get(partition)).isEqualTo(expected));
    }

    static List<FetchRequest> fetches(FakeBroker broker) {
        List<FetchRequest> requests = new ArrayList<>();
        broker.received(ApiKey.FETCH).forEach(each -> requests.add((FetchRequest) each.request()));
        return requests;
    }
}
