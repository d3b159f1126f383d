package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.GoBack;
import dev.kafkaloom.consumer.RangeHandler;
import dev.kafkaloom.consumer.RebalanceListener;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.Storage;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from the partitions into the storage: appends what they read on their own threads, and tells the storage which are this process's.
 * A partition that is given back is first worked off, where only this process can. Thread-safe.
 */
final class Storing implements RangeHandler, RebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(Storing.class);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);
    private static final Duration GLANCE = Duration.ofMillis(50);

    /** Tells a topic's id, {@link Uuid#ZERO} where topics have none. */
    interface TopicIds {
        Uuid of(String topic) throws InterruptedException;
    }

    private record Known(long assignmentEpoch, Uuid topicId) {}

    private final Storage storage;
    private final Sinkers sinkers;
    private final SinkGate gate;
    private final TopicIds ids;
    private final Duration drainTimeout;
    private final Predicate<TopicPartition> draining;
    private final Map<TopicPartition, Known> known = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> stored = new ConcurrentHashMap<>(); // in this assignment, up to there
    private final Map<TopicPartition, String> troubles = new ConcurrentHashMap<>();
    private volatile long endBy; // nanoTime; 0: not ending

    /** {@code drainTimeout}: how long a partition that is given back may be worked off. */
    Storing(
            Storage storage,
            Sinkers sinkers,
            SinkGate gate,
            TopicIds ids,
            Duration drainTimeout,
            Predicate<TopicPartition> draining) {
        this.storage = storage;
        this.sinkers = sinkers;
        this.gate = gate;
        this.ids = ids;
        this.drainTimeout = drainTimeout;
        this.draining = draining;
    }

    @Override
    public void handle(RecordRange range) throws GoBack, InterruptedException {
        long has = append(topicId(range), range);
        if (has < range.next()) {
            throw new GoBack(
                    has,
                    "the storage has everything only up to there; " + (range.first() - has)
                            + " offsets that it had are lost and are read again");
        }
    }

    /** A storage tries again by itself; whatever still comes out of it must not stop the partition either. */
    private long append(Uuid topicId, RecordRange range) throws InterruptedException {
        TopicPartition partition = range.partition();
        Duration backOff = FIRST_BACK_OFF;
        while (true) {
            try {
                long has = storage.append(topicId, range, () -> !draining.test(partition));
                troubles.remove(partition);
                stored.put(partition, has);
                return has;
            } catch (RuntimeException e) {
                String why = e instanceof KafkaException known ? known.oneLine() : e.toString();
                if (troubles.put(partition, why) == null) {
                    LOG.warn(
                            "{} cannot be stored from offset {} on, and is tried again: {}",
                            partition,
                            range.first(),
                            why);
                }
                LOG.debug("{} cannot be stored", partition, e);
            }
            pause(partition, backOff);
            backOff = backOff.multipliedBy(2).compareTo(LONGEST_BACK_OFF) < 0
                    ? backOff.multipliedBy(2)
                    : LONGEST_BACK_OFF;
        }
    }

    private void pause(TopicPartition partition, Duration wait) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        for (long left = wait.toNanos(); left > 0; left = until - System.nanoTime()) {
            if (draining.test(partition)) {
                throw new InterruptedException(partition + " is being given back while it cannot be stored");
            }
            Thread.sleep(Duration.ofNanos(Math.min(left, GLANCE.toNanos())));
        }
    }

    /** Looked up once for each assignment. */
    private Uuid topicId(RecordRange range) throws InterruptedException {
        TopicPartition partition = range.partition();
        Known now = known.get(partition);
        if (now == null || now.assignmentEpoch != range.assignmentEpoch()) {
            now = new Known(range.assignmentEpoch(), lookUp(partition.topic()));
            known.put(partition, now);
        }
        return now.topicId;
    }

    private Uuid lookUp(String topic) throws InterruptedException {
        try {
            return ids.of(topic);
        } catch (KafkaException e) {
            LOG.debug("the id of {} is not known", topic, e);
            return Uuid.ZERO;
        }
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions, long epoch) throws InterruptedException {
        owned(partitions, true);
    }

    @Override
    public void revoked(Collection<TopicPartition> partitions, long epoch) throws InterruptedException {
        drain(partitions);
        partitions.forEach(this::willBeCommitted);
        lost(partitions, epoch);
    }

    /** All that is stored is committed next; should that fail, some of it will come twice. */
    private void willBeCommitted(TopicPartition partition) {
        Long next = stored.get(partition);
        if (next != null) {
            storage.committed(partition, next);
        }
    }

    @Override
    public void lost(Collection<TopicPartition> partitions, long epoch) throws InterruptedException {
        troubles.keySet().removeAll(partitions);
        stored.keySet().removeAll(partitions);
        owned(partitions, false);
        sinkers.tryAgain(partitions);
    }

    private void owned(Collection<TopicPartition> partitions, boolean now) throws InterruptedException {
        try {
            storage.owned(partitions, now);
        } catch (RuntimeException e) {
            LOG.warn("telling the storage that {} are {}: {}", partitions, now ? "ours" : "not ours", e.toString());
        }
    }

    private void drain(Collection<TopicPartition> partitions) throws InterruptedException {
        Collection<TopicPartition> able = gate.isPaused() ? List.of() : sinkers.working(partitions);
        Duration within = drainTimeout;
        if (endBy != 0) {
            Duration left = Duration.ofNanos(Math.max(0, endBy - System.nanoTime()));
            within = left.compareTo(within) < 0 ? left : within;
        }
        if (!able.isEmpty() && !storage.drain(able, within)) {
            LOG.warn(
                    "{} were not worked off within {} ms before they are given back: what is stored here of them comes to the sink"
                            + " later, whatever their next owner does meanwhile",
                    able,
                    within.toMillis());
        }
    }

    /** Partitions that are given back from now on are worked off until then at most; nanoTime. */
    void endBy(long nanos) {
        endBy = nanos == 0 ? 1 : nanos;
    }

    /** Why something cannot be stored; empty when all can. */
    Optional<String> trouble() {
        return troubles.entrySet().stream()
                .findFirst()
                .map(each -> each.getKey() + " cannot be stored: " + each.getValue());
    }
}
