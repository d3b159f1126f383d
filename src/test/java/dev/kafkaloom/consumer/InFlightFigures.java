package dev.kafkaloom.consumer;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures a handler that sleeps 10 ms for each record, with 10 to 10,000 records in flight; run by hand or by the acceptance script:
 * {@code InFlightFigures [records]}, on a broker of its own. Prints {@code in-flight: ...} and exits with 1 when 600 records a second per 10 in
 * flight, 100,000 with 10,000, or flat memory are missed.
 */
final class InFlightFigures {
    private static final String TOPIC = "in-flight";
    private static final int PARTITIONS = 4;
    private static final Duration WARM = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(5);

    /** What one run showed; {@code early} and {@code late} are bytes that lived after a collection in the middle and at the end. */
    private record Figure(int inFlight, double perSecond, long early, long late) {
        boolean good() {
            double wanted = inFlight >= 10_000 ? 100_000 : inFlight * 60.0;
            return perSecond >= wanted && late < early * 1.25 + (16 << 20);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d in flight %.0f/s (live heap %d, then %d MB)",
                    inFlight,
                    perSecond,
                    early >> 20,
                    late >> 20);
        }
    }

    private final KafkaClient client;
    private final long count;

    private InFlightFigures(KafkaClient client, long count) {
        this.client = client;
        this.count = count;
    }

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 2_400_000;
        List<Figure> figures = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start("4.3.1", Options.defaults());
                KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            Seed seed = Seed.into(client, "4.3.1");
            seed.topic(TOPIC, PARTITIONS);
            for (int i = 0; i < PARTITIONS; i++) {
                seed.records(new TopicPartition(TOPIC, i), count / PARTITIONS, _ -> "v".repeat(100));
            }
            for (int inFlight : new int[] {10, 100, 1_000, 10_000}) {
                figures.add(new InFlightFigures(client, count).measure(inFlight));
            }
        }
        System.out.println("in-flight: "
                + String.join(", ", figures.stream().map(Figure::toString).toList()));
        System.exit(figures.stream().allMatch(Figure::good) ? 0 : 1);
    }

    private Figure measure(int inFlight) throws Exception {
        AtomicLong done = new AtomicLong();
        CountDownLatch all = new CountDownLatch(1);
        RecordHandler handler = (_, records) -> {
            Thread.sleep(10L * records.size());
            if (done.addAndGet(records.size()) == count) {
                all.countDown();
            }
        };
        ConsumerConfig config = ConsumerConfig.builder("in-flight-" + inFlight, List.of(TOPIC))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .progressMaxGap(2 * Math.max(inFlight, 5_000))
                .handling(Handling.DEFAULT.withOrdering(Ordering.UNORDERED).withMaxInFlight(inFlight))
                .build();
        try (Scope scope = Scope.open("figures");
                ConsumerGroup group = ConsumerGroup.start(client, config, new MemberCount.Fixed(1), handler, scope)) {
            if (!group.awaitStable(Duration.ofSeconds(30)) || all.await(WARM.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("not stable, or too few records: " + group.snapshot());
            }
            long early = live();
            long before = done.get();
            long begun = System.nanoTime();
            all.await(MEASURED.toMillis(), TimeUnit.MILLISECONDS);
            double rate = (done.get() - before) * 1e9 / (System.nanoTime() - begun);
            return new Figure(inFlight, rate, early, live());
        }
    }

    private static long live() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
