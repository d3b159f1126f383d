package dev.kafkaloom.record;

import java.util.ArrayList;
import java.util.List;

/** What a batch is to hold, for ours and for Apache's writer alike. A test fills in what it is about. */
public final class BatchPlan {
    public final byte magic;
    public final Compression codec;
    public int level;
    public TimestampType timestampType = TimestampType.CREATE_TIME;
    public long appendTime = -1;
    public long baseOffset;
    /** -1: that of the last record. */
    public long lastOffset = -1;

    public long producerId = -1;
    public short producerEpoch = -1;
    public int baseSequence = -1;
    public boolean transactional;
    public boolean control;
    public int leaderEpoch = -1;
    /** -1: none. */
    public long deleteHorizon = -1;

    /** With the offsets and times they are to be written with. */
    public final List<LogRecord> records = new ArrayList<>();

    BatchPlan(byte magic, Compression codec) {
        this.magic = magic;
        this.codec = codec;
        this.level = codec.defaultLevel();
        if (magic == 0) {
            timestampType = TimestampType.NONE;
        }
    }

    BatchPlan producer(long id, int epoch, int sequence) {
        producerId = id;
        producerEpoch = (short) epoch;
        baseSequence = sequence;
        return this;
    }

    /** A record behind the last one, {@code gap} offsets left out. */
    void add(int gap, long timestamp, byte[] key, byte[] value, List<Header> headers) {
        long next = records.isEmpty() ? baseOffset : records.getLast().offset() + 1;
        records.add(new LogRecord(next + gap, magic == 0 ? -1 : timestamp, timestampType, key, value, headers));
    }

    /** The records as a reader gives them: a broker's time hides the producer's. */
    List<LogRecord> expected() {
        return records.stream()
                .map(r -> new LogRecord(
                        r.offset(),
                        timestampType == TimestampType.LOG_APPEND_TIME ? appendTime : r.timestamp(),
                        timestampType,
                        r.key(),
                        r.value(),
                        r.headers()))
                .toList();
    }

    @Override
    public String toString() {
        return "v" + magic + " " + codec.label();
    }
}
