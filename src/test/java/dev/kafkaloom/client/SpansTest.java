package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.CoroutineInfo;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.fake.Received;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaloom.message.ListOffsetsResponse;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is the same for all requests that span brokers, on three brokers: {@code t-0} belongs to broker 1, and so on. */
@Timeout(60)
class SpansTest {
    private static final List<String> ITEMS = List.of("t-2", "t-0", "t-1");

    private FakeCluster cluster;
    private KafkaClient client;

    static Stream<SpanFamily> families() {
        return Stream.concat(PartitionSpanFamilies.all().stream(), GroupSpanFamilies.all().stream());
    }

    @BeforeEach
    void start() throws IOException {
        cluster = FakeCluster.start(3).topic("t", 3);
        cluster.coordinate("t-0", 1).coordinate("t-1", 2).coordinate("t-2", 3);
        client = KafkaClient.open(ClientConfig.builder(cluster.bootstrap())
                .retryBackoff(Duration.ofMillis(10))
                .retryBackoffMax(Duration.ofMillis(50))
                .build());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        cluster.close();
    }

    /** Each broker answers what belongs to it, and says "elsewhere" to the rest; {@code errors} are what it answers otherwise. */
    private void answer(SpanFamily family, Map<String, ErrorCode> errors) {
        for (FakeBroker node : cluster.nodes()) {
            node.on(family.api(), request -> {
                Map<String, Short> codes = new LinkedHashMap<>();
                for (String item : family.asked().apply(request)) {
                    codes.put(
                            item,
                            owner(family, item) == node.nodeId()
                                    ? errors.getOrDefault(item, ErrorCode.NONE).code()
                                    : (short) family.elsewhere());
                }
                return family.answer().apply(codes);
            });
        }
    }

    private int owner(SpanFamily family, String item) {
        TopicPartition partition = SpanFamily.partition(item);
        return family.isAboutPartitions()
                ? cluster.leader(partition.topic(), partition.partition())
                : cluster.coordinator(item);
    }

    private Map<String, Short> call(SpanFamily family) throws InterruptedException {
        Response response = client.call(family.ask().apply(ITEMS));
        return family.read().apply(response);
    }

    private Map<String, Short> once(SpanFamily family) throws InterruptedException {
        Response response =
                client.callOnce(new Route.SeveralBrokers(), family.ask().apply(ITEMS), CallOptions.DEFAULT);
        return family.read().apply(response);
    }

    private List<String> asked(SpanFamily family, int node) {
        return cluster.node(node).received(family.api()).stream()
                .map(Received::request)
                .flatMap(request -> family.asked().apply(request).stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyBrokerIsAskedForItsOwnAndTheAnswersAreInTheOrderOfTheQuestions(SpanFamily family) throws Exception {
        answer(family, Map.of());
        assertThat(call(family).entrySet())
                .extracting(each -> each.getKey() + ":" + each.getValue())
                .containsExactly("t-2:0", "t-0:0", "t-1:0");
        assertThat(asked(family, 1)).containsExactly("t-0");
        assertThat(asked(family, 2)).containsExactly("t-1");
        assertThat(asked(family, 3)).containsExactly("t-2");
    }

    @ParameterizedTest
    @MethodSource("families")
    void whatHasMovedSinceItWasLookedUpIsAskedForAgainWhereItIsNow(SpanFamily family) throws Exception {
        answer(family, Map.of());
        call(family);
        cluster.lead("t", 0, 3).coordinate("t-0", 3);
        assertThat(call(family)).containsEntry("t-0", (short) 0).containsEntry("t-1", (short) 0);
        assertThat(asked(family, 2)).containsExactly("t-1", "t-1");
        assertThat(asked(family, 3)).containsExactly("t-2", "t-2", "t-0");
    }

    @ParameterizedTest
    @MethodSource("families")
    void anErrorOfOneThatDoesNotPassIsInTheAnswerBesideTheOthers(SpanFamily family) throws Exception {
        answer(family, Map.of("t-1", ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        assertThat(call(family))
                .containsExactlyEntriesOf(
                        entries("t-2", 0, "t-0", 0, "t-1", ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code()));
        assertThat(asked(family, 2)).containsExactly("t-1");
    }

    @ParameterizedTest
    @MethodSource("families")
    void whatABrokerThatIsDownWasToAnswerHasAnErrorAndTheRestIsAnswered(SpanFamily family) throws Exception {
        answer(family, Map.of());
        call(family);
        cluster.node(2).goDown();
        assertThat(once(family))
                .containsExactlyEntriesOf(entries("t-2", 0, "t-0", 0, "t-1", ErrorCode.NETWORK_EXCEPTION.code()));
    }

    @ParameterizedTest
    @MethodSource("families")
    void aBrokerThatComesBackWithinTheCallsTimeIsAskedAgain(SpanFamily family) throws Exception {
        answer(family, Map.of());
        call(family);
        cluster.node(2).goDown();
        AtomicBoolean back = new AtomicBoolean();
        cluster.node(1).on(family.api(), request -> {
            if (back.compareAndSet(false, true)) {
                comeBack(2);
            }
            Map<String, Short> codes = new LinkedHashMap<>();
            family.asked().apply(request).forEach(item -> codes.put(item, (short) 0));
            return family.answer().apply(codes);
        });
        assertThat(call(family)).containsExactlyEntriesOf(entries("t-2", 0, "t-0", 0, "t-1", 0));
        assertThat(asked(family, 3)).containsExactly("t-2", "t-2");
    }

    private void comeBack(int node) {
        try {
            cluster.node(node).comeBack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void theBrokersWorkAtTheSameTime(SpanFamily family) throws Exception {
        CountDownLatch allAtWork = new CountDownLatch(3);
        cluster.on(family.api(), request -> {
            allAtWork.countDown();
            boolean together = together(allAtWork);
            Map<String, Short> codes = new LinkedHashMap<>();
            family.asked().apply(request).forEach(item -> codes.put(item, (short) (together ? 0 : 29)));
            return family.answer().apply(codes);
        });
        assertThat(call(family)).containsExactlyEntriesOf(entries("t-2", 0, "t-0", 0, "t-1", 0));
    }

    private static boolean together(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void whereNobodyAnswersTheCallFailsWithTheReason(SpanFamily family) throws Exception {
        answer(family, Map.of());
        call(family);
        for (FakeBroker node : cluster.nodes()) {
            node.goDown();
        }
        assertThatThrownBy(() -> once(family)).isInstanceOf(KafkaException.ConnectionBroken.class);
    }

    @ParameterizedTest
    @MethodSource("families")
    void aQuestionAboutNothingIsAnsweredByAnyBroker(SpanFamily family) throws Exception {
        answer(family, Map.of());
        Response response = client.call(family.ask().apply(List.of()));
        assertThat(family.read().apply(response)).isEmpty();
    }

    private static Map<String, Short> entries(Object... keysAndCodes) {
        Map<String, Short> entries = new LinkedHashMap<>();
        for (int i = 0; i < keysAndCodes.length; i += 2) {
            entries.put((String) keysAndCodes[i], ((Number) keysAndCodes[i + 1]).shortValue());
        }
        return entries;
    }

    /** So that a family is not forgotten here. */
    @Test
    void allFamiliesWithItemsAreTested() {
        assertThat(families().map(SpanFamily::api))
                .hasSize(15)
                .contains(ApiKey.LIST_OFFSETS, ApiKey.ADD_PARTITIONS_TO_TXN)
                .allSatisfy(api -> assertThat(api.highestStableVersion()).isNotNegative());
    }

    // ---- the caller

    @Test
    void toAcks0NothingIsAnsweredWhichIsNoError() throws Exception {
        ProduceRequest request = ((ProduceRequest)
                        PartitionSpanFamilies.produce().ask().apply(List.of("t-0", "t-1", "t-2")))
                .toBuilder().acks((short) 0).build();
        assertThat(client.call(request).responses()).isEmpty();
    }

    @Test
    void anInterruptedCallLeavesNothingRunning() throws Exception {
        CountDownLatch asked = new CountDownLatch(3);
        cluster.on(ApiKey.LIST_OFFSETS, _ -> {
            asked.countDown();
            return null;
        });
        try (Scope scope = Scope.open("test")) {
            Coroutine call = scope.go(
                    "caller",
                    () -> client.call(PartitionSpanFamilies.listOffsets().ask().apply(List.of("t-0", "t-1", "t-2"))));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            call.interrupt();
            assertThat(call.join(Duration.ofSeconds(5))).isTrue();
            assertThat(call.state()).isEqualTo(Coroutine.State.CANCELLED);
        }
        assertThat(CoroutineRegistry.snapshot())
                .extracting(CoroutineInfo::name)
                .noneMatch(name -> name.startsWith("split/"));
    }

    @Test
    void whatOneBrokerLeadsGoesToItAsItIsAndOnTheCallersThread() throws Exception {
        cluster.lead("t", 1, 1).lead("t", 2, 1);
        AtomicInteger parts = new AtomicInteger();
        cluster.on(ApiKey.LIST_OFFSETS, request -> {
            parts.addAndGet((int) CoroutineRegistry.snapshot().stream()
                    .filter(each -> each.name().startsWith("split/"))
                    .count());
            return ListOffsetsResponse.builder()
                    .topics(((ListOffsetsRequest) request)
                            .topics().stream()
                                    .map(topic -> ListOffsetsResponse.ListOffsetsTopicResponse.builder()
                                            .name(topic.name())
                                            .build())
                                    .toList())
                    .build();
        });
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(IntStream.range(0, 3)
                        .mapToObj(number ->
                                ListOffsetsTopic.builder() // three entries of one topic, which a join would merge
                                        .name("t")
                                        .partitions(List.of(ListOffsetsPartition.builder()
                                                .partitionIndex(number)
                                                .timestamp(-1)
                                                .build()))
                                        .build())
                        .toList())
                .build();
        assertThat(client.call(request).topics()).hasSize(3);
        assertThat(parts).hasValue(0);
    }
}
