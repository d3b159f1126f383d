package dev.kafkaloom.runtime;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.ConsumerGroup;
import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.coroutine.Restart;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.coroutine.Watchdog;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.sink.RecordSender;
import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.sink.SinkContext;
import dev.kafkaloom.sink.Sinks;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageKind;
import dev.kafkaloom.storage.StorageStats;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running consumer: the members of a group, the sink that their records go to, and a watchdog over the threads. It owns no thread
 * itself. Thread-safe.
 */
public final class ConsumerRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerRuntime.class);

    private static final Duration LEAST_TO_END = Duration.ofSeconds(1);

    /** Makes the sink. */
    private interface SinkOpening {
        Sink open(RecordSender sender, Scope scope) throws IOException, InterruptedException;
    }

    private final RuntimeConfig config;
    private final Scope scope;
    private final SinkGate gate;
    private final SinkFigures figures = new SinkFigures();
    private final ProducerSender sender;
    private final Watchdog watchdog;
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private volatile Sink sink; // these are set, in this order, by the start
    private volatile Storage storage; // null DIRECTLY
    private volatile Sinkers sinkers; // null DIRECTLY, as the next two
    private volatile Storing storing;
    private volatile StorageSight sight;
    private volatile ConsumerGroup group;
    private boolean closed; // guarded by this

    private ConsumerRuntime(RuntimeConfig config, KafkaClient client, ProducerConfig producer, Scope scope) {
        this.config = config;
        this.scope = scope;
        this.gate = new SinkGate(config.sinkers().recordsPerSecond());
        this.sender = new ProducerSender(client, producer, scope);
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
     * Opens the configured sink and storage, works off what the storage still has, checks that the topics exist, and starts the members;
     * they join in the background ({@link #awaitReady}). What cannot work is said before anything is consumed.
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
        SinkerConfig sinker = config.sinkers();
        return start(config, client, producer, parent, (sender, scope) -> {
            var context = new SinkContext(sinker.options(), sinker.home(), sender, standardOutput, scope);
            try {
                return Sinks.open(sinker.sink(), sinker.script(), context);
            } catch (IOException | InterruptedException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("the sink " + sinker.sink() + " cannot be opened: " + e, e);
            }
        });
    }

    /** The same with a sink that is there already; it is closed with the runtime, also when the start fails. */
    public static ConsumerRuntime start(RuntimeConfig config, KafkaClient client, Sink sink, Scope parent)
            throws InterruptedException {
        try {
            return start(config, client, ProducerConfig.DEFAULT, parent, (_, _) -> sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with a storage of one's own, which is closed with it as well. */
    static ConsumerRuntime start(RuntimeConfig config, KafkaClient client, Sink sink, Storage storage, Scope parent)
            throws InterruptedException {
        ConsumerRuntime runtime = new ConsumerRuntime(config, client, ProducerConfig.DEFAULT, parent.child("runtime"));
        runtime.sink = sink;
        runtime.storage = storage;
        return runtime.begin(client);
    }

    private static ConsumerRuntime start(
            RuntimeConfig config, KafkaClient client, ProducerConfig producer, Scope parent, SinkOpening opening)
            throws InterruptedException, IOException {
        ConsumerRuntime runtime = new ConsumerRuntime(config, client, producer, parent.child("runtime"));
        try {
            runtime.sink = opening.open(runtime.sender, runtime.scope.child("sink"));
            runtime.storage =
                    StorageOpening.open(config.storage(), config.consumer().groupId(), runtime.scope.child("storage"));
        } catch (RuntimeException | InterruptedException | IOException e) {
            runtime.close();
            throw e;
        }
        return runtime.begin(client);
    }

    private ConsumerRuntime begin(KafkaClient client) throws InterruptedException {
        try {
            DeadLetterWriter deadLetters = config.sinkers().deadLetterTopic().isEmpty()
                    ? null
                    : DeadLetterWriter.open(client, sender, config.sinkers().deadLetterTopic(), config.consumer());
            SinkCalls calls = new SinkCalls(sink, config.sinkers(), gate, figures, deadLetters);
            if (storage == null) {
                beginDirectly(client, calls);
            } else {
                beginStored(client, calls);
            }
            return this;
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void beginDirectly(KafkaClient client, SinkCalls calls) throws InterruptedException {
        boolean inLanes = config.consumer().handling().ordering() != Ordering.PARTITION;
        group = ConsumerGroup.start(
                client, config.consumer(), config.members(), new DirectFeeder(calls, inLanes, this::isDraining), scope);
    }

    private void beginStored(KafkaClient client, SinkCalls calls) throws InterruptedException {
        sight = new StorageSight(storage);
        sinkers = Sinkers.start(storage, calls, gate, figures, config, scope);
        storing = new Storing(
                storage, sinkers, gate, topic -> topicId(client, topic), drainTimeout(client), this::isDraining);
        workOff();
        ConsumerGroup started =
                ConsumerGroup.start(client, config.consumer(), config.members(), storing, storing, scope);
        group = started;
        LossWatch losses = new LossWatch(storage, started::snapshot, started::seek);
        scope.supervise(
                "storage/losses", Restart.onException(Duration.ofSeconds(1), Duration.ofSeconds(10)), losses::run);
    }

    private static Uuid topicId(KafkaClient client, String topic) throws InterruptedException {
        TopicInfo info = client.clusterWith(List.of(topic)).topics().get(topic);
        return info == null ? Uuid.ZERO : info.id();
    }

    /** The members that give back must not be thrown out of the group meanwhile; JoinGroup v0 knows the session's time-out only. */
    private Duration drainTimeout(KafkaClient client) throws InterruptedException {
        boolean sessionCounts = client.versions()
                .common(ApiKey.JOIN_GROUP)
                .map(range -> range.highest() == 0)
                .orElse(false);
        ConsumerConfig consumer = config.consumer();
        Duration most = sessionCounts
                ? consumer.sessionTimeout().dividedBy(4)
                : consumer.rebalanceTimeout().dividedBy(2);
        return min(config.storageDrainTimeout(), most);
    }

    /** What an earlier run left, before others of the group can be told of what comes behind it. */
    private void workOff() throws InterruptedException {
        StorageStats left = sight.stats();
        if (config.storage().kind() != StorageKind.FILE || left.size() == 0) {
            return;
        }
        LOG.info(
                "{} records are stored from an earlier run: they go to the sink before the group is joined",
                left.size());
        List<TopicPartition> partitions = left.partitions().stream()
                .map(StorageStats.PartitionStats::partition)
                .toList();
        if (!storage.drain(partitions, config.storageDrainTimeout())) {
            LOG.warn(
                    "{} of them are not done after storage.drain.timeout.ms {}; the group is joined all the same",
                    storage.stats().size(),
                    config.storageDrainTimeout().toMillis());
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Where records wait for the sink; empty DIRECTLY. */
    public Optional<Storage> storage() {
        return Optional.ofNullable(storage);
    }

    /** Hands nothing more to the sink, until {@link #resumeSinkers}; fetching goes on until what is in between is full. */
    public void pauseSinkers() {
        gate.pause(true);
    }

    /** Undoes {@link #pauseSinkers}. */
    public void resumeSinkers() {
        gate.pause(false);
    }

    /**
     * Hands so many records a second to the sink at most, from now on; 0: as many as it takes.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public void rateLimit(long perSecond) {
        if (perSecond < 0) {
            throw new IllegalArgumentException("rate " + perSecond + ": must not be negative; 0 is no limit");
        }
        gate.limit(perSecond);
    }

    /**
     * {@link Storage#retransmit}; partitions whose sinking has stopped are tried again. Returns how many records.
     *
     * @throws KafkaException.InvalidRequest when nothing is stored
     */
    public long retransmit(boolean all) throws IOException, InterruptedException {
        long back = stored("retran").retransmit(all);
        sinkers.tryAgain();
        return back;
    }

    /**
     * {@link Storage#clear}; partitions whose sinking has stopped are tried again. Returns how many records.
     *
     * @throws KafkaException.InvalidRequest when nothing is stored
     */
    public long clear(boolean leasedOnly) throws IOException, InterruptedException {
        long thrown = stored("clear").clear(leasedOnly);
        sinkers.tryAgain();
        return thrown;
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

    /** What has ended it although nobody closed it; not the failures of members, whom others may outlive. */
    public Optional<Throwable> failure() {
        return scope.failure().or(() -> Optional.ofNullable(group).flatMap(ConsumerGroup::broken));
    }

    /** How everything stands now. */
    public RuntimeSnapshot snapshot() {
        GroupSnapshot now = group.snapshot();
        StorageStats stored = sight == null ? StorageStats.NONE : sight.stats();
        long undone =
                now.members().stream().mapToLong(MemberSnapshot::incomplete).sum();
        return new RuntimeSnapshot(
                now,
                figures.records(),
                figures.bytes(),
                undone + stored.size(),
                figures.retries(),
                figures.rejectedSoFar(),
                startedAt,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                watchdog.delay(),
                watchdog.worstDelay(),
                watchdog.starvation(),
                stored,
                sinkStats());
    }

    private SinkStats sinkStats() {
        Sinkers stored = sinkers;
        if (stored == null) {
            figures.forget(this::isDraining);
        }
        List<String> troubles =
                new ArrayList<>(figures.overdue(config.consumer().handling().deadline()));
        if (stored != null) {
            troubles.addAll(stored.troubles());
            storing.trouble().ifPresent(troubles::add);
        }
        failure().ifPresent(why -> troubles.add("nothing is consumed any more: " + why));
        int count = stored == null ? 0 : stored.count();
        int restarts = stored == null ? 0 : stored.restarts();
        return figures.stats(config.sinkers().sinkName(), gate, count, restarts, troubles);
    }

    /** {@link #close(Duration)} within {@code shutdown.timeout.ms}. */
    @Override
    public void close() {
        close(config.shutdownTimeout());
    }

    /**
     * Fetches nothing more, lets the sink finish what it has, works off what only this process can (FILE), commits, leaves the group, closes
     * storage and sink; all within about that time. What is not done by then comes again.
     */
    public void close(Duration within) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        long deadline = System.nanoTime() + within.toNanos();
        scope.closeDeadline(LEAST_TO_END); // all in it has had its time by then
        try (scope;
                sender;
                var _ = new BoundedEnd("sink", sink, deadline)) {
            if (storage == null) {
                closeGroup(within);
            } else {
                closeStored(deadline, within);
            }
        }
    }

    private void closeStored(long deadline, Duration within) {
        try (var _ = new BoundedEnd("storage", storage, deadline)) {
            if (storing != null) {
                storing.endBy(System.nanoTime() + within.toNanos() / 2);
            }
            closeGroup(within.multipliedBy(3).dividedBy(4));
            if (sinkers != null) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                sinkers.close(left.compareTo(LEAST_TO_END) > 0 ? left : LEAST_TO_END);
            }
        }
    }

    private void closeGroup(Duration within) {
        ConsumerGroup current = group;
        if (current != null) {
            current.close(within);
        }
    }
}
