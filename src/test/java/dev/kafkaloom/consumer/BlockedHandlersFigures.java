package dev.kafkaloom.consumer;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures one partition of four while the handlers of the other three block, and while these have nothing to do, in turns; run by hand or
 * by the acceptance script: {@code BlockedHandlersFigures [records] [rounds]}, on a broker of its own. Prints {@code blocked-handlers: ...}
 * and exits with 1 when the partition is slower than 85 % beside blocked ones.
 */
final class BlockedHandlersFigures {
    private static final int FAST = 3;
    private static final AtomicInteger GROUPS = new AtomicInteger();

    private final KafkaClient client;
    private final int count;

    private BlockedHandlersFigures(KafkaClient client, int count) {
        this.client = client;
        this.count = count;
    }

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        try (EmbeddedBroker broker = EmbeddedBroker.start("4.3.1", Options.defaults());
                KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            System.exit(new BlockedHandlersFigures(client, count).run(rounds) ? 0 : 1);
        }
    }

    private boolean run(int rounds) throws Exception {
        Seed seed = Seed.into(client, "4.3.1");
        for (String topic : List.of("idle", "blocked")) {
            seed.topic(topic, FAST + 1);
            seed.records(new TopicPartition(topic, FAST), count, _ -> "v".repeat(100));
        }
        for (int i = 0; i < FAST; i++) {
            seed.records(new TopicPartition("blocked", i), 1_000, _ -> "v".repeat(100));
        }
        StringBuilder told = new StringBuilder();
        boolean good = true;
        for (Ordering ordering : List.of(Ordering.PARTITION, Ordering.UNORDERED)) {
            drain("idle", ordering); // warms up
            List<Double> alone = new ArrayList<>();
            List<Double> beside = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                alone.add(drain("idle", ordering));
                beside.add(drain("blocked", ordering));
            }
            double ratio = median(beside) / median(alone);
            good &= ratio >= 0.85;
            told.append(String.format(
                    Locale.ROOT,
                    "%s beside 3 blocked %.0f records/s, beside 3 idle %.0f: %.0f %%; ",
                    ordering.name().toLowerCase(Locale.ROOT),
                    median(beside),
                    median(alone),
                    100 * ratio));
        }
        System.out.println("blocked-handlers: " + told);
        return good;
    }

    /** Records a second of the fast partition, from the first of it to the last. */
    private double drain(String topic, Ordering ordering) throws Exception {
        AtomicLong seen = new AtomicLong();
        AtomicLong begun = new AtomicLong();
        CountDownLatch blocked = new CountDownLatch(topic.equals("blocked") ? FAST : 0);
        CountDownLatch all = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        RecordHandler handler = (tp, records) -> {
            if (tp.partition() != FAST) {
                blocked.countDown();
                never.await();
            }
            begun.compareAndSet(0, System.nanoTime());
            if (seen.addAndGet(records.size()) == count) {
                all.countDown();
            }
        };
        ConsumerConfig config = ConsumerConfig.builder("blocked-" + GROUPS.incrementAndGet(), List.of(topic))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .revokeDrain(Duration.ofMillis(100))
                .handling(Handling.DEFAULT.withOrdering(ordering))
                .build();
        Scope scope = Scope.open("figures");
        ConsumerGroup group = ConsumerGroup.start(client, config, new MemberCount.Fixed(1), handler, scope);
        try {
            if (!all.await(120, TimeUnit.SECONDS) || !blocked.await(1, TimeUnit.SECONDS)) {
                throw new IllegalStateException("only " + seen + " records: " + group.snapshot());
            }
            return count * 1e9 / (System.nanoTime() - begun.get());
        } finally {
            group.close(Duration.ofSeconds(2));
            scope.close();
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
