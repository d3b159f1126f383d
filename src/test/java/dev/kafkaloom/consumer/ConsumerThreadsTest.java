package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static dev.kafkaloom.consumer.FakeFetching.T1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many threads use one consumer at once. */
@Timeout(60)
class ConsumerThreadsTest {
    private static final int RECORDS = 600;
    private static final int POLLERS = 12;

    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    /** What the threads got, in the words of the polls. */
    private final ConcurrentLinkedQueue<Polled> polled = new ConcurrentLinkedQueue<>();

    private final Map<TopicPartition, Set<Long>> handled = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Semaphore polls = new Semaphore(0); // so that something else happens as often as a poll
    private final AtomicBoolean enough = new AtomicBoolean();
    private final List<Coroutine> threads = new ArrayList<>();
    private FakeOffsets offsets;
    private Consumer<byte[], byte[]> consumer;

    @BeforeEach
    void start() {
        handled.put(T0, ConcurrentHashMap.newKeySet());
        handled.put(T1, ConcurrentHashMap.newKeySet());
        offsets = new FakeOffsets(fake.one, fake.two);
        offsets.committed.put(T0, CommittedOffset.of(0));
        offsets.committed.put(T1, CommittedOffset.of(0));
        ConsumerConfig config = ConsumerConfig.builder("readers", List.of(FakeLog.TOPIC))
                .maxPollRecords(7)
                .autoCommitInterval(Duration.ofMillis(10))
                .build();
        consumer = Consumer.builder(fake.client, config).scope(fake.scope).assign(List.of(T0, T1));
    }

    @Test
    void noRecordIsLostOrComesTwiceWhileThreadsPollPauseAndCommit() throws Exception {
        offsets.onCommit = this::checkThatAllBelowAreHandled;
        poll();
        disturb("pauser", () -> {
            consumer.pause(List.of(T0, T1));
            consumer.resume(List.of(T0));
            consumer.resume(List.of(T1));
        });
        disturb("committer", () -> consumer.commit());

        write();
        await().atMost(SOON.multipliedBy(2))
                .until(() -> handled.get(T0).size() + handled.get(T1).size() == 2 * RECORDS);
        end();

        assertThat(wrong).isEmpty();
        assertThat(offsetsOf(T0, -1)).isEqualTo(upTo(RECORDS));
        assertThat(offsetsOf(T1, -1)).isEqualTo(upTo(RECORDS));
        consumer.close(Duration.ofSeconds(5));
        assertThat(offsets.committed.get(T0).offset()).isEqualTo(RECORDS);
        assertThat(offsets.committed.get(T1).offset()).isEqualTo(RECORDS);
    }

    @Test
    void fromTheLastSeekOnEveryRecordComesOnce() throws Exception {
        poll();
        disturb("seeker", () -> consumer.seek(T0, Thread.currentThread().threadId() % 50));
        disturb("other-seeker", () -> consumer.seek(T0, RECORDS / 2));
        write();
        await().atMost(SOON).until(() -> handled.get(T1).size() == RECORDS);
        enough.set(true);
        joinAll("seeker");
        joinAll("other-seeker");

        consumer.seek(T0, 3);
        int moves = ((PolledPartition) consumer.started().works().get(T0)).moves();
        await().atMost(SOON).until(() -> offsetsOf(T0, moves).size() >= RECORDS - 3);
        end();

        assertThat(wrong).isEmpty();
        assertThat(offsetsOf(T0, moves))
                .isEqualTo(LongStream.range(3, RECORDS).boxed().toList());
        assertThat(offsetsOf(T1, -1)).isEqualTo(upTo(RECORDS));
        consumer.close(Duration.ofSeconds(5));
        assertThat(offsets.committed.get(T0).offset()).isEqualTo(RECORDS);
    }

    private void poll() {
        for (int i = 0; i < POLLERS; i++) {
            threads.add(fake.scope.go("poller", () -> {
                try {
                    while (true) {
                        Records<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(5));
                        note(records);
                    }
                } catch (KafkaException.Closed e) {
                    // the end
                } catch (RuntimeException e) {
                    wrong.add("poll: " + e);
                }
            }));
        }
    }

    private void note(Records<byte[], byte[]> records) {
        polled.addAll(records.parts());
        polls.release();
        records.forEach(record -> {
            handled.get(record.partition()).add(record.offset());
        });
    }

    private interface Disturbance {
        void now() throws InterruptedException;
    }

    private void disturb(String name, Disturbance disturbance) {
        threads.add(fake.scope.go(name, () -> {
            while (!enough.get()) {
                if (polls.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    disturbance.now();
                }
            }
        }));
    }

    private void write() {
        for (int i = 0; i < RECORDS; i += 20) {
            fake.log.append(0, 20).append(1, 20);
        }
    }

    private void end() throws InterruptedException {
        enough.set(true);
        joinAll("pauser");
        joinAll("committer");
    }

    private void joinAll(String name) throws InterruptedException {
        for (Coroutine each : threads) {
            if (each.name().startsWith(name)) {
                assertThat(each.join(SOON)).isTrue();
                assertThat(each.failure()).isEmpty();
            }
        }
    }

    private void checkThatAllBelowAreHandled(TopicPartition partition, long committed) {
        for (long offset = 0; offset < committed; offset++) {
            if (!handled.get(partition).contains(offset)) {
                wrong.add(partition + " is committed at " + committed + ", but " + offset + " was not handled");
            }
        }
    }

    /** In their order; of those that were handed out after so many moves, all with -1. */
    private List<Long> offsetsOf(TopicPartition partition, int moves) {
        return polled.stream()
                .filter(each -> each.partition().equals(partition) && (moves < 0 || each.moves() == moves))
                .flatMap(each -> each.records().stream().map(record -> record.offset()))
                .sorted()
                .toList();
    }

    private static List<Long> upTo(int end) {
        return LongStream.range(0, end).boxed().toList();
    }
}
