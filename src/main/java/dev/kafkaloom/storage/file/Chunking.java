package dev.kafkaloom.storage.file;

import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.BatchOptions;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.StorageConfig;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Cuts a stretch into chunks of records that fit one batch. Owned by the appending thread. */
final class Chunking {
    private static final int LARGEST = 256 << 10;
    private static final int MOST = 1024;
    private static final BatchOptions PLAIN = BatchOptions.of((byte) 2, Compression.NONE);

    private final RecordRange range;
    private final Uuid topicId;
    private final List<ConsumedRecord> all;
    private final int bytes;
    private final int most;
    private int at;
    private int begin;
    private Ticket ticket;

    /** @param from records below are left out */
    Chunking(RecordRange range, Uuid topicId, long from, StorageConfig.File limits) {
        this.range = range;
        this.topicId = topicId;
        this.all = range.records();
        this.bytes = Math.clamp(limits.limitBytes() / 8, 4096, LARGEST);
        this.most = Math.clamp(limits.limitRecords() / 2, 1, MOST);
        while (at < all.size() && all.get(at).offset() < from) {
            at++;
        }
    }

    /** Encodes the next chunk; false when there is none. */
    boolean next(AtomicLong seqs) {
        if (at == all.size()) {
            return false;
        }
        begin = at;
        ConsumedRecord first = all.get(begin);
        BatchBuilder batch = BatchBuilder.of(PLAIN.at(first.offset(), first.leaderEpoch()), bytes);
        while (at < all.size() && at - begin < most && fits(first, all.get(at)) && append(batch, all.get(at))) {
            at++;
        }
        boolean last = at == all.size();
        Frames.Stored stored = new Frames.Stored(
                seqs.getAndIncrement(),
                range.partition(),
                topicId,
                begin == 0 ? range.first() : first.offset(),
                last ? range.next() : all.get(at).offset(),
                range.committed(),
                first.timestampType());
        long[] offsets = records().stream().mapToLong(ConsumedRecord::offset).toArray();
        int size =
                Frames.stored(Frames.RECORDS, stored, 0).limit() + batch.build().remaining();
        ticket = new Ticket(new Chunk(stored, range.assignmentEpoch(), first.timestamp(), size, offsets), batch);
        return true;
    }

    /** A batch has one leader epoch, deltas of 31 bits, and one kind of timestamps. */
    private static boolean fits(ConsumedRecord first, ConsumedRecord next) {
        return next.leaderEpoch() == first.leaderEpoch()
                && next.timestampType() == first.timestampType()
                && next.offset() - first.offset() < Integer.MAX_VALUE;
    }

    private static boolean append(BatchBuilder batch, ConsumedRecord record) {
        return batch.appendAt(record.offset(), record.timestamp(), record.key(), record.value(), record.headers());
    }

    Ticket ticket() {
        return ticket;
    }

    List<ConsumedRecord> records() {
        return all.subList(begin, at);
    }
}
