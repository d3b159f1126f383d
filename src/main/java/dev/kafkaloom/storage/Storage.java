package dev.kafkaloom.storage;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Where records wait, durably, between the partition that read them and the sinker that takes them to the sink. A stored record belongs to
 * the storage, not to the partition's owner: it is handed out until it is acked, whoever owns the partition meanwhile.
 *
 * <p>Two fences: {@link #append} guards what may be stored, so that what is committed to Kafka is always stored; the {@link Lease}'s token
 * guards what may be acked. Thread-safe.
 */
public interface Storage extends AutoCloseable {
    /**
     * Stores a stretch, durably when it returns. Blocks while the storage is full or cannot be written, trying again by itself. What is
     * stored already of it is skipped.
     *
     * <p>The storage keeps for each partition (and topic id) the offset up to which it has everything, its mark. A stretch that begins
     * behind the mark is stored from the mark on, unless the consumer was moved back on purpose: that is so when it begins below what the
     * storage knows to have been committed, or below the end of the stretch before in the same assignment; the mark then moves back, too.
     * One that begins beyond the mark moves it forward, unless records may have been lost here; see the answer.
     *
     * @param topicId {@link Uuid#ZERO} when it is not known
     * @param wanted asked while it blocks: once it is false, the partition is being given back and nothing more need be stored
     * @return up to which offset the storage now has everything: {@code range.next()}; or less than {@code range.first()}, then nothing
     *     was stored, because records that were stored are lost and have to be read again from that offset on
     * @throws InterruptedException when it was interrupted, or is not wanted any more; nothing, or all, may have been stored
     */
    long append(Uuid topicId, RecordRange range, BooleanSupplier wanted) throws InterruptedException;

    /**
     * Whether something is lost that was stored and committed, and would only be noticed at the next {@link #append}, which may be long in
     * coming. Cheap, asked now and then; each loss is told once.
     *
     * @param committed up to which offset the group's offsets are committed
     * @return from which offset on the partition has to be read again; empty: nothing is lost
     */
    default OptionalLong lostSince(TopicPartition partition, long committed) {
        return OptionalLong.empty();
    }

    /**
     * The group's offset of a partition is committed up to there, or is about to be: a stretch that begins below it, at the start of a later
     * assignment, was moved back on purpose ({@link #append}). Need not be durable at once: forgotten, less is told apart. Does not block.
     */
    default void committed(TopicPartition partition, long offset) {}

    /**
     * Takes records of one partition, the oldest of those that wait. Until {@link Lease#passOn()} nobody else gets records of that partition.
     *
     * @param max at most so many records, unless what was stored together cannot be parted
     * @param wait how long to wait for records
     * @return null when there were none in that time
     */
    Lease take(int max, Duration wait) throws InterruptedException;

    /** What it has now. Asks the network only for what others may have changed; never blocks longer than about a second. */
    StorageStats stats();

    /** Up to so many of the records it has, the oldest of each partition first, for people. */
    List<StoredRecord> peek(int max) throws IOException, InterruptedException;

    /**
     * Puts what is leased back to the front of what waits, in offset order, with a higher delivery count; the old leases become void.
     *
     * @param all also leases of the living; otherwise only those that have timed out or whose owner is dead
     * @return how many records
     */
    long retransmit(boolean all) throws IOException, InterruptedException;

    /** Throws away what is stored, or only what is {@code leased}; returns how many records. What is in work is done for nothing. */
    long clear(boolean leasedOnly) throws IOException, InterruptedException;

    /** Waits until these partitions have nothing stored here; false when they still have in the end. Where others can take over: true at once. */
    boolean drain(Collection<TopicPartition> partitions, Duration timeout) throws InterruptedException;

    /** These partitions are this process's now, or no longer. A storage that is shared lets only one process take from a partition. */
    void owned(Collection<TopicPartition> partitions, boolean now) throws InterruptedException;

    /** Stops handing out, makes acks durable, leaves what is stored where it is. */
    @Override
    void close();
}
