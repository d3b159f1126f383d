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

    final Compression compression;
    final GrowingBytes out;
    private final int sizeLimit;
    private int count;
    private boolean built;

    BatchBuilder(Compression compression, int sizeLimit) {
        this.compression = compression;
        this.sizeLimit = sizeLimit;
        this.out = new GrowingBytes(Math.clamp(sizeLimit, BatchFormat.V2_RECORDS, FIRST_CAPACITY));
    }

    /**
     * @param magic message format 0 (Kafka before 0.10), 1 (0.10) or 2 (0.11 and later)
     * @param sizeLimit bytes before compression, headers included; a single record may be larger
     * @throws KafkaException.InvalidRequest when the format does not know the codec
     */
    public static BatchBuilder of(byte magic, Compression compression, int sizeLimit) {
        if (!compression.knownTo(magic)) {
            throw new KafkaException.InvalidRequest("compression " + compression.label()
                    + " needs message format v2, which the broker does" + " not know (it exists since Kafka 2.1)");
        }
        return switch (magic) {
            case 0, 1 -> new MessageSetBuilder(magic, compression, sizeLimit);
            case 2 -> new BatchV2Builder(compression, sizeLimit);
            default -> throw new IllegalArgumentException("message format v" + magic);
        };
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
        if (built) {
            throw new IllegalStateException("the batch is built");
        }
        long size = sizeOf(timestamp, key, value, headers);
        if (size > 1 << 30) {
            throw new KafkaException.InvalidRequest(
                    "a record of " + size + " bytes: the largest possible is " + (1 << 30));
        }
        if (count > 0 && out.size() + size > sizeLimit) {
            return false;
        }
        write(timestamp, key, value, headers);
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
        return out.array().length;
    }

    /** The bytes one more record would add, before compression. */
    public abstract long sizeOf(long timestamp, byte[] key, byte[] value, List<Header> headers);

    /** The finished batch; the builder takes no more records, and asked again gives the same bytes. */
    public final ByteBuffer build() {
        if (count == 0) {
            throw new IllegalStateException("a batch of no records");
        }
        if (!built) {
            finish();
            built = true;
        }
        return result();
    }

    abstract void write(long timestamp, byte[] key, byte[] value, List<Header> headers);

    abstract void finish();

    abstract ByteBuffer result();

    static int lengthOf(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
