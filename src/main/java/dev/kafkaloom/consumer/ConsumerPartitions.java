package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The partitions of a {@link Consumer}: which they are, where each stands and where it goes on. Thread-safe. What is asked of a consumer
 * that nobody has used yet makes it begin, to be polled.
 */
public abstract sealed class ConsumerPartitions permits Consumer {
    final KafkaClient client;
    final ConsumerConfig config;
    final Polling polling;
    final Starting starting;

    ConsumerPartitions(KafkaClient client, ConsumerConfig config, Polling polling, Starting starting) {
        this.client = client;
        this.config = config;
        this.polling = polling;
        this.starting = starting;
    }

    /** The source, started. */
    Source started() throws InterruptedException {
        Duration timeout = client.config().apiTimeout();
        Source source = starting.awaitAny(polling, timeout.toNanos());
        if (source == null) {
            throw new KafkaException.RequestTimedOut("start of the consumer", timeout);
        }
        return source;
    }

    /** The partitions that this consumer has now. */
    public Set<TopicPartition> assignment() {
        return new TreeSet<>(works().keySet());
    }

    /** The offset of the next record to be handed out; -1 while that is still being looked up. */
    public long position(TopicPartition partition) throws InterruptedException {
        return work(partition).snapshot().position();
    }

    /** The same of all assigned partitions. */
    public Map<TopicPartition, Long> positions() {
        return ofEach(work -> work.snapshot().position());
    }

    /**
     * How many records there are behind the position, as the leader last said; those that retention has deleted already do not count, nor,
     * with read_committed, those that cannot be read yet. -1 while unknown.
     */
    public long lag(TopicPartition partition) throws InterruptedException {
        return lag(work(partition));
    }

    private static long lag(PartitionWork work) {
        PartitionSnapshot now = work.snapshot();
        long end = work instanceof PolledPartition polled ? polled.end() : now.highWatermark();
        return end < 0 ? -1 : Math.max(0, end - Math.max(now.position(), now.logStart()));
    }

    /** The same of all assigned partitions. */
    public Map<TopicPartition, Long> lags() {
        return ofEach(ConsumerPartitions::lag);
    }

    /** The ends of the assigned partitions as their leaders last said; -1 while unknown. */
    public Map<TopicPartition, Long> highWatermarks() {
        return ofEach(work -> work.snapshot().highWatermark());
    }

    private Map<TopicPartition, Long> ofEach(ToLongFunction<PartitionWork> figure) {
        Map<TopicPartition, Long> figures = new TreeMap<>();
        works().forEach((partition, work) -> figures.put(partition, figure.applyAsLong(work)));
        return figures;
    }

    /** How all assigned partitions stand. */
    public List<PartitionSnapshot> snapshot() {
        return works().values().stream().map(PartitionWork::snapshot).toList();
    }

    /**
     * Goes on at that offset, in either direction: no poll that begins after this returns anything else. What was polled before counts as
     * not polled, and committed is from now on what is done from there. A partition that had stopped goes on.
     *
     * @throws KafkaException.InvalidRequest when the partition is not assigned
     */
    public void seek(TopicPartition partition, long offset) throws InterruptedException {
        if (offset < 0) {
            throw new IllegalArgumentException("cannot seek " + partition + " to " + offset + ": offsets begin at 0");
        }
        work(partition).seek(offset);
    }

    /** Goes on at the oldest records. */
    public void seekToBeginning(Collection<TopicPartition> partitions) throws InterruptedException {
        seekAll(beginningOffsets(partitions));
    }

    /** Goes on behind the newest records. */
    public void seekToEnd(Collection<TopicPartition> partitions) throws InterruptedException {
        seekAll(endOffsets(partitions));
    }

    /** Goes on at the first record that is not older; where there is none, behind the newest. */
    public void seekToTime(Collection<TopicPartition> partitions, Instant time) throws InterruptedException {
        Map<TopicPartition, Long> offsets = new TreeMap<>(endOffsets(partitions));
        offsets.putAll(offsetsForTimes(partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> time))));
        seekAll(offsets);
    }

    private void seekAll(Map<TopicPartition, Long> offsets) throws InterruptedException {
        for (var each : offsets.entrySet()) {
            seek(each.getKey(), each.getValue());
        }
    }

    /**
     * Hands out nothing more of these until {@link #resume}; what was fetched is kept. A partition that is revoked forgets that it was
     * paused: whoever gets it next, this consumer included, reads it.
     *
     * @throws KafkaException.InvalidRequest when one is not assigned
     */
    public void pause(Collection<TopicPartition> partitions) throws InterruptedException {
        for (TopicPartition partition : partitions) {
            work(partition).pause();
        }
    }

    /** Undoes {@link #pause}. */
    public void resume(Collection<TopicPartition> partitions) throws InterruptedException {
        for (TopicPartition partition : partitions) {
            work(partition).resume();
        }
    }

    /** The assigned partitions that are paused. */
    public Set<TopicPartition> paused() {
        return works().entrySet().stream()
                .filter(each -> each.getValue().isPaused())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The assigned partitions that have stopped, and why; {@link #seek} sets them going again. */
    public Map<TopicPartition, Throwable> failed() {
        Map<TopicPartition, Throwable> failed = new TreeMap<>();
        works().forEach((partition, work) -> {
            if (work instanceof PolledPartition polled) {
                polled.stoppedBy().ifPresent(why -> failed.put(partition, why));
            } else {
                work.failure().ifPresent(why -> failed.put(partition, why));
            }
        });
        return failed;
    }

    private Map<TopicPartition, PartitionWork> works() {
        return starting.started().map(Source::works).orElse(Map.of());
    }

    private PartitionWork work(TopicPartition partition) throws InterruptedException {
        return started()
                .work(partition)
                .orElseThrow(
                        () -> new KafkaException.InvalidRequest(partition + " is not assigned to this consumer now"));
    }

    // ---- what the log holds, of any partitions

    /** The oldest offsets. */
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions)
            throws InterruptedException {
        return OffsetLookup.list(
                client,
                partitions.stream()
                        .distinct()
                        .collect(Collectors.toMap(Function.identity(), _ -> OffsetLookup.EARLIEST)));
    }

    /** The offsets behind the newest records; with read_committed behind the newest that can be read. */
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) throws InterruptedException {
        return OffsetLookup.ends(
                client, Set.copyOf(partitions), config.isolation().id());
    }

    /** The offsets of the first records that are not older than that; partitions without any are absent. */
    public Map<TopicPartition, Long> offsetsForTimes(Map<TopicPartition, Instant> times) throws InterruptedException {
        Map<TopicPartition, Long> timestamps = new TreeMap<>();
        times.forEach((partition, time) -> timestamps.put(partition, time.toEpochMilli()));
        Map<TopicPartition, Long> found = new TreeMap<>(OffsetLookup.list(client, timestamps));
        found.values().removeIf(offset -> offset < 0);
        return found;
    }

    /** What the group has committed; partitions without anything are absent. */
    public Map<TopicPartition, CommittedOffset> committed(Collection<TopicPartition> partitions)
            throws InterruptedException {
        return GroupOffsets.committed(client, config.groupId(), partitions);
    }
}
