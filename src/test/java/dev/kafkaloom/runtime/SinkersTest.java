package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.GoBack;
import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.consumer.Handling;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.file.FileStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a storage to the sink, without a broker. */
@Timeout(60)
class SinkersTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);
    private final Scope scope = Scope.open("sinkers-test");
    private final SinkGate gate = new SinkGate(0);
    private final SinkFigures figures = new SinkFigures();
    private final List<Long> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private Storage storage;
    private Sinkers sinkers;

    @TempDir
    Path folder;

    @BeforeEach
    void open() throws Exception {
        storage = FileStorage.open(new StorageConfig.File(folder, 1 << 30, 1_000_000, 1 << 20), "g", scope);
    }

    @AfterEach
    void close() {
        if (sinkers != null) {
            sinkers.close(Duration.ofMillis(1));
        }
        storage.close();
        scope.close();
    }

    @Test
    void whatWasSentAgainIsNotBegunTwice() throws Exception {
        append(T0, 0, 10);
        CountDownLatch go = new CountDownLatch(1);
        start(handling(Ordering.KEY).withMaxInFlight(1), 100, batch -> {
            seen.add(batch.getFirst().offset());
            go.await();
            return Sink.Outcome.DONE;
        });
        await().atMost(LONG).until(() -> seen.size() == 1);

        assertThat(storage.retransmit(true)).isEqualTo(10);
        go.countDown();

        await().atMost(LONG).until(() -> storage.stats().size() == 0);
        assertThat(seen).hasSize(11).startsWith(0L);
        assertThat(seen.subList(1, 11)).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void aPartitionThatDoesNotGetDoneTakesNoMoreThanItsPartAndHoldsUpNoOther() throws Exception {
        append(T0, 0, 200);
        append(T1, 0, 200);
        AtomicInteger others = new AtomicInteger();
        start(handling(Ordering.KEY), 5, batch -> {
            if (batch.getFirst().partition().equals(T0)) {
                never.await();
            }
            others.incrementAndGet();
            return Sink.Outcome.DONE;
        });

        await().atMost(LONG).until(() -> others.get() == 200);

        assertThat(storage.stats().leased()).isBetween(1L, 20L);
    }

    @Test
    void inTheOrderOfPartitionsOneLeaseIsInHandAndTheNextIsReady() throws Exception {
        append(T0, 0, 100);
        start(handling(Ordering.PARTITION), 10, _ -> {
            never.await();
            return Sink.Outcome.DONE;
        });

        await().atMost(LONG).until(() -> storage.stats().leased() == 20);

        assertThat(figures.stats("", gate, 0, 0, List.of()).inFlight()).isEqualTo(10);
    }

    @Test
    void pausedNothingIsHandedOverUntilItGoesOn() throws Exception {
        gate.pause(true);
        append(T0, 0, 10);
        start(handling(Ordering.KEY), 10, this::note);
        await().during(Duration.ofMillis(300)).until(seen::isEmpty);
        assertThat(storage.stats().leased()).isZero();

        gate.pause(false);

        await().atMost(LONG).until(() -> storage.stats().size() == 0);
        assertThat(seen).hasSize(10);
    }

    @Test
    void closedWhatIsInHandMayFinishAndTheRestStaysStored() throws Exception {
        append(T0, 0, 10);
        CountDownLatch go = new CountDownLatch(1);
        start(handling(Ordering.KEY).withMaxInFlight(2), 10, batch -> {
            seen.add(batch.getFirst().offset());
            go.await();
            return Sink.Outcome.DONE;
        });
        await().atMost(LONG).until(() -> seen.size() == 2);
        scope.go("going", () -> {
            await().until(() -> sinkers.isEnding());
            go.countDown();
        });

        sinkers.close(LONG);

        assertThat(seen).hasSize(2);
        assertThat(storage.stats().leased()).isZero();
        assertThat(storage.stats().pending()).isEqualTo(8);
    }

    @Test
    void aSinkerThatFailsIsStartedAgainAndCounted() throws Exception {
        append(T0, 0, 10);
        AtomicInteger failures = new AtomicInteger(2);
        Storage failing = failing("take", () -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("disk went");
            }
        });
        sinkers = Sinkers.start(failing, calls(this::note), gate, figures, config(handling(Ordering.KEY), 10), scope);
        await().atMost(LONG).until(() -> !sinkers.troubles().isEmpty());
        assertThat(sinkers.troubles().getFirst()).contains("sinker-0", "disk went");

        await().atMost(LONG).until(() -> storage.stats().size() == 0);

        assertThat(sinkers.restarts()).isEqualTo(2);
        assertThat(sinkers.troubles()).isEmpty();
    }

    @Test
    void anErrorOfTheSinksOwnLosesNothing() throws Exception {
        append(T0, 0, 3);
        AtomicBoolean failed = new AtomicBoolean();
        sinkers = Sinkers.start(
                storage,
                calls(batch -> {
                    seen.add(batch.getFirst().offset());
                    if (failed.compareAndSet(false, true)) {
                        throw new StackOverflowError("deep");
                    }
                    return Sink.Outcome.DONE;
                }),
                gate,
                figures,
                config(handling(Ordering.PARTITION), 10),
                scope);

        await().atMost(LONG).until(() -> storage.stats().size() == 0);

        assertThat(seen).containsExactly(0L, 0L);
    }

    @ParameterizedTest
    @EnumSource
    void aSinkThatInterruptsItselfLosesNothingAndNothingOvertakes(Ordering ordering) throws Exception {
        append(T0, 0, 4);
        AtomicInteger calls = new AtomicInteger();
        start(handling(ordering), 1, batch -> {
            if (calls.incrementAndGet() == 1) {
                throw new InterruptedException("of a pool of its own");
            }
            Thread.currentThread().interrupt();
            return note(batch);
        });

        await().atMost(LONG).until(() -> storage.stats().size() == 0);

        assertThat(seen).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
        if (ordering == Ordering.PARTITION) {
            assertThat(seen).isSorted();
        }
        assertThat(figures.retries()).isEqualTo(1);
        assertThat(sinkers.troubles()).isEmpty();
    }

    @Test
    void whatTheStorageHasLostIsReadAgain() {
        Storage lossy = answering(40L);
        Storing storing = storing(lossy, new AtomicBoolean());

        assertThatThrownBy(() -> storing.handle(range(T0, 50, 60)))
                .isInstanceOf(GoBack.class)
                .hasMessageContaining("10 offsets")
                .extracting(e -> ((GoBack) e).offset())
                .isEqualTo(40L);
    }

    @Test
    void whatCannotBeStoredIsTriedAgainAndToldUntilItIs() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        Storage failing = failing("append", () -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("no space");
            }
        });
        Storing storing = storing(failing, new AtomicBoolean());
        var told = new CopyOnWriteArrayList<String>();
        scope.go("watch", () -> {
            while (told.isEmpty()) {
                storing.trouble().ifPresent(told::add);
                Thread.sleep(5);
            }
        });

        storing.handle(range(T0, 0, 10));

        assertThat(storage.stats().pending()).isEqualTo(10);
        assertThat(told).singleElement().asString().contains("t-0", "no space");
        assertThat(storing.trouble()).isEmpty();
    }

    @Test
    void whatCannotBeStoredIsGivenUpWhenThePartitionIsGivenBack() {
        AtomicBoolean draining = new AtomicBoolean();
        Storage failing = failing("append", () -> {
            draining.set(true);
            throw new IllegalStateException("no space");
        });

        assertThatThrownBy(() -> storing(failing, draining).handle(range(T0, 0, 10)))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void whatIsCommittedAndLostIsReadAgainAlthoughNothingComesBehindIt() {
        List<String> told = new CopyOnWriteArrayList<>();
        Storage lossy = (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (_, called, arguments) -> {
                    if (called.getName().equals("committed")) {
                        told.add(arguments[0] + "@" + arguments[1]);
                        return null;
                    }
                    return arguments[0].equals(T1) ? OptionalLong.of((long) arguments[1] - 7) : OptionalLong.empty();
                });
        var member = new MemberSnapshot(
                0, "m", "stable", 1, true, "m", List.of("m"), List.of(), Map.of(T0, 50L, T1, 60L), 0, "", false);
        List<String> sought = new CopyOnWriteArrayList<>();
        LossWatch watch = new LossWatch(
                lossy, () -> new GroupSnapshot("g", 0, List.of(member)), (tp, offset) -> sought.add(tp + "@" + offset));

        watch.look();
        watch.look();

        assertThat(sought).contains("t-1@53").doesNotContain("t-0@43");
        assertThat(told).containsExactlyInAnyOrder("t-0@50", "t-1@60");
    }

    private Storing storing(Storage with, AtomicBoolean draining) {
        return new Storing(with, null, gate, _ -> Uuid.ZERO, LONG, _ -> draining.get());
    }

    private Sink.Outcome note(List<ConsumedRecord> batch) {
        batch.forEach(record -> seen.add(record.offset()));
        return Sink.Outcome.DONE;
    }

    private void start(Handling handling, int batch, Sink sink) {
        sinkers = Sinkers.start(storage, calls(sink), gate, figures, config(handling, batch), scope);
    }

    private SinkCalls calls(Sink sink) {
        return new SinkCalls(sink, config(Handling.DEFAULT, 1).sinkers(), gate, figures, null);
    }

    private static Handling handling(Ordering ordering) {
        return Handling.DEFAULT.withOrdering(ordering);
    }

    private static RuntimeConfig config(Handling handling, int batch) {
        ConsumerConfig consumer = ConsumerConfig.builder("g", List.of("t"))
                .handling(handling)
                .progressMaxGap(10)
                .build();
        SinkerConfig sinkers = SinkerConfig.DEFAULT;
        return RuntimeConfig.of(consumer, new MemberCount.Fixed(1))
                .sinkers(new SinkerConfig(
                        sinkers.sink(),
                        null,
                        sinkers.options(),
                        sinkers.home(),
                        1,
                        batch,
                        0,
                        Duration.ofMillis(5),
                        Duration.ofMillis(50),
                        0,
                        ""));
    }

    private void append(TopicPartition partition, long from, long to) throws InterruptedException {
        assertThat(storage.append(Uuid.ZERO, range(partition, from, to), () -> true))
                .isEqualTo(to);
    }

    private static RecordRange range(TopicPartition partition, long from, long to) {
        List<ConsumedRecord> records = LongStream.range(from, to)
                .mapToObj(offset -> new ConsumedRecord(
                        partition,
                        offset,
                        1_000,
                        TimestampType.CREATE_TIME,
                        new byte[] {(byte) offset},
                        new byte[3],
                        List.of(),
                        1,
                        1))
                .toList();
        return new RecordRange(partition, 1, from, to, from, records);
    }

    /** The storage, but that before each call of that method something else happens. */
    private Storage failing(String method, Runnable first) {
        return (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (_, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        first.run();
                    }
                    try {
                        return called.invoke(storage, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** A storage that stores nothing and says so. */
    private static Storage answering(long mark) {
        return (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (_, _, _) -> mark);
    }
}
