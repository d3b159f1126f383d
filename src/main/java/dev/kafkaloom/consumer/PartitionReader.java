package dev.kafkaloom.consumer;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads given partitions from given offsets, without a group and without commits.
 *
 * <p>{@link #poll} belongs to one thread at a time; positions and marks may be asked for from any thread.
 */
public final class PartitionReader implements AutoCloseable {
    /** About how many records one {@link #poll} returns at most: less than twice as many. */
    public static final int MAX_POLL_RECORDS = 500;

    private static final long MAX_POLL_BYTES = 4L << 20; // and one chunk beyond it

    private static final AtomicInteger OPENED = new AtomicInteger();

    /** One partition as this reader sees it. */
    private record Source(Mailbox mailbox, ChunkReader chunks) {}

    private final Fetchers fetchers;
    private final Signal mail = new Signal();
    private final Map<TopicPartition, Source> sources = new TreeMap<>();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final Deque<Source> turn = new ArrayDeque<>();
    private Source reading;
    private Mail.Batches opened;
    private KafkaException trouble;

    private PartitionReader(Fetchers fetchers) {
        this.fetchers = fetchers;
    }

    /** Starts to fetch in the background, on connections and with a byte budget of its own; threads end with {@code parent} or on close. */
    public static PartitionReader open(
            KafkaClient client, Map<TopicPartition, Long> starts, FetchConfig config, Scope parent) {
        PartitionReader reader =
                new PartitionReader(Fetchers.open(client, config, parent, "reader-" + OPENED.incrementAndGet()));
        new TreeMap<>(starts).forEach((partition, start) -> {
            Mailbox mailbox = reader.fetchers.subscribe(partition, 0, StartAt.offset(start), reader.mail::raise);
            ChunkReader chunks = new ChunkReader(partition, 0, config, OnCorrupt.STOP, MAX_POLL_RECORDS);
            Source source = new Source(mailbox, chunks);
            reader.sources.put(partition, source);
            reader.positions.put(partition, start);
            reader.turn.add(source);
        });
        return reader;
    }

    /**
     * The next records, of one partition or of several, in offset order for each; empty when none came in time.
     *
     * @throws KafkaException when a partition cannot be read on: its offset is out of range, its data are damaged, it is not allowed
     */
    public List<ConsumedRecord> poll(Duration max) throws InterruptedException {
        long deadline = System.nanoTime() + max.toNanos();
        while (true) {
            List<ConsumedRecord> records = readWhatIsThere();
            long left = deadline - System.nanoTime();
            if (!records.isEmpty() || left <= 0) {
                return records;
            }
            mail.await(left);
        }
    }

    /** For each partition the offset behind the last record that {@link #poll} returned, or behind what it found to hold nothing to see. */
    public Map<TopicPartition, Long> positions() {
        return Map.copyOf(positions);
    }

    /** The ends of the partitions as their leaders said last; of one that has not answered yet there is none. */
    public Map<TopicPartition, Long> highWatermarks() {
        Map<TopicPartition, Long> marks = new TreeMap<>();
        sources.forEach((partition, source) -> {
            if (source.mailbox.highWatermark() >= 0) {
                marks.put(partition, source.mailbox.highWatermark());
            }
        });
        return marks;
    }

    /** Stops fetching; what is buffered is dropped. */
    @Override
    public void close() {
        fetchers.close();
    }

    private List<ConsumedRecord> readWhatIsThere() {
        List<ConsumedRecord> records = new ArrayList<>();
        try {
            long bytes = 0;
            while (trouble == null
                    && records.size() < MAX_POLL_RECORDS
                    && bytes < MAX_POLL_BYTES
                    && (opened != null || openNext())) {
                bytes += readInto(records);
            }
        } catch (KafkaException e) {
            trouble = e;
        }
        if (trouble != null && records.isEmpty()) {
            throw trouble; // now and at every later poll; what was read before it is returned first
        }
        return records;
    }

    /** How many bytes it read. */
    private long readInto(List<ConsumedRecord> records) {
        Chunk chunk = reading.chunks.next();
        if (chunk == null) {
            reading.mailbox.release(opened);
            opened = null;
            return 0;
        }
        reading.mailbox.hold(reading.chunks.decompressedBytes());
        positions.put(reading.mailbox.partition(), chunk.next());
        records.addAll(chunk.records());
        return chunk.bytes();
    }

    /** Opens the mail of the next partition that has some, each in its turn. */
    private boolean openNext() {
        for (int i = turn.size(); i > 0; i--) {
            Source source = turn.poll();
            turn.add(source);
            switch (source.mailbox.poll()) {
                case null -> {}
                case Mail.Batches batches -> {
                    reading = source;
                    opened = batches;
                    source.chunks.open(batches, positions.get(source.mailbox.partition()));
                    return true;
                }
                case Mail.Lost lost ->
                    throw new KafkaException.BrokerError(
                            ErrorCode.OFFSET_OUT_OF_RANGE,
                            "fetch of " + source.mailbox.partition() + " at offset "
                                    + lost.position().at().offset() + ", which "
                                    + lost.position().why());
                case Mail.Failed failed -> throw failed.cause();
                case Mail.Moved _ -> {}
            }
        }
        return false;
    }
}
