package dev.kafkaloom.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;

/** Batches by Apache's client to begin with: every format and codec, as they are and to be packed, and a transaction's marker. */
final class RecordSeeds {
    private RecordSeeds() {}

    static List<byte[]> all() {
        List<byte[]> seeds = new ArrayList<>();
        for (byte magic = 0; magic <= 2; magic++) {
            for (CompressionType codec : CompressionType.values()) {
                if (codec != CompressionType.ZSTD || magic == 2) {
                    ByteBuffer batch = batch(magic, codec);
                    seeds.add(input(0, batch));
                    if (codec == CompressionType.NONE) {
                        for (int packedBy = 1; packedBy <= 4; packedBy++) {
                            seeds.add(input(packedBy | magic << 3, batch));
                        }
                    }
                }
            }
        }
        seeds.add(input(
                0,
                MemoryRecords.withEndTransactionMarker(
                                7L, (short) 1, new EndTransactionMarker(ControlRecordType.COMMIT, 3))
                        .buffer()));
        return seeds;
    }

    private static ByteBuffer batch(byte magic, CompressionType codec) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(512), magic, Compression.of(codec).build(), TimestampType.CREATE_TIME, 5L);
        Header[] headers = magic < 2 ? new Header[0] : new Header[] {new RecordHeader("h", "v".getBytes(UTF_8))};
        builder.append(1_000L, null, "value".getBytes(UTF_8), headers);
        builder.append(1_001L, "key".getBytes(UTF_8), null, new Header[0]);
        builder.append(1_002L, "k".getBytes(UTF_8), "abcabcabcabcabcabcabcabc".getBytes(UTF_8), headers);
        return builder.build().buffer();
    }

    private static byte[] input(int control, ByteBuffer batch) {
        byte[] input = new byte[1 + batch.remaining()];
        input[0] = (byte) control;
        batch.get(batch.position(), input, 1, batch.remaining());
        return input;
    }
}
