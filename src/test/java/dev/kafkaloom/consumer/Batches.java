package dev.kafkaloom.consumer;

import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.Compression;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Builds what a broker would answer: batches with offsets, and with what only brokers and transactional producers write. */
final class Batches {
    private static final int CHECKSUM = 17;
    private static final int ATTRIBUTES = 21;
    private static final int PRODUCER_ID = 43;

    private Batches() {}

    /** One batch, its first record at {@code offset}. */
    static ByteBuffer at(long offset, String... values) {
        return at(offset, Compression.NONE, values);
    }

    /** One batch of one record with a key, which may be null. */
    static ByteBuffer keyed(long offset, String key, String value) {
        BatchBuilder builder = BatchBuilder.of((byte) 2, Compression.NONE, 1 << 20);
        byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        builder.append(1_000, bytes, value.getBytes(StandardCharsets.UTF_8), List.of());
        return copy(builder.build()).putLong(0, offset);
    }

    static ByteBuffer at(long offset, Compression compression, String... values) {
        BatchBuilder builder = BatchBuilder.of((byte) 2, compression, 1 << 20);
        for (String value : values) {
            builder.append(1_000, null, value.getBytes(StandardCharsets.UTF_8), List.of());
        }
        return copy(builder.build()).putLong(0, offset);
    }

    /** A batch of a transaction of {@code producer}; its checksum is wrong. */
    static ByteBuffer ofTransaction(long producer, long offset, String... values) {
        ByteBuffer batch = at(offset, values);
        return batch.putShort(ATTRIBUTES, (short) 0x10).putLong(PRODUCER_ID, producer);
    }

    /** The end of a transaction of {@code producer}; its checksum is wrong. */
    static ByteBuffer marker(long producer, long offset, boolean commit) {
        BatchBuilder builder = BatchBuilder.of((byte) 2, Compression.NONE, 1 << 20);
        builder.append(1_000, new byte[] {0, 0, 0, (byte) (commit ? 1 : 0)}, new byte[6], List.of());
        return copy(builder.build())
                .putLong(0, offset)
                .putShort(ATTRIBUTES, (short) 0x30)
                .putLong(PRODUCER_ID, producer);
    }

    /** The same batch with its checksum put right. */
    static ByteBuffer summed(ByteBuffer batch) {
        CRC32C sum = new CRC32C();
        sum.update(batch.slice(ATTRIBUTES, batch.remaining() - ATTRIBUTES));
        return batch.putInt(CHECKSUM, (int) sum.getValue());
    }

    static ByteBuffer join(ByteBuffer... batches) {
        ByteBuffer all = ByteBuffer.allocate(
                Stream.of(batches).mapToInt(ByteBuffer::remaining).sum());
        Stream.of(batches).forEach(batch -> all.put(batch.duplicate()));
        return all.flip();
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
