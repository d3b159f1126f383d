package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static dev.kafkaloom.consumer.FakeFetching.T1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ConsumerTest {
    private static final Duration BRIEFLY = Duration.ofMillis(50);

    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    private final List<Consumer<?, ?>> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(consumer -> consumer.close(Duration.ofMillis(100)));
    }

    @Test
    void aPollReturnsWhatThereIsOfEachPartitionInOrder() throws Exception {
        fake.log.append(0, 30).append(1, 20);
        Consumer<byte[], byte[]> consumer = assigned(builder());

        List<ConsumedRecord> records = poll(consumer, 50);

        assertThat(offsets(records, T0)).isEqualTo(upTo(30));
        assertThat(offsets(records, T1)).isEqualTo(upTo(20));
        assertThat(consumer.positions()).containsExactly(Map.entry(T0, 30L), Map.entry(T1, 20L));
    }

    @Test
    void aPollWithoutRecordsReturnsNoneInTime() throws Exception {
        Consumer<byte[], byte[]> consumer = assigned(builder());

        assertThat(consumer.poll(BRIEFLY).isEmpty()).isTrue();
    }

    @Test
    void aPollMayWaitForEver() throws Exception {
        Consumer<byte[], byte[]> consumer = assigned(builder());
        Coroutine polling = fake.scope.go("polling", () -> consumer.poll(Duration.ofMillis(Long.MAX_VALUE)));

        fake.log.append(0, 1);

        assertThat(polling.join(SOON)).isTrue();
        assertThat(polling.failure()).isEmpty();
    }

    @Test
    void keysAndValuesAreWhatTheDeserializersMake() throws Exception {
        fake.log.append(0, 2);
        Consumer<String, String> consumer = assigned(builder().deserializers(ConsumerTest::text, ConsumerTest::text));

        List<String> values = new ArrayList<>();
        while (values.size() < 2) {
            consumer.poll(SOON).forEach(received -> values.add(received.value()));
        }

        assertThat(values).containsExactly("0/0", "0/1");
    }

    @Test
    void whatAThreadGotIsDoneWhenItPollsAgain() throws Exception {
        fake.log.append(0, 5);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        poll(consumer, 5);
        long before = progress(consumer, T0).committable();

        consumer.poll(BRIEFLY);

        assertThat(before).isLessThan(5);
        assertThat(progress(consumer, T0).committable()).isEqualTo(5);
    }

    @Test
    void whatAnotherThreadGotIsNotDoneByAPoll() throws Exception {
        fake.log.append(0, 3);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        fake.scope.go("other", () -> consumer.poll(SOON)).join(SOON);

        consumer.poll(BRIEFLY);

        assertThat(progress(consumer, T0).committable()).isZero();
        assertThat(progress(consumer, T0).incomplete()).isPositive();
    }

    @Test
    void acknowledgedRecordsAreDoneInAnyOrder() throws Exception {
        fake.log.append(0, 3);
        fake.log.maxBatches(1);
        Consumer<byte[], byte[]> consumer = assigned(builder().explicitAcks());
        List<Received<byte[], byte[]>> all = new ArrayList<>();
        while (all.size() < 3) {
            consumer.poll(SOON).forEach(all::add);
        }

        consumer.ack(all.get(2));
        consumer.ack(all.get(0));

        assertThat(progress(consumer, T0).committable()).isEqualTo(1);
        consumer.ack(all.get(1));
        assertThat(progress(consumer, T0).committable()).isEqualTo(3);
    }

    @Test
    void noPollAfterASeekReturnsWhatWasFetchedBefore() throws Exception {
        fake.log.append(0, 30);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        poll(consumer, 1);

        consumer.seek(T0, 17);

        assertThat(offsets(poll(consumer, 13), T0))
                .isEqualTo(LongStream.range(17, 30).boxed().toList());
    }

    @Test
    void aSeekDuringAPollKeepsWhatThatPollHasNotHandedOut() throws Exception {
        fake.log.append(0, 10);
        CountDownLatch decoding = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Consumer<byte[], String> consumer = assigned(builder().deserializers(key -> key, bytes -> {
            decoding.countDown();
            awaitQuietly(goOn);
            return text(bytes);
        }));
        List<Long> seen = new CopyOnWriteArrayList<>();
        Coroutine polling =
                fake.scope.go("polling", () -> consumer.poll(SOON).forEach(record -> seen.add(record.offset())));
        decoding.await();

        consumer.seek(T0, 6);
        goOn.countDown();

        assertThat(polling.join(SOON)).isTrue();
        assertThat(seen).isNotEmpty().allMatch(offset -> offset >= 6);
        assertThat(progress(consumer, T0).committable()).isEqualTo(6);
    }

    @Test
    void whatWasPolledBeforeASeekCannotBeDoneAfterIt() throws Exception {
        fake.log.append(0, 10);
        Consumer<byte[], byte[]> consumer = assigned(builder().explicitAcks());
        Records<byte[], byte[]> before = pollOnce(consumer);
        consumer.seek(T0, 0);
        Records<byte[], byte[]> after = pollOnce(consumer);

        consumer.ack(before);

        assertThat(progress(consumer, T0).committable()).isZero();
        consumer.ack(after);
        assertThat(progress(consumer, T0).committable()).isPositive();
    }

    @Test
    void aPausedPartitionGivesNothingUntilItIsResumed() throws Exception {
        Consumer<byte[], byte[]> consumer = assigned(builder());
        consumer.pause(List.of(T0));
        fake.log.append(0, 5).append(1, 5);

        List<ConsumedRecord> whilePaused = poll(consumer, 5);
        List<ConsumedRecord> more = new ArrayList<>(consumer.poll(BRIEFLY).raw());
        consumer.resume(List.of(T0));

        assertThat(offsets(whilePaused, T1)).isEqualTo(upTo(5));
        assertThat(more).isEmpty();
        assertThat(offsets(poll(consumer, 5), T0)).isEqualTo(upTo(5));
    }

    @Test
    void aPartitionThatCannotBeReadIsThrownOnceByNameAndTheOthersGoOn() throws Exception {
        fake.log.append(1, 1);
        fake.log.fail(0, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        Consumer<byte[], byte[]> consumer = assigned(builder());

        List<String> thrown = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        while (thrown.isEmpty() || seen.isEmpty()) {
            try {
                seen.addAll(offsets(consumer.poll(SOON).raw(), T1));
            } catch (RuntimeException e) {
                thrown.add(e.getMessage());
            }
        }

        assertThat(thrown).singleElement().asString().contains(T0.toString(), "TOPIC_AUTHORIZATION_FAILED");
        fake.log.append(1, 1);
        assertThat(offsets(poll(consumer, 1), T1)).containsExactly(1L);
        assertThat(consumer.poll(BRIEFLY).isEmpty()).isTrue();
        assertThat(consumer.failed()).containsOnlyKeys(T0);
    }

    @Test
    void aSeekSetsAFailedPartitionGoingAgain() throws Exception {
        fake.log.append(0, 4);
        fake.log.fail(0, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        assertThatThrownBy(() -> consumer.poll(SOON)).hasMessageContaining(T0.toString());
        fake.log.fail(0, ErrorCode.NONE);

        consumer.seek(T0, 2);

        assertThat(offsets(poll(consumer, 2), T0)).containsExactly(2L, 3L);
        assertThat(consumer.failed()).isEmpty();
    }

    @Test
    void anOffsetOutOfRangeWithoutAResetIsThrownByName() throws Exception {
        fake.log.append(0, 10).append(1, 1).startAt(0, 5);
        Consumer<byte[], byte[]> consumer = assigned(builder(config().autoOffsetReset(OffsetReset.NONE)));

        assertThatThrownBy(() -> {
                    while (true) {
                        consumer.poll(SOON);
                    }
                })
                .hasMessageContaining(T0.toString())
                .hasMessageContaining("offset 0");
    }

    @Test
    void aRecordThatCannotBeDeserializedStopsItsPartitionThere() throws Exception {
        fake.log.append(0, 5).append(1, 5);
        Consumer<byte[], String> consumer = assigned(builder().deserializers(key -> key, ConsumerTest::notTheThird));
        List<Long> before = new ArrayList<>();

        assertThatThrownBy(() -> {
                    while (true) {
                        consumer.poll(SOON).of(T0).forEach(record -> before.add(record.offset()));
                    }
                })
                .hasMessageContaining("offset 3 of " + T0)
                .hasMessageContaining("not this one");

        assertThat(before).containsExactly(0L, 1L, 2L);
        assertThat(consumer.position(T0)).isEqualTo(3);
        assertThat(consumer.failed()).containsOnlyKeys(T0);
    }

    @Test
    void aRejectedRecordIsDoneOnceItsHandlerReturned() throws Exception {
        fake.log.append(0, 5);
        List<Long> rejected = new CopyOnWriteArrayList<>();
        Consumer<byte[], String> consumer = assigned(builder()
                .deserializers(key -> key, ConsumerTest::notTheThird)
                .onRejected((record, why) -> rejected.add(record.offset())));
        List<String> values = new ArrayList<>();

        while (values.size() < 4) {
            consumer.poll(SOON).forEach(record -> values.add(record.value()));
        }
        consumer.poll(BRIEFLY);

        assertThat(values).containsExactly("0/0", "0/1", "0/2", "0/4");
        assertThat(rejected).containsExactly(3L);
        assertThat(progress(consumer, T0).committable()).isEqualTo(5);
    }

    @Test
    void aStreamGivesRecordAfterRecordAndEndsWhenItIsClosed() throws Exception {
        fake.log.append(0, 12).append(1, 8);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        List<Long> seen = new CopyOnWriteArrayList<>();

        Coroutine streaming = fake.scope.go("streaming", () -> {
            for (Received<byte[], byte[]> record : consumer.stream()) {
                if (record.partition().equals(T0)) {
                    seen.add(record.offset());
                }
            }
        });
        await().atMost(SOON).until(() -> seen.size() == 12);
        consumer.close();

        assertThat(streaming.join(SOON)).isTrue();
        assertThat(streaming.failure()).isEmpty();
        assertThat(seen).isEqualTo(upTo(12));
    }

    @Test
    void whatAStreamDidNotHandOutIsPolledNext() throws Exception {
        fake.log.append(0, 10);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        List<Long> seen = new ArrayList<>();
        for (Received<byte[], byte[]> record : consumer.stream()) {
            seen.add(record.offset());
            if (record.offset() == 3) {
                break;
            }
        }

        while (seen.size() < 10) {
            consumer.poll(SOON).forEach(record -> seen.add(record.offset()));
        }

        assertThat(seen).isEqualTo(upTo(10));
    }

    @Test
    void aBlockedPollEndsWhenTheConsumerIsClosed() throws Exception {
        Consumer<byte[], byte[]> consumer = assigned(builder());
        consumer.poll(BRIEFLY);
        Coroutine polling = fake.scope.go(
                "polling",
                () -> assertThatThrownBy(() -> consumer.poll(Duration.ofHours(1)))
                        .isInstanceOf(KafkaException.Closed.class));

        consumer.close();

        assertThat(polling.join(SOON)).isTrue();
        assertThat(polling.failure()).isEmpty();
    }

    @Test
    void aPollEndsWithTheScopeOfItsConsumer() throws Exception {
        Scope scope = fake.scope.child("short-lived");
        Consumer<byte[], byte[]> consumer = assigned(builder().scope(scope));
        consumer.poll(BRIEFLY);

        scope.close();

        assertThatThrownBy(() -> consumer.poll(SOON)).isInstanceOf(KafkaException.Closed.class);
    }

    @Test
    void closeWaitsForWhatAnotherThreadHasNotDone() throws Exception {
        fake.log.append(0, 5);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        CountDownLatch polled = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Coroutine slow = fake.scope.go("slow", () -> {
            pollOnce(consumer);
            polled.countDown();
            goOn.await();
            assertThatThrownBy(() -> consumer.poll(SOON)).isInstanceOf(KafkaException.Closed.class);
        });
        polled.await();
        Coroutine closing = fake.scope.go("closing", () -> consumer.close(SOON));
        boolean closedEarly = closing.join(BRIEFLY);
        goOn.countDown();

        assertThat(closing.join(SOON)).isTrue();

        assertThat(closedEarly).isFalse();
        assertThat(slow.join(SOON)).isTrue();
        assertThat(consumer.late()).isZero();
    }

    @Test
    void whatIsNotDoneAtTheDeadlineOfACloseCountsAsLate() throws Exception {
        fake.log.append(0, 5);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        List<Records<byte[], byte[]>> polled = new CopyOnWriteArrayList<>();
        CountDownLatch never = new CountDownLatch(1);
        fake.scope.go("busy", () -> {
            polled.add(pollOnce(consumer));
            never.await();
        });
        await().atMost(SOON).until(() -> !polled.isEmpty());

        consumer.close(BRIEFLY);

        assertThat(consumer.late()).isEqualTo(polled.getFirst().count());
    }

    @Test
    void forAThreadThatHasEndedNothingIsWaitedFor() throws Exception {
        fake.log.append(0, 5);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        fake.scope.go("gone", () -> pollOnce(consumer)).join(SOON);

        Coroutine closing = fake.scope.go("closing", () -> consumer.close(Duration.ofHours(1)));

        assertThat(closing.join(SOON)).isTrue();
        assertThat(consumer.late()).isPositive();
    }

    @Test
    void closingCommitsWhatIsDone() throws Exception {
        fake.log.append(0, 5);
        FakeOffsets offsets = new FakeOffsets(fake.one, fake.two);
        offsets.committed.put(T0, CommittedOffset.of(0));
        Consumer<byte[], byte[]> consumer = builder().assign(List.of(T0));
        poll(consumer, 5);

        consumer.close(SOON);

        assertThat(offsets.committed.get(T0).offset()).isEqualTo(5);
    }

    @Test
    void whatIsDoneFarBeyondAGapStopsThePartitionUntilTheGapIsDone() throws Exception {
        fake.log.append(0, 30);
        fake.log.maxBatches(1);
        Consumer<byte[], byte[]> consumer =
                assigned(builder(config().progressMaxGap(10).maxPollRecords(1)).explicitAcks());
        Records<byte[], byte[]> first = pollOnce(consumer);
        for (int i = 1; i < 10; i++) {
            consumer.ack(pollOnce(consumer));
        }
        boolean stopped = consumer.poll(BRIEFLY).isEmpty();

        consumer.ack(first);

        assertThat(stopped).isTrue();
        assertThat(pollOnce(consumer).raw().getFirst().offset()).isEqualTo(10);
    }

    @Test
    void aRunHandsEachPartitionToTheHandlerUntilItIsClosed() throws Exception {
        fake.log.append(0, 30).append(1, 20);
        Consumer<byte[], byte[]> consumer = assigned(builder());
        Coroutine running = fake.scope.go("running", () -> consumer.run(fake::note));
        fake.awaitSeen(T0, 30);
        fake.awaitSeen(T1, 20);

        consumer.close();

        assertThat(running.join(SOON)).isTrue();
        assertThat(running.failure()).isEmpty();
    }

    @Test
    void aRunThrowsWhatItsHandlerThrew() {
        fake.log.append(0, 3);
        Consumer<String, String> consumer = assigned(builder().deserializers(ConsumerTest::text, ConsumerTest::text));

        assertThatThrownBy(() -> consumer.run(records -> {
                    throw new IllegalStateException(
                            "no room for " + records.raw().getFirst().partition());
                }))
                .hasMessageContaining(T0.toString())
                .hasMessageContaining("no room");
    }

    @Test
    void inARunARecordThatCannotBeDeserializedStopsItsPartition() {
        fake.log.append(0, 5);
        Consumer<byte[], String> consumer = assigned(builder().deserializers(key -> key, ConsumerTest::notTheThird));

        assertThatThrownBy(() -> consumer.run(records -> {}))
                .isInstanceOf(PartitionFailed.class)
                .hasMessageContaining("offset 3 of " + T0)
                .hasMessageContaining("not this one");
    }

    @Test
    void inARunARejectedRecordDoesNotKeepTheOthersBack() throws Exception {
        fake.log.append(0, 5);
        List<String> values = new CopyOnWriteArrayList<>();
        Consumer<byte[], String> consumer = assigned(builder()
                .deserializers(key -> key, ConsumerTest::notTheThird)
                .onRejected((record, why) -> values.add("rejected " + record.offset())));

        fake.scope.go("running", () -> consumer.run(records -> records.forEach(record -> values.add(record.value()))));

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(values).containsExactlyInAnyOrder("0/0", "0/1", "0/2", "rejected 3", "0/4"));
    }

    @Test
    void itIsPolledOrRunButNotBoth() throws Exception {
        Consumer<byte[], byte[]> consumer = assigned(builder());
        consumer.poll(BRIEFLY);

        assertThatThrownBy(() -> consumer.run(fake::note))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("polled");
    }

    @Test
    void aPartitionThatIsNotAssignedCannotBeMoved() {
        Consumer<byte[], byte[]> consumer = assigned(builder());

        assertThatThrownBy(() -> consumer.seek(new TopicPartition("other", 7), 1))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("other-7");
    }

    private ConsumerConfig.Builder config() {
        return ConsumerConfig.builder("readers", List.of(FakeLog.TOPIC));
    }

    private ConsumerBuilder<byte[], byte[]> builder() {
        return builder(config());
    }

    private ConsumerBuilder<byte[], byte[]> builder(ConsumerConfig.Builder config) {
        return Consumer.builder(fake.client, config.build()).scope(fake.scope);
    }

    private <K, V> Consumer<K, V> assigned(ConsumerBuilder<K, V> builder) {
        Consumer<K, V> consumer = builder.assign(Map.of(T0, StartAt.offset(0), T1, StartAt.offset(0)));
        open.add(consumer);
        return consumer;
    }

    private static Progress progress(Consumer<?, ?> consumer, TopicPartition partition) throws InterruptedException {
        return consumer.started().works().get(partition).progress();
    }

    private static Records<byte[], byte[]> pollOnce(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        Records<byte[], byte[]> records = consumer.poll(SOON);
        assertThat(records.isEmpty()).isFalse();
        return records;
    }

    private static List<ConsumedRecord> poll(Consumer<byte[], byte[]> consumer, int count) throws InterruptedException {
        List<ConsumedRecord> records = new ArrayList<>();
        while (records.size() < count) {
            records.addAll(pollOnce(consumer).raw());
        }
        return records;
    }

    private static List<Long> offsets(List<ConsumedRecord> records, TopicPartition of) {
        return records.stream()
                .filter(each -> each.partition().equals(of))
                .map(ConsumedRecord::offset)
                .toList();
    }

    private static List<Long> upTo(int end) {
        return LongStream.range(0, end).boxed().toList();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String notTheThird(byte[] bytes) {
        String text = text(bytes);
        if (text.equals("0/3")) {
            throw new IllegalArgumentException("not this one");
        }
        return text;
    }
}
