package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Encodes records, one after the other, into what a Produce request carries for one partition. Nothing but the bytes is kept per
 * record. Owned by one thread at a time.
 */
public abstract sealed class BatchBuilder permits BatchV2Builder, MessageSetBuilder {
    private static final int FIRST_CAPACITY = 4096;
    private static final int LARGEST_RECORD = 1 << 30;

    final BatchOptions options;
    final GrowingBytes out;
    private final int sizeLimit;
    private int count;
    private long nextOffset;
    private GrowingBytes finished;
    private boolean released;

    BatchBuilder(BatchOptions options, int sizeLimit) {
        this.options = options;
        this.sizeLimit = sizeLimit;
        this.nextOffset = options.baseOffset();
        this.out = new GrowingBytes(FIRST_CAPACITY);
    }

    /**
     * @param magic message format 0 (Kafka before 0.10), 1 (0.10) or 2 (0.11 and later)
     * @param sizeLimit bytes before compression, headers included; a single record may be larger
     * @throws KafkaException.InvalidRequest when the format does not know the codec
     */
    public static BatchBuilder of(byte magic, Compression compression, int sizeLimit) {
        return of(BatchOptions.of(magic, compression), sizeLimit);
    }

    /** @param sizeLimit bytes before compression, headers included; a single record may be larger */
    public static BatchBuilder of(BatchOptions options, int sizeLimit) {
        return options.magic() == 2
                ? new BatchV2Builder(options, sizeLimit)
                : new MessageSetBuilder(options, sizeLimit);
    }

    /** The control batch that ends a transaction, with the marker {@link ControlType#COMMIT} or {@link ControlType#ABORT}. */
    public static ByteBuffer endTransaction(
            BatchOptions options, ControlType marker, int coordinatorEpoch, long timestamp) {
        BatchBuilder builder = of(options.asControl(), FIRST_CAPACITY);
        byte[] value = ByteBuffer.allocate(6).putInt(2, coordinatorEpoch).array();
        boolean _ = builder.append(timestamp, marker.key(), value, List.of());
        return builder.build();
    }

    /**
     * Adds a record.
     *
     * @param timestamp milliseconds since the epoch; dropped by format v0
     * @param key may be null
     * @param value may be null
     * @return false when it does not fit any more; the first record always fits
     * @throws KafkaException.InvalidRequest for headers before format v2, and for a record of more than 1 GiB
     */
    public final boolean append(long timestamp, byte[] key, byte[] value, List<Header> headers) {
        return appendAt(nextOffset, timestamp, key, value, headers);
    }

    /** Adds a record as {@link #append} does, at an offset that may leave a gap behind the last one, as compaction does. */
    public final boolean appendAt(long offset, long timestamp, byte[] key, byte[] value, List<Header> headers) {
        if (finished != null) {
            throw new IllegalStateException("the batch is built");
        }
        if (offset < nextOffset || offset - options.baseOffset() >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("offset " + offset + " in a batch at " + options.baseOffset()
                    + " whose next offset is " + nextOffset);
        }
        long size = measure(offset, timestamp, key, value, headers);
        if (size > LARGEST_RECORD) {
            throw new KafkaException.InvalidRequest(
                    "a record of " + size + " bytes: the largest possible is " + LARGEST_RECORD);
        }
        if (count > 0 && out.size() + size > sizeLimit) {
            return false;
        }
        out.room((int) size);
        write(offset, timestamp, key, value, headers);
        nextOffset = offset + 1;
        count++;
        return true;
    }

    /** Records so far. */
    public final int recordCount() {
        return count;
    }

    /** Bytes so far, before compression. */
    public final int estimatedSize() {
        return out.size();
    }

    /** Heap that the bytes so far occupy. */
    public final int memory() {
        return (finished == null ? out : finished).array().length;
    }

    /** The bytes one more record would add, before compression. */
    public final long sizeOf(long timestamp, byte[] key, byte[] value, List<Header> headers) {
        return measure(nextOffset, timestamp, key, value, headers);
    }

    /** The finished batch; the builder takes no more records, and asked again gives the same bytes. */
    public final ByteBuffer build() {
        if (count == 0) {
            throw new IllegalStateException("a batch of no records");
        }
        if (finished == null) {
            finished = finish();
            if (finished != out) {
                out.release();
            }
        }
        if (released) {
            throw new IllegalStateException("the batch's memory is given back");
        }
        return finished.toBuffer();
    }

    /**
     * Lets other batches have the memory of this one. Nobody may read what {@link #build} gave any more; without this call the garbage
     * collector gets it.
     */
    public final void release() {
        if (!released) {
            finished = finished == null ? out : finished;
            finished.release();
            released = true;
        }
    }

    final long lastOffset() {
        return nextOffset - 1;
    }

    /** The bytes that {@link #write} of the same record takes; what it found out on the way may be remembered until then. */
    abstract long measure(long offset, long timestamp, byte[] key, byte[] value, List<Header> headers);

    /** Appends a record that was measured last and for which there is room. */
    abstract void write(long offset, long timestamp, byte[] key, byte[] value, List<Header> headers);

    abstract GrowingBytes finish();

    static int lengthOf(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
