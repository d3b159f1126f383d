package dev.kafkaloom.runtime;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.ConsumerGroup;
import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.coroutine.Watchdog;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.sink.StdoutSink;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageStats;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running consumer: the members of a group, the sink that their records go to, and a watchdog over the threads. It owns no thread
 * itself. Thread-safe.
 */
public final class ConsumerRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerRuntime.class);

    private final Scope scope;
    private final Sink sink;
    private final SinkFeeder feeder;
    private final Watchdog watchdog;
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private volatile ConsumerGroup group;
    private boolean closed; // guarded by this

    private ConsumerRuntime(RuntimeConfig config, Sink sink, Scope scope) {
        this.scope = scope;
        this.sink = sink;
        this.feeder = new SinkFeeder(sink, config, this::isDraining);
        this.watchdog = Watchdog.start(scope, config.effectiveStarvationAlarm(), new Readiness());
    }

    /** Says on the watchdog's own thread, which runs when no virtual one does, what becomes of readiness. */
    private static final class Readiness implements Watchdog.Listener {
        @Override
        public void starving(Watchdog.Alarm alarm) {
            LOG.warn(
                    "readiness false: {}; what computes for long belongs on platform threads (sinker.threads: platform)",
                    alarm);
        }

        @Override
        public void over(Duration delay) {
            LOG.warn("readiness as before: virtual threads run again, after {} ms", delay.toMillis());
        }
    }

    /**
     * Checks that the topics exist and starts; the members join in the background ({@link #awaitReady}).
     *
     * @param sink gets the records; closed with the runtime, also when the start fails
     * @param parent everything runs inside of this scope
     * @throws KafkaException as {@link ConsumerGroup#start}
     */
    public static ConsumerRuntime start(RuntimeConfig config, KafkaClient client, Sink sink, Scope parent)
            throws InterruptedException {
        ConsumerRuntime runtime = new ConsumerRuntime(config, sink, parent.child("runtime"));
        try {
            runtime.group =
                    ConsumerGroup.start(client, config.consumer(), config.members(), runtime.feeder, runtime.scope);
            return runtime;
        } catch (RuntimeException | InterruptedException e) {
            runtime.close();
            throw e;
        }
    }

    /**
     * Opens the configured sink and storage, works off what the storage still has, and starts the members as {@link #start}. What cannot
     * work is said before anything is consumed.
     *
     * @param producer how records are sent, to the dead-letter topic and by sinks that forward
     * @param standardOutput where a sink that prints prints to; not closed
     * @param parent everything runs inside of this scope
     * @throws IllegalArgumentException naming the setting of the sink or the storage that is wrong
     * @throws IOException when the sink or the storage cannot be opened
     * @throws KafkaException as {@link ConsumerGroup#start}, and when there is no dead-letter topic and none can be made
     */
    public static ConsumerRuntime open(
            RuntimeConfig config,
            KafkaClient client,
            ProducerConfig producer,
            OutputStream standardOutput,
            Scope parent)
            throws InterruptedException, IOException {
        Sink sink = new StdoutSink(new PrintStream(standardOutput, false, StandardCharsets.UTF_8));
        return start(config, client, sink, parent);
    }

    /** Where records wait for the sink; empty DIRECTLY. */
    public Optional<Storage> storage() {
        return Optional.empty();
    }

    /** Hands nothing more to the sink, until {@link #resumeSinkers}; fetching goes on until what is in between is full. */
    public void pauseSinkers() {}

    /** Undoes {@link #pauseSinkers}. */
    public void resumeSinkers() {}

    /** Hands so many records a second to the sink at most, from now on; 0: as many as it takes. */
    public void rateLimit(long perSecond) {}

    /**
     * {@link Storage#retransmit}; partitions whose sinking has stopped are tried again. Returns how many records.
     *
     * @throws KafkaException.InvalidRequest when nothing is stored
     */
    public long retransmit(boolean all) throws IOException, InterruptedException {
        return stored("retran").retransmit(all);
    }

    /**
     * {@link Storage#clear}; returns how many records.
     *
     * @throws KafkaException.InvalidRequest when nothing is stored
     */
    public long clear(boolean leasedOnly) throws IOException, InterruptedException {
        return stored("clear").clear(leasedOnly);
    }

    private Storage stored(String what) {
        return storage()
                .orElseThrow(() -> new KafkaException.InvalidRequest(
                        what + ": KAFKA_MESSAGE_STORAGE is DIRECTLY, so nothing is stored between Kafka and the sink"));
    }

    /** False also while the group is only being started. */
    private boolean isDraining(TopicPartition partition) {
        ConsumerGroup current = group;
        return current != null && current.isDraining(partition);
    }

    /** The members, to pause or seek a partition, or to commit now. */
    public ConsumerGroup group() {
        return group;
    }

    /** Waits until every member is stable in one generation; false when it is not so in time or a member has failed. */
    public boolean awaitReady(Duration timeout) throws InterruptedException {
        return group.awaitStable(timeout);
    }

    /** How everything stands now. */
    public RuntimeSnapshot snapshot() {
        GroupSnapshot now = group.snapshot();
        long inProgress =
                now.members().stream().mapToLong(MemberSnapshot::incomplete).sum();
        return new RuntimeSnapshot(
                now,
                feeder.records(),
                feeder.bytes(),
                inProgress,
                feeder.retries(),
                feeder.rejected(),
                startedAt,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                watchdog.delay(),
                watchdog.worstDelay(),
                watchdog.starvation(),
                StorageStats.NONE,
                SinkStats.NONE);
    }

    /** Lets the sink finish within {@code revoke.drain.ms}, commits, leaves the group, closes the sink. */
    @Override
    public void close() {
        close(null);
    }

    /** The same within about that time; null: as the configuration has it. */
    public void close(Duration within) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try (sink;
                scope) {
            ConsumerGroup current = group;
            if (current != null && within == null) {
                current.close();
            } else if (current != null) {
                current.close(within);
            }
        }
    }
}
