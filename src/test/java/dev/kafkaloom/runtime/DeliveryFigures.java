package dev.kafkaloom.runtime;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.ConsumerGroup;
import dev.kafkaloom.consumer.Handling;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageKind;
import dev.kafkaloom.testing.RedisProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures the way from a broker to the sink; run by hand or by the acceptance script, on a broker of its own:
 *
 * <ul>
 *   <li>{@code DeliveryFigures slow [DIRECTLY|FILE|REDIS]...}: a sink that takes 10 ms for each of 40,000 records of 10,000 keys, in the order
 *       of keys, prints {@code slow: ...} and exits with 1 when that is not 100 times as fast as one thread, or memory grows
 *   <li>{@code DeliveryFigures fast <bytes> <records> [storage]...}: a sink that takes no time, in each order, and a bare consumer; prints
 *       {@code fast: ...} and exits with 1 when DIRECTLY, in the order of partitions, is more than 25 % slower than that
 * </ul>
 */
final class DeliveryFigures {
    private static final int PARTITIONS = 4;
    private static final int KEYS = 10_000;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static int groups;

    private final KafkaClient client;
    private final String topic;
    private final long records;
    private final Path folder;

    private DeliveryFigures(KafkaClient client, String topic, long records, Path folder) {
        this.client = client;
        this.topic = topic;
        this.records = records;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        boolean slow = args[0].equals("slow");
        int bytes = slow ? 100 : Integer.parseInt(args[1]);
        long records = slow ? 40_000 : Long.parseLong(args[2]);
        List<StorageKind> kinds = List.of(args).subList(slow ? 1 : 3, args.length).stream()
                .map(StorageKind::valueOf)
                .toList();
        Path folder = Files.createTempDirectory("delivery-figures");
        boolean good;
        try (EmbeddedBroker broker = EmbeddedBroker.start("4.3.1", Options.defaults());
                KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            var figures = new DeliveryFigures(client, "delivery", records, folder);
            figures.fill(bytes);
            good = slow ? figures.slow(kinds) : figures.fast(kinds, bytes);
        }
        System.exit(good ? 0 : 1);
    }

    private void fill(int bytes) throws InterruptedException {
        Topics.create(client, topic, PARTITIONS, 1);
        try (Scope scope = Scope.open("filling");
                Producer producer = Producer.open(client, ProducerConfig.DEFAULT.batchSize(1 << 18), scope)) {
            byte[] value = "v".repeat(bytes).getBytes(StandardCharsets.UTF_8);
            for (long i = 0; i < records; i++) {
                byte[] key = ("key-" + i % KEYS).getBytes(StandardCharsets.UTF_8);
                var _ = producer.send(ProduceRecord.of(topic, key, value));
            }
            producer.flush(LONG);
        }
    }

    private boolean slow(List<StorageKind> kinds) throws Exception {
        boolean good = true;
        for (StorageKind kind : kinds.isEmpty() ? List.of(StorageKind.DIRECTLY) : kinds) {
            long early = live();
            double rate = measure(kind, Ordering.KEY, batch -> {
                Thread.sleep(10L * batch.size());
                return Sink.Outcome.DONE;
            });
            long late = live();
            boolean fine = rate >= 100 * 100 && late < early * 1.25 + (16 << 20);
            good &= fine;
            System.out.printf(
                    Locale.ROOT,
                    "slow: %s %.0f records/s of 10 ms, %.0f times one thread; live heap %d, then %d MB: %s%n",
                    kind,
                    rate,
                    rate / 100,
                    early >> 20,
                    late >> 20,
                    fine ? "good" : "missed");
        }
        return good;
    }

    private boolean fast(List<StorageKind> kinds, int bytes) throws Exception {
        double bare = better(this::bare);
        System.out.printf(Locale.ROOT, "fast: bare consumer %.0f records/s of %d bytes%n", bare, bytes);
        boolean good = true;
        for (StorageKind kind : kinds) {
            for (Ordering ordering : Ordering.values()) {
                double rate = better(() -> measure(kind, ordering, _ -> Sink.Outcome.DONE));
                boolean wanted = kind == StorageKind.DIRECTLY && ordering == Ordering.PARTITION;
                good &= !wanted || rate >= 0.75 * bare;
                System.out.printf(
                        Locale.ROOT,
                        "fast: %s %s %.0f records/s of %d bytes, %.0f %% of the bare consumer%n",
                        kind,
                        ordering,
                        rate,
                        bytes,
                        100 * rate / bare);
            }
        }
        return good;
    }

    /** Of two rounds, the first of which warms up. */
    private static double better(Callable<Double> round) throws Exception {
        double first = round.call();
        return Math.max(first, round.call());
    }

    /** Records a second of a consumer whose handler only counts. */
    private double bare() throws Exception {
        LongAdder done = new LongAdder();
        long begun = System.nanoTime();
        try (Scope scope = Scope.open("figures");
                ConsumerGroup group = ConsumerGroup.start(
                        client,
                        config(Ordering.PARTITION).consumer(),
                        new MemberCount.Fixed(1),
                        (_, batch) -> done.add(batch.size()),
                        scope)) {
            await(done);
            assert group.snapshot().failed() == 0;
            return rate(begun);
        }
    }

    private double measure(StorageKind kind, Ordering ordering, Sink sink) throws Exception {
        LongAdder done = new LongAdder();
        Sink counting = batch -> {
            Sink.Outcome outcome = sink.accept(batch);
            done.add(batch.size());
            return outcome;
        };
        Path own = Files.createDirectory(folder.resolve("run-" + groups));
        try (RedisProcess redis = kind == StorageKind.REDIS ? RedisProcess.start(own) : null;
                Scope scope = Scope.open("figures")) {
            RuntimeConfig config = config(ordering).storage(storage(kind, own, redis));
            long begun = System.nanoTime();
            try (ConsumerRuntime runtime = ConsumerRuntime.start(config, client, counting, scope)) {
                await(done);
                double rate = rate(begun);
                assert runtime.snapshot().failedMembers() == 0;
                return rate;
            }
        }
    }

    private double rate(long begun) {
        return records * 1e9 / (System.nanoTime() - begun);
    }

    private void await(LongAdder done) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (done.sum() < records) {
            if (System.nanoTime() > deadline) {
                throw new IOException("only " + done.sum() + " of " + records + " records came");
            }
            Thread.sleep(5);
        }
    }

    private RuntimeConfig config(Ordering ordering) {
        ConsumerConfig consumer = ConsumerConfig.builder("figures-" + ++groups, List.of(topic))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .handling(Handling.DEFAULT.withOrdering(ordering))
                .build();
        return RuntimeConfig.of(consumer, new MemberCount.Fixed(1));
    }

    private static StorageConfig storage(StorageKind kind, Path folder, RedisProcess redis) {
        return switch (kind) {
            case DIRECTLY -> new StorageConfig.Direct();
            case FILE -> new StorageConfig.File(folder, 1L << 30, 10_000_000, 64 << 20);
            case REDIS ->
                new StorageConfig.Redis(
                        redis.server(),
                        "figures-" + groups,
                        "pending-" + groups,
                        "processing-" + groups,
                        1_000_000,
                        500,
                        Duration.ofSeconds(30),
                        0);
        };
    }

    private static long live() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
