package dev.kafkaloom.bench;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.ConsumerGroup;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One member of a group that is assigned very many partitions with hardly anything in them, in a JVM of its own: what it costs. Arguments:
 * {@code ours} or {@code kafka}, the bootstrap address, the topics, how many partitions these have, how many seconds either part is
 * measured for, the broker's process id. Says {@code trickle} on standard output when records are wanted, and the figures at the end.
 */
final class IdleMeasure {
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration SETTLE = Duration.ofSeconds(15);

    private final AtomicLong records = new AtomicLong();
    private final String bootstrap;
    private final List<String> topics;
    private final int partitions;
    private volatile boolean over;
    private volatile boolean ready;
    private volatile int known;

    private IdleMeasure(String bootstrap, List<String> topics, int partitions) {
        this.bootstrap = bootstrap;
        this.topics = topics;
        this.partitions = partitions;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        IdleMeasure measure = new IdleMeasure(args[1], List.of(args[2].split(",")), Integer.parseInt(args[3]));
        Duration part = Duration.ofSeconds(Long.parseLong(args[4]));
        long broker = Long.parseLong(args[5]);
        if (args[0].equals("ours")) {
            measure.ours(part, broker);
        } else {
            measure.kafka(part, broker);
        }
    }

    private void ours(Duration part, long broker) throws IOException, InterruptedException {
        ConsumerConfig config = ConsumerConfig.builder("idle-ours-" + System.nanoTime(), topics)
                .autoOffsetReset(OffsetReset.EARLIEST)
                .build();
        try (Scope scope = Scope.open("bench");
                KafkaClient client = KafkaClient.open(ClientConfig.of(bootstrap))) {
            client.cluster();
            long before = heap();
            try (ConsumerGroup group = ConsumerGroup.start(
                    client, config, new MemberCount.Fixed(1), (_, batch) -> records.addAndGet(batch.size()), scope)) {
                await(() -> fetched(group) == partitions);
                measure(part, broker, before);
            }
        }
    }

    private static long fetched(ConsumerGroup group) {
        List<MemberSnapshot> members = group.snapshot().members();
        if (members.stream().anyMatch(member -> member.state().equals("failed"))) {
            throw new IllegalStateException("the member failed: " + members);
        }
        return members.stream()
                .flatMap(member -> member.partitions().stream())
                .filter(partition -> partition.highWatermark() >= 0)
                .count();
    }

    private void kafka(Duration part, long broker) throws IOException, InterruptedException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                "idle-kafka-" + System.nanoTime(),
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                Scope scope = Scope.open("bench")) {
            consumer.partitionsFor(topics.getFirst());
            long before = heap();
            consumer.subscribe(topics);
            scope.goPlatform("poll", () -> {
                while (!over) {
                    records.addAndGet(consumer.poll(Duration.ofSeconds(1)).count());
                    if (!ready) {
                        known = (int) consumer.assignment().stream()
                                .map(consumer::currentLag)
                                .filter(OptionalLong::isPresent)
                                .count();
                    }
                }
            });
            await(() -> known == partitions);
            measure(part, broker, before);
            over = true;
            scope.join(Duration.ofSeconds(10));
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not all partitions were fetched within " + READY_WITHIN);
            }
            Thread.sleep(500);
        }
    }

    private void measure(Duration part, long broker, long before) throws IOException, InterruptedException {
        ready = true;
        Thread.sleep(SETTLE);
        long live = heap();
        ProcStat start = ProcStat.now(broker);
        Thread.sleep(part);
        ProcStat idle = ProcStat.now(broker);
        System.out.println("trickle");
        Thread.sleep(Duration.ofSeconds(3));
        long had = records.get();
        ProcStat trickle = ProcStat.now(broker);
        Thread.sleep(part);
        ProcStat end = ProcStat.now(broker);
        long read = records.get() - had;
        System.out.printf(
                Locale.ROOT,
                "figures heap=%d after=%d idle=%.3f idlejit=%.3f idlebroker=%.3f trickle=%.3f tricklejit=%.3f tricklebroker=%.3f"
                        + " records=%d peak=%.0f%n",
                (live - before) / partitions,
                (heap() - before) / partitions,
                perMinute(idle.cpu() - start.cpu(), part),
                perMinute(idle.jit() - start.jit(), part),
                perMinute(idle.broker() - start.broker(), part),
                perMinute(end.cpu() - trickle.cpu(), part),
                perMinute(end.jit() - trickle.jit(), part),
                perMinute(end.broker() - trickle.broker(), part),
                read,
                ProcStat.peakMegabytes());
    }

    private static double perMinute(double seconds, Duration part) {
        return seconds * 60 / part.toSeconds();
    }

    /** The least of a few, because what waits for a reference to be cleared is no live heap. */
    private static long heap() throws InterruptedException {
        long[] used = new long[4];
        for (int i = 0; i < used.length; i++) {
            System.gc();
            Thread.sleep(200);
            used[i] = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
        return Arrays.stream(used).min().orElseThrow();
    }
}
