package dev.kafkaloom.runtime;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.HandlerThreads;
import dev.kafkaloom.consumer.Handling;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.coroutine.Watchdog;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.sink.Sink;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets handlers compute on every core for three times the session timeout, on platform threads and on virtual ones; run by hand or by the
 * acceptance script, on a broker of its own. Prints {@code spinning-handler: ...} and exits with 1 unless there was no rebalance on platform
 * threads, and on virtual ones the threads were named and readiness was false before the broker dropped a member, and true again in the end.
 * What it asks the runtime is asked on the main thread, which is a platform thread; the log says {@code readiness false: ...} meanwhile.
 */
final class SpinningHandlerFigures {
    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final Duration SPIN = SESSION.multipliedBy(3);
    private static final int CARRIERS = Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());

    private final EmbeddedBroker broker;
    private final KafkaClient client;

    private SpinningHandlerFigures(EmbeddedBroker broker, KafkaClient client) {
        this.broker = broker;
        this.client = client;
    }

    public static void main(String[] args) throws Exception {
        boolean good;
        try (EmbeddedBroker broker = EmbeddedBroker.start("4.3.1", Options.defaults());
                KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            var figures = new SpinningHandlerFigures(broker, client);
            StringBuilder told = new StringBuilder();
            good = figures.platform(told);
            good &= figures.virtual(told);
            System.out.println("spinning-handler: " + told);
        }
        System.exit(good ? 0 : 1);
    }

    /** All records of a topic are handled by spinning. */
    private final class Spun implements AutoCloseable {
        private final Scope scope = Scope.open("spinning");
        private final AtomicInteger spinning = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicLong begunAt = new AtomicLong();
        private final ConsumerRuntime runtime;
        private final int rebalancesBefore;

        Spun(HandlerThreads threads) throws Exception {
            String topic = "spin-" + threads.name().toLowerCase(Locale.ROOT);
            Topics.create(client, topic, CARRIERS, 1);
            ConsumerConfig config = ConsumerConfig.builder("group-of-" + topic, List.of(topic))
                    .autoOffsetReset(OffsetReset.EARLIEST)
                    .sessionTimeout(SESSION)
                    .heartbeatInterval(Duration.ofSeconds(2))
                    .handling(Handling.DEFAULT.withThreads(threads))
                    .build();
            AtomicBoolean calm = new AtomicBoolean();
            Sink sink = _ -> {
                begunAt.compareAndSet(0, System.nanoTime());
                spinning.incrementAndGet();
                long until = begunAt.get() + SPIN.toNanos();
                while (!calm.get() && System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                done.incrementAndGet();
                return Sink.Outcome.DONE;
            };
            runtime = ConsumerRuntime.start(RuntimeConfig.of(config, new MemberCount.Fixed(2)), client, sink, scope);
            if (!runtime.awaitReady(Duration.ofSeconds(30))) {
                throw new IllegalStateException("not ready: " + runtime.snapshot());
            }
            rebalancesBefore = runtime.snapshot().rebalances();
            try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT, scope)) {
                for (int i = 0; i < CARRIERS; i++) {
                    producer.send(new ProduceRecord(topic, i, null, null, new byte[100], List.of()));
                }
                producer.flush(Duration.ofSeconds(10));
            }
        }

        boolean spins() {
            return begunAt.get() == 0 || System.nanoTime() - begunAt.get() < SPIN.toNanos();
        }

        int rebalances() {
            return runtime.snapshot().rebalances() - rebalancesBefore;
        }

        double seconds(long at) {
            return at == 0 ? -1 : (at - begunAt.get()) / 1e9;
        }

        @Override
        public void close() {
            try (scope) {
                runtime.close();
            }
        }
    }

    private boolean platform(StringBuilder told) throws Exception {
        try (Spun spun = new Spun(HandlerThreads.PLATFORM)) {
            long notReadyAt = 0;
            while (spun.spins()) {
                if (!spun.runtime.snapshot().ready()) {
                    notReadyAt = System.nanoTime();
                }
                Thread.sleep(50);
            }
            told.append(String.format(
                    Locale.ROOT,
                    "platform: %d spinning for %d s, %d rebalances, always ready %s; ",
                    spun.spinning.get(),
                    SPIN.toSeconds(),
                    spun.rebalances(),
                    notReadyAt == 0));
            return spun.rebalances() == 0 && notReadyAt == 0 && spun.spinning.get() == CARRIERS;
        }
    }

    private boolean virtual(StringBuilder told) throws Exception {
        try (Spun spun = new Spun(HandlerThreads.VIRTUAL)) {
            long notReadyAt = 0;
            long droppedAt = 0;
            Optional<Watchdog.Alarm> alarm = Optional.empty();
            while (spun.spins()) {
                RuntimeSnapshot now = spun.runtime.snapshot();
                if (notReadyAt == 0 && !now.ready()) {
                    notReadyAt = System.nanoTime();
                    alarm = now.starvation();
                }
                if (droppedAt == 0
                        && Files.readAllLines(broker.log()).stream().anyMatch(SpinningHandlerFigures::isLoss)) {
                    droppedAt = System.nanoTime();
                }
                Thread.sleep(50);
            }
            boolean back = becomesReady(spun.runtime);
            boolean named = alarm.stream()
                    .flatMap(it -> it.holders().stream())
                    .anyMatch(holder -> holder.name().startsWith("partition-spin-virtual-")
                            && holder.where().contains("SpinningHandlerFigures"));
            told.append(String.format(
                    Locale.ROOT,
                    "virtual: not ready after %.1f s, naming %s; session lost after %.1f s; ready again afterwards %s",
                    spun.seconds(notReadyAt),
                    alarm.map(it -> it.holders().toString()).orElse("nobody"),
                    spun.seconds(droppedAt),
                    back));
            return named && notReadyAt != 0 && (droppedAt == 0 || notReadyAt < droppedAt) && back;
        }
    }

    private static boolean isLoss(String line) {
        return line.contains("spin-virtual") && (line.contains("has failed") || line.contains("heartbeat expiration"));
    }

    private static boolean becomesReady(ConsumerRuntime runtime) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!runtime.snapshot().ready() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        return runtime.snapshot().ready();
    }
}
