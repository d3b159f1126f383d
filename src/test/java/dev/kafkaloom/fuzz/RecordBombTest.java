package dev.kafkaloom.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches that are made to cost as much as possible: of less than 1 MiB, and of far more when they are unpacked. */
class RecordBombTest {
    private static final DecodeLimits LIMITS = RecordFuzz.LIMITS;

    /** What a batch is full of. */
    enum Content {
        ONE_VALUE,
        TINY_RECORDS,
        TINY_HEADERS
    }

    /** Codec and format of a control byte of {@link Packing}. */
    static Stream<Arguments> packings() {
        List<Arguments> all = new ArrayList<>();
        for (int codec = 1; codec <= 4; codec++) {
            for (int magic = codec == 4 ? 2 : 0; magic <= 2; magic++) {
                for (Content content : Content.values()) {
                    if (magic == 2 || content != Content.TINY_HEADERS) {
                        all.add(Arguments.of((byte) (codec | magic << 3), magic, content));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("packings")
    void whatUnpacksToJustTheLimitTakesLessThan64Mebibytes(byte control, int magic, Content content)
            throws IOException {
        int size = LIMITS.maxDecompressedBytes() - 100;
        decodedOrRefused(pack(control, magic, batch(magic, content, size)), LIMITS);
    }

    @ParameterizedTest
    @MethodSource("packings")
    void whatUnpacksToMuchMoreThanTheLimitIsRefused(byte control, int magic, Content content) throws IOException {
        ByteBuffer bomb = pack(control, magic, batch(magic, content, 3 * LIMITS.maxDecompressedBytes()));
        long before = Guard.allocatedBytes();
        assertThatThrownBy(() -> decode(bomb, LIMITS))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("more than");
        assertThat(Guard.allocatedBytes() - before).isLessThan(Guard.MOST_ALLOCATED);
    }

    @Test
    void anUncompressedBatchOfLessThanOneMebibyteTakesLessThan64MebibytesUnderTheDefaultLimits() throws IOException {
        for (Content content : Content.values()) {
            byte[] batch = batch(2, content, Guard.LARGEST_INPUT - 100);
            assertThat(batch).hasSizeLessThan(Guard.LARGEST_INPUT);
            decodedOrRefused(Packing.of((byte) 0, batch), DecodeLimits.DEFAULT);
        }
        byte[] set = batch(0, Content.TINY_RECORDS, Guard.LARGEST_INPUT - 100);
        decodedOrRefused(Packing.of((byte) 0, set), DecodeLimits.DEFAULT);
    }

    private static ByteBuffer pack(byte control, int magic, byte[] bytes) throws IOException {
        ByteBuffer packed = Packing.of(control, bytes);
        return magic == 2 ? packed : packed.putLong(0, 10_000_000); // that of the last message of the set, or above it
    }

    private static void decodedOrRefused(ByteBuffer records, DecodeLimits limits) {
        long before = Guard.allocatedBytes();
        try {
            decode(records, limits);
        } catch (MalformedMessage e) {
            assertThat(e).hasMessageContaining("records and headers, the limit");
        }
        assertThat(Guard.allocatedBytes() - before).isLessThan(Guard.MOST_ALLOCATED);
    }

    private static void decode(ByteBuffer records, DecodeLimits limits) {
        List<RecordBatch> batches = RecordBatches.split(records);
        assertThat(batches).isNotEmpty();
        for (RecordBatch batch : batches) {
            assertThat(batch.decode(limits)).isNotEmpty();
        }
    }

    /** Of about that size. */
    private static byte[] batch(int magic, Content content, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size + 200);
        if (magic < 2) {
            int value = content == Content.ONE_VALUE ? size - 34 : 0;
            for (int offset = 0; out.size() <= size - 34 - value; offset++) {
                message(out, magic, offset, value);
            }
            return out.toByteArray();
        }
        int count = 0;
        switch (content) {
            case ONE_VALUE -> record(out, count++, new byte[size], 0);
            case TINY_HEADERS -> record(out, count++, null, size / 2);
            case TINY_RECORDS -> {
                while (out.size() < size) {
                    record(out, count++, null, 0);
                }
            }
        }
        ByteBuffer batch = ByteBuffer.allocate(61 + out.size());
        batch.putInt(8, batch.limit() - 12)
                .put(16, (byte) 2)
                .putInt(23, count - 1)
                .putInt(57, count);
        return batch.put(61, out.toByteArray()).array();
    }

    private static void message(ByteArrayOutputStream out, int magic, int offset, int value) {
        int body = (magic == 0 ? 6 : 14) + 8 + value;
        ByteBuffer message = ByteBuffer.allocate(12 + body);
        message.putLong(offset).putInt(body).putInt(0).put((byte) magic).put((byte) 0);
        message.position(magic == 0 ? 18 : 26).putInt(-1).putInt(value == 0 ? -1 : value);
        out.writeBytes(message.array());
    }

    private static void record(ByteArrayOutputStream out, int offset, byte[] value, int headers) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(0);
        body.write(0);
        body.writeBytes(zigzag(offset));
        body.write(1); // no key
        body.writeBytes(zigzag(value == null ? -1 : value.length));
        body.writeBytes(value == null ? new byte[0] : value);
        body.writeBytes(zigzag(headers));
        byte[] header = {0, 1}; // no name, no value
        for (int i = 0; i < headers; i++) {
            body.writeBytes(header);
        }
        out.writeBytes(zigzag(body.size()));
        out.writeBytes(body.toByteArray());
    }

    private static byte[] zigzag(int value) {
        return Sample.varint(((value << 1) ^ (value >> 31)) & 0xffff_ffffL, 1);
    }
}
