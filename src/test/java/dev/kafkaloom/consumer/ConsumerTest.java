package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static dev.kafkaloom.consumer.FakeFetching.T1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.record.ConsumedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConsumerTest extends ConsumersOnFake {
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
}
