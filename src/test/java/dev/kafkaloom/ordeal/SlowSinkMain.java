package dev.kafkaloom.ordeal;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.Handling;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.runtime.ConsumerRuntime;
import dev.kafkaloom.runtime.RuntimeConfig;
import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.testing.RealBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sink that takes 10 ms for each record, ordering {@code key}, 10,000 keys, once with one record in flight and once with as many as is
 * usual: {@code SlowSinkMain [records]}, on a broker of its own. Prints {@code slow-sink: ...} and ends with 1 unless the second is 100 times
 * as fast, in order, and memory flat.
 */
final class SlowSinkMain {
    private static final String TOPIC = "slow-sink";
    private static final Duration WARM = Duration.ofSeconds(4);
    private static final Duration MEASURED = Duration.ofSeconds(8);
    private static final int KEYS = 10_000;

    private record Figure(double perSecond, long early, long late) {}

    private final KafkaClient client;
    private final long records;

    private SlowSinkMain(KafkaClient client, long records) {
        this.client = client;
        this.records = records;
    }

    public static void main(String[] args) throws Exception {
        long records = args.length > 0 ? Long.parseLong(args[0]) : 600_000;
        boolean good;
        try (EmbeddedBroker broker = EmbeddedBroker.start(RealBroker.NEWEST, Options.defaults());
                KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            RealBroker.createTopic(broker, TOPIC, OrdealLab.PARTITIONS);
            write(broker, records);
            SlowSinkMain it = new SlowSinkMain(client, records);
            Figure one = it.measure(1);
            Figure many = it.measure(Handling.DEFAULT.maxInFlight());
            double times = many.perSecond() / one.perSecond();
            good = times >= 100 && many.late() < many.early() * 1.25 + (16 << 20);
            System.out.printf(
                    Locale.ROOT,
                    "slow-sink: %.0f records/s, one thread %.0f/s: %.0f times, live heap %d MB, then %d MB%n",
                    many.perSecond(),
                    one.perSecond(),
                    times,
                    many.early() >> 20,
                    many.late() >> 20);
        }
        System.exit(good ? 0 : 1);
    }

    private static void write(EmbeddedBroker broker, long records) throws Exception {
        Path told = Files.createTempFile("slow-sink", ".jsonl");
        OrdealPlan plan = OrdealPlan.of("records=" + records, "keys=" + KEYS, "rate=200000");
        try (WorkLoad load = new WorkLoad(broker.bootstrap(), TOPIC, OrdealLab.PARTITIONS, plan, told)) {
            while (!load.isOver()) {
                Thread.sleep(50);
            }
        } finally {
            Files.delete(told);
        }
    }

    private Figure measure(int inFlight) throws Exception {
        AtomicLong done = new AtomicLong();
        CountDownLatch all = new CountDownLatch(1);
        Sink sink = batch -> {
            Thread.sleep(10L * batch.size());
            if (done.addAndGet(batch.size()) == records) {
                all.countDown();
            }
            return Sink.Outcome.DONE;
        };
        ConsumerConfig consumer = ConsumerConfig.builder("slow-sink-" + inFlight, List.of(TOPIC))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .handling(Handling.DEFAULT.withOrdering(Ordering.KEY).withMaxInFlight(inFlight))
                .build();
        RuntimeConfig config = RuntimeConfig.of(consumer, new MemberCount.Fixed(1));
        try (Scope scope = Scope.open("slow sink");
                ConsumerRuntime runtime = ConsumerRuntime.start(config, client, sink, scope)) {
            if (!runtime.awaitReady(Duration.ofSeconds(30)) || all.await(WARM.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("not ready, or too few records: " + runtime.snapshot());
            }
            long early = live();
            long before = done.get();
            long begun = System.nanoTime();
            all.await(MEASURED.toMillis(), TimeUnit.MILLISECONDS);
            double rate = (done.get() - before) * 1e9 / (System.nanoTime() - begun);
            Figure figure = new Figure(rate, early, live());
            runtime.close(Duration.ofSeconds(2));
            return figure;
        }
    }

    private static long live() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
