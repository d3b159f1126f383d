package dev.kafkaloom.storage.file;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.StorageStats.PartitionStats;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** What is stored of a partition, and up to where. Everything but {@link #appending} is guarded by the {@link Shelf}'s lock. */
final class StoredPartition {
    private static final long NEVER = -1;

    /** A stretch of a chunk's records that waits, but for those of it that are done. */
    record Piece(Chunk chunk, int from, int to) implements Comparable<Piece> {
        int undone() {
            return chunk.undone(from, to);
        }

        @Override
        public int compareTo(Piece other) {
            int bySeq = Long.compare(chunk.seq(), other.chunk.seq());
            return bySeq != 0 ? bySeq : Integer.compare(from, other.from);
        }
    }

    final TopicPartition name;
    /** Held for as long as an append takes: the next stretch is judged by what the one before left. */
    final ReentrantLock appending = new ReentrantLock();
    /** Those that have records which are not done, by their number, which is their order. */
    final TreeMap<Long, Chunk> chunks = new TreeMap<>();

    final TreeSet<Piece> waiting = new TreeSet<>();
    /** Whose lease has not passed on; then nobody else gets anything. */
    FileLease holder;
    /** Whether it is among those that somebody may take from. */
    boolean ready;

    private Uuid topicId = Uuid.ZERO;
    private long mark = NEVER;
    private long committed = NEVER;
    private long epoch = NEVER; // of the assignment that appended last, in this process
    private long end = NEVER; // of the last stretch in it

    private long lostSince = NEVER;
    private boolean suspect; // its mark may have been in what was damaged

    StoredPartition(TopicPartition name) {
        this.name = name;
    }

    /**
     * Judges a stretch by the contract of {@link dev.kafkaloom.storage.Storage#append}.
     *
     * @return from which offset on it has to be stored; less than {@code range.first()}: not at all, records are lost from there on
     */
    long begin(Uuid id, RecordRange range) {
        if (!id.equals(Uuid.ZERO) && !id.equals(topicId)) {
            if (!topicId.equals(Uuid.ZERO)) {
                mark = NEVER; // another topic of that name
                epoch = NEVER;
                committed = NEVER;
            }
            topicId = id;
        }
        long heard = committed;
        if (epoch != range.assignmentEpoch()) {
            epoch = range.assignmentEpoch();
            end = NEVER;
            committed = range.committed();
        } else {
            committed = Math.max(committed, range.committed());
        }
        boolean joins = range.first() == end;
        boolean readAgain = end == NEVER && range.first() < mark && range.first() >= heard; // after a crash
        if (mark != NEVER && (joins || readAgain)) {
            end = joins && range.first() > mark
                    ? NEVER
                    : end; // refused once: what comes then is where the consumer went
            return mark;
        }
        mark = range.first(); // the first of all, a gap that others filled, or moved on purpose
        return mark;
    }

    /** False when that was known. */
    boolean committed(long offset) {
        boolean news = offset > committed;
        committed = Math.max(committed, offset);
        return news && mark != NEVER;
    }

    /** It has everything up to there. */
    void stored(long next) {
        mark = next;
    }

    /** A stretch was taken over as a whole. */
    void ended(RecordRange range) {
        if (epoch == range.assignmentEpoch()) {
            end = range.next();
            mark = Math.max(mark, end);
        }
    }

    /** Records from there on were damaged. */
    void lost(long since) {
        lostSince = lostSince == NEVER ? since : Math.min(lostSince, since);
    }

    /** Something at the end of the log was damaged, perhaps records of this partition. */
    void suspect() {
        suspect = true;
    }

    /** From which offset on records were damaged that were committed; told once, and then they are expected. */
    OptionalLong lostSince(long newCommitted) {
        if (suspect && mark != NEVER && mark < newCommitted) {
            lost(mark);
        }
        suspect = false;
        long since = lostSince;
        lostSince = NEVER;
        if (since == NEVER || since >= newCommitted) {
            return OptionalLong.empty();
        }
        mark = since; // what comes from there on is not here already
        end = NEVER;
        return OptionalLong.of(since);
    }

    /** As the log has it. */
    void recover(Frames.Mark found) {
        topicId = found.topicId();
        mark = found.mark();
        committed = found.committed();
    }

    long mark() {
        return mark;
    }

    Uuid topicId() {
        return topicId;
    }

    /** With so many of its records in somebody's hands; asked when it has some. */
    PartitionStats stats(long leased) {
        long all = chunks.values().stream().mapToLong(Chunk::left).sum();
        return new PartitionStats(
                name,
                Math.max(0, all - leased),
                leased,
                mark,
                chunks.firstEntry().getValue().timestamp);
    }

    Frames.Mark snapshot() {
        return new Frames.Mark(name, topicId, mark, committed);
    }

    boolean isMarked() {
        return mark != NEVER;
    }
}
