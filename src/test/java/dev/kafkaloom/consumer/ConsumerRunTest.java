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
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams, runs, and how a {@link Consumer} ends. */
@Timeout(60)
class ConsumerRunTest extends ConsumersOnFake {
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
    void inARunARecordThatCannotBeDeserializedStopsItsPartitionBehindThoseBeforeIt() {
        fake.log.append(0, 5);
        Consumer<byte[], String> consumer = assigned(builder().deserializers(key -> key, ConsumerTest::notTheThird));
        List<String> values = new CopyOnWriteArrayList<>();

        assertThatThrownBy(() -> consumer.run(records -> records.forEach(record -> values.add(record.value()))))
                .isInstanceOf(PartitionFailed.class)
                .hasMessageContaining("offset 3 of " + T0)
                .hasMessageContaining("not this one");
        assertThat(values)
                .as("the message says: seek behind it")
                .filteredOn(value -> value.startsWith("0/"))
                .containsExactly("0/0", "0/1", "0/2");
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

    @Test
    void aRebalanceListenerIsRefusedWherePartitionsAreAssignedByHand() {
        ConsumerBuilder<byte[], byte[]> withListener = builder().rebalanceListener(new RebalanceListener() {});

        assertThatThrownBy(() -> withListener.assign(List.of(T0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("subscribe");
    }
}
