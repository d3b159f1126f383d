package dev.kafkaloom.consumer;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures fetching; run by hand or by the acceptance script: {@code FetchFigures <bootstrap> <release> [records] [rounds]}. Prints the speed
 * of draining a topic of records of 100 bytes, and of a hot partition alone and beside an idle one on the same leader, taken in turns.
 */
final class FetchFigures {
    /** Of which one is used; brokers 0.9 have to be started with num.partitions=4. */
    private static final int PARTITIONS = 4;

    private final KafkaClient client;
    private final String release;
    private final int count;

    private FetchFigures(KafkaClient client, String release, int count) {
        this.client = client;
        this.release = release;
        this.count = count;
    }

    /** Exits with 1 when, with the default settings, the hot partition beside the idle one is slower than 90 % of alone. */
    public static void main(String[] args) throws Exception {
        int count = args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000;
        int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 5;
        boolean good;
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(args[0]))) {
            good = new FetchFigures(client, args[1], count).run(rounds);
        }
        System.exit(good ? 0 : 1);
    }

    private boolean run(int rounds) throws Exception {
        String suffix = Long.toString(System.nanoTime(), 36);
        TopicPartition hot = new TopicPartition("hot-" + suffix, 0);
        TopicPartition idle = new TopicPartition("idle-" + suffix, 0);
        Seed seed = Seed.into(client, release);
        seed.topic(hot.topic(), PARTITIONS);
        seed.topic(idle.topic(), PARTITIONS);
        String value = "v".repeat(100);
        long begun = System.nanoTime();
        seed.records(hot, count, _ -> value);
        System.out.printf(Locale.ROOT, "seeded %,d records in %.1f s%n", count, seconds(begun));
        drain(List.of(hot), FetchConfig.DEFAULT, 0); // warms up
        boolean good = compare("plain", rounds, hot, idle, FetchConfig.DEFAULT, 0);
        // a handler slower than the broker and hardly any credit: the hot partition leaves the session all the time
        FetchConfig tight = FetchConfig.DEFAULT.maxBufferedBytes(2 << 20);
        compare("slow handler, 2 MiB of buffer", rounds, hot, idle, tight, 300);
        return good;
    }

    private boolean compare(
            String what, int rounds, TopicPartition hot, TopicPartition idle, FetchConfig config, int microsPerChunk)
            throws Exception {
        double[] alone = new double[rounds];
        double[] beside = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            alone[i] = drain(List.of(hot), config, microsPerChunk);
            beside[i] = drain(List.of(idle, hot), config, microsPerChunk);
        }
        double ratio = median(beside) / median(alone);
        System.out.printf(
                Locale.ROOT,
                "%s: hot alone %,.0f records/s, beside an idle partition %,.0f records/s: %.1f %%%n",
                what,
                median(alone),
                median(beside),
                100 * ratio);
        return ratio >= 0.9;
    }

    /** Records a second of the last partition named; the others are expected to stay silent. */
    private double drain(List<TopicPartition> partitions, FetchConfig config, int microsPerChunk) throws Exception {
        try (Scope scope = Scope.open("figures");
                Fetchers fetchers = Fetchers.open(client, config, scope)) {
            AtomicLong seen = new AtomicLong();
            CountDownLatch all = new CountDownLatch(1);
            RecordHandler handler = (_, records) -> {
                if (microsPerChunk > 0) {
                    LockSupport.parkNanos(microsPerChunk * 1_000L);
                }
                if (seen.addAndGet(records.size()) == count) {
                    all.countDown();
                }
            };
            long begun = System.nanoTime();
            List<PartitionLoop> loops = new ArrayList<>();
            for (TopicPartition partition : partitions) {
                loops.add(PartitionLoop.start(
                        scope,
                        fetchers,
                        partition,
                        0,
                        1,
                        new Progress(partition, 1, 0),
                        handler,
                        new Policy((_, lost) -> lost.at(), OnCorrupt.STOP, 500)));
            }
            if (!all.await(120, TimeUnit.SECONDS)) {
                throw new IllegalStateException("only " + seen + " records; "
                        + loops.stream().map(PartitionLoop::snapshot).toList());
            }
            return count / seconds(begun);
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
