package dev.kafkaloom.producer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.BatchOptions;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The records of one partition that are sent, retried and completed together. Filled under the accumulator's lock; once closed its bytes
 * belong to the sender that took it. They are recycled only when the broker has acknowledged them: those of a failed batch may still be read.
 */
final class Batch {
    private final PartitionQueue queue;
    private final Compression compression;
    private final int level;
    private final long createdNanos;
    private final CountDownLatch done = new CountDownLatch(1);
    private BatchBuilder builder;
    private ByteBuffer encoded;
    private byte magic;
    private int records;
    private int bytes;
    private boolean closed;
    private long charged; // of the accumulator's memory; its lock
    private int attempts;
    private String lastAnswer = "";
    private volatile long baseOffset;
    private volatile long appendTime;
    private volatile KafkaException failure;

    Batch(PartitionQueue queue, byte magic, ProducerConfig config, int sizeLimit, long nowNanos) {
        this.queue = queue;
        this.compression = config.compression();
        this.level = config.compressionLevels().of(compression);
        this.magic = magic;
        this.createdNanos = nowNanos;
        this.builder = BatchBuilder.of(BatchOptions.of(magic, compression).level(level), sizeLimit);
    }

    PartitionQueue queue() {
        return queue;
    }

    TopicPartition partition() {
        return queue.partition();
    }

    /** The receipt, or null when the batch is closed, of another format, or has no room. */
    Receipt append(byte format, long timestamp, ProduceRecord record) {
        if (closed || format != magic || !builder.append(timestamp, record.key(), record.value(), record.headers())) {
            return null;
        }
        bytes = builder.estimatedSize();
        return new Receipt(this, records++, timestamp);
    }

    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Encoded bytes before compression. */
    int bytes() {
        return bytes;
    }

    int records() {
        return records;
    }

    /** Heap it holds now. */
    long memory() {
        return encoded != null ? encoded.array().length : builder.memory();
    }

    long charged() {
        return charged;
    }

    void charged(long amount) {
        charged = amount;
    }

    long ageNanos(long nowNanos) {
        return nowNanos - createdNanos;
    }

    /** The finished batch in the format the broker takes: another one than it was begun with, when its partition has moved meanwhile. */
    ByteBuffer encode(MessageFormat format) {
        if (encoded == null) {
            encoded = builder.build();
        }
        if (format.magic() != magic) {
            format.check(compression);
            builder = reencode(format.magic());
            encoded = builder.build();
            magic = format.magic();
        }
        return encoded.duplicate();
    }

    private BatchBuilder reencode(byte wanted) {
        BatchBuilder other =
                BatchBuilder.of(BatchOptions.of(wanted, compression).level(level), Integer.MAX_VALUE);
        long now = System.currentTimeMillis(); // for what comes from format v0, which has no timestamps
        for (RecordBatch batch : RecordBatches.split(encoded)) {
            for (LogRecord record : batch.decode(new DecodeLimits(Integer.MAX_VALUE))) {
                long timestamp = record.timestamp() < 0 ? now : record.timestamp();
                boolean fits = other.append(timestamp, record.key(), record.value(), record.headers());
                assert fits;
            }
        }
        return other;
    }

    int attempts() {
        return attempts;
    }

    /** Counts an attempt that came to nothing. */
    void failedOnce(String answer) {
        attempts++;
        lastAnswer = answer;
    }

    /** What was asked, for errors. */
    String what() {
        String count = records == 1 ? "1 record" : records + " records";
        return "produce " + count + " (" + bytes + " bytes) to " + partition();
    }

    String lastAnswer() {
        return lastAnswer;
    }

    /** Called by the sender, when no request that carries the batch is on its way any more: a request is encoded where it is sent. */
    void succeed(long base, long logAppendTime) {
        baseOffset = base;
        appendTime = logAppendTime;
        builder.release();
        done.countDown();
    }

    void fail(KafkaException why) {
        failure = why;
        done.countDown();
    }

    boolean isDone() {
        return done.getCount() == 0;
    }

    boolean await(Duration timeout) throws InterruptedException {
        return done.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    Delivery delivery(int index, long timestamp) {
        if (failure != null) {
            throw failure;
        }
        long offset = baseOffset < 0 ? -1 : baseOffset + index;
        long stored = magic == 0 ? -1 : appendTime >= 0 ? appendTime : timestamp;
        return new Delivery(partition(), offset, stored);
    }
}
