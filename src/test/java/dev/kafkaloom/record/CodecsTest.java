package dev.kafkaloom.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.kafkaloom.protocol.KafkaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyOutputStream;

/** The codecs alone, against the streams that Kafka's clients read and write them with. */
class CodecsTest {
    private static final byte[] TEXT = "one two three two one. ".repeat(9_000).getBytes(UTF_8);

    /** Sizes around the blocks of snappy (32 KiB) and lz4 (64 KiB), compressible and not. */
    private static List<byte[]> contents(Compression codec, int level) {
        List<byte[]> contents = new ArrayList<>();
        Random random = new Random(11);
        boolean slow = level > 12 && codec != Compression.GZIP;
        int[] sizes =
                slow ? new int[] {0, 65537} : new int[] {0, 1, 100, 32767, 32768, 32769, 65535, 65536, 65537, 200_000};
        for (int size : sizes) {
            contents.add(Arrays.copyOf(TEXT, size));
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            contents.add(noise);
        }
        return contents;
    }

    /** Of zstd the bytes differ, for ours name the size of the content. */
    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void everyLevelWritesWhatKafkaWritesAndIsReadBack(Compression codec) throws IOException, CorruptRecords {
        for (int level : levels(codec)) {
            for (byte[] content : contents(codec, level)) {
                for (byte magic = (byte) (codec == Compression.ZSTD ? 2 : 0); magic <= 2; magic++) {
                    String what = codec + " level " + level + ", v" + magic + ", " + content.length + " bytes";
                    byte[] ours = ours(codec, level, magic, content);
                    byte[] theirs = theirs(codec, level, magic, content);
                    assertThat(ours.length).as(what).isLessThanOrEqualTo(theirs.length + 8);
                    if (codec != Compression.ZSTD) {
                        assertThat(ours).as(what).isEqualTo(theirs);
                    }
                    assertThat(readByUs(codec, magic, ours)).as(what).isEqualTo(content);
                    assertThat(readByUs(codec, magic, theirs)).as(what).isEqualTo(content);
                    assertThat(readByThem(codec, magic, ours)).as(what).isEqualTo(content);
                }
            }
        }
    }

    private static int[] levels(Compression codec) {
        return switch (codec) {
            case GZIP -> new int[] {-1, 1, 5, 9};
            case LZ4 -> new int[] {1, 8, 9, 10, 17};
            case ZSTD -> new int[] {-131_072, -7, 1, 3, 12, 22};
            case SNAPPY, NONE -> new int[] {0};
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "LZ4", "ZSTD"})
    void aHigherLevelMakesItSmaller(Compression codec) {
        StringBuilder text = new StringBuilder();
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            text.append(Integer.toString(random.nextInt(3000), 36)).append(' ');
        }
        byte[] content = text.toString().getBytes(UTF_8);
        int low = codec == Compression.ZSTD ? -100 : 1;
        int high = codec == Compression.GZIP ? 9 : 17;
        assertThat(ours(codec, high, (byte) 2, content).length).isLessThan(ours(codec, low, (byte) 2, content).length);
    }

    @ParameterizedTest
    @CsvSource({"NONE,0", "GZIP,-1", "SNAPPY,0", "LZ4,9", "ZSTD,3"})
    void theDefaultLevelIsKafkas(Compression codec, int level) {
        assertThat(codec.defaultLevel()).isEqualTo(level);
        assertThat(codec.checkLevel(level)).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE,1,it has no levels",
        "SNAPPY,1,it has no levels",
        "GZIP,0,-1 or 1 to 9 are allowed",
        "GZIP,-2,-1 or 1 to 9 are allowed",
        "GZIP,10,-1 or 1 to 9 are allowed",
        "LZ4,0,1 to 17 are allowed",
        "LZ4,18,1 to 17 are allowed",
        "ZSTD,23,-131072 to 22 are allowed",
        "ZSTD,-131073,-131072 to 22 are allowed"
    })
    void aLevelThatTheCodecDoesNotHaveIsRefused(Compression codec, int level, String allowed) {
        assertThatThrownBy(() -> codec.checkLevel(level))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining(codec.label() + " level " + level + ": " + allowed);
    }

    @Test
    void theLevelsAreThoseOfTheLibraries() {
        assertThat(Zstd.minCompressionLevel()).isEqualTo(-131_072);
        assertThat(Zstd.maxCompressionLevel()).isEqualTo(22);
        assertThat(Zstd.defaultCompressionLevel()).isEqualTo(Compression.ZSTD.defaultLevel());
    }

    @Test
    void snappyIsWrittenInTheFramingOfXerial() {
        byte[] written = ours(Compression.SNAPPY, 0, (byte) 2, Arrays.copyOf(TEXT, 40_000));
        ByteBuffer framed = ByteBuffer.wrap(written);
        byte[] magic = new byte[8];
        framed.get(magic);
        assertThat(magic).isEqualTo(new byte[] {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0});
        assertThat(framed.getInt()).as("version").isEqualTo(1);
        assertThat(framed.getInt()).as("compatible with").isEqualTo(1);
        int chunks = 0;
        for (; framed.hasRemaining(); chunks++) {
            framed.position(framed.position() + 4 + framed.getInt(framed.position()));
        }
        assertThat(chunks).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 5000, 32_768, 1 << 20})
    void snappyIsReadInChunksOfAnySizeAndAsASingleBlock(int block) throws IOException, CorruptRecords {
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        try (SnappyOutputStream snappy = new SnappyOutputStream(framed, block)) {
            snappy.write(TEXT);
        }
        assertThat(readByUs(Compression.SNAPPY, (byte) 0, framed.toByteArray())).isEqualTo(TEXT);
        byte[] raw = Snappy.compress(Arrays.copyOf(TEXT, block % TEXT.length));
        assertThat(readByUs(Compression.SNAPPY, (byte) 0, raw)).isEqualTo(Arrays.copyOf(TEXT, block % TEXT.length));
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void streamsOneAfterTheOtherAreReadAsOne(Compression codec) throws IOException, CorruptRecords {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            both.write(theirs(codec, codec.defaultLevel(), (byte) 2, Arrays.copyOf(TEXT, 50_000 * i)));
        }
        byte[] expected = Arrays.copyOf(Arrays.copyOf(TEXT, 50_000), 150_000);
        System.arraycopy(TEXT, 0, expected, 50_000, 100_000);
        assertThat(readByUs(codec, (byte) 2, both.toByteArray())).isEqualTo(expected);
    }

    /** Kafka writes none of these, other clients (librdkafka, sarama) do. */
    @ParameterizedTest
    @EnumSource(BLOCKSIZE.class)
    void lz4FramesWithEveryOptionOfTheFormatAreRead(BLOCKSIZE size) throws IOException, CorruptRecords {
        for (Bits[] options : List.of(
                new Bits[] {Bits.BLOCK_INDEPENDENCE},
                new Bits[] {Bits.BLOCK_INDEPENDENCE, Bits.BLOCK_CHECKSUM},
                new Bits[] {Bits.BLOCK_INDEPENDENCE, Bits.CONTENT_CHECKSUM},
                new Bits[] {Bits.BLOCK_INDEPENDENCE, Bits.BLOCK_CHECKSUM, Bits.CONTENT_CHECKSUM, Bits.CONTENT_SIZE})) {
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            try (OutputStream lz4 = new LZ4FrameOutputStream(frame, size, TEXT.length, options)) {
                lz4.write(TEXT);
            }
            for (byte magic = 0; magic <= 2; magic++) {
                assertThat(readByUs(Compression.LZ4, magic, frame.toByteArray()))
                        .as(Arrays.toString(options))
                        .isEqualTo(TEXT);
            }
        }
    }

    /** The second block copies from the first. */
    @Test
    void lz4BlocksThatAreLinkedAreRead() throws IOException, CorruptRecords {
        GrowingBytes frame = new GrowingBytes(64);
        frame.writeAll(new byte[] {0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, (byte) 0xc0});
        frame.int32LittleEndian(5);
        frame.writeAll(new byte[] {0x40, 'a', 'b', 'c', 'd'});
        frame.int32LittleEndian(5);
        frame.writeAll(new byte[] {0x00, 4, 0, 0x10, 'x'});
        frame.int32LittleEndian(0);
        byte[] bytes = Arrays.copyOf(frame.array(), frame.size());
        assertThat(new String(readByUs(Compression.LZ4, (byte) 2, bytes), UTF_8))
                .isEqualTo("abcdabcdx");
    }

    /** Kafka before 0.10 hashed the magic number too (KAFKA-3160); since then clients check it from v1 on. */
    @ParameterizedTest
    @CsvSource({"0,right", "0,broken", "0,any", "1,right", "1,broken", "2,right"})
    void lz4HeaderChecksumsThatMayBe(byte magic, String kind) throws CorruptRecords {
        assertThat(readByUs(Compression.LZ4, magic, withHeaderChecksum(kind))).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({"1,any", "2,any", "2,broken"})
    void lz4HeaderChecksumsThatMayNotBe(byte magic, String kind) {
        assertThatThrownBy(() -> readByUs(Compression.LZ4, magic, withHeaderChecksum(kind)))
                .isInstanceOf(CorruptRecords.class)
                .hasMessageContaining("wrong checksum");
    }

    private static byte[] withHeaderChecksum(String kind) {
        byte[] frame = ours(Compression.LZ4, 9, (byte) (kind.equals("broken") ? 0 : 2), TEXT);
        if (kind.equals("any")) {
            frame[6] = 0x55;
        }
        return frame;
    }

    /** A frame of zstd that claims to hold 2^40 bytes, and one that wants a window of 2^30, which nobody needs who reads all at once. */
    @Test
    void zstdFramesThatLieAboutTheirSizeTakeNoMemory() throws CorruptRecords {
        byte[] huge = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xc0, 0x50, 0, 0, 0, 0, 0, 1, 0, 0, 9, 0, 0, 'x'};
        byte[] wide = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (20 << 3), 9, 0, 0, 'x'};
        for (int round = 0; round < 2; round++) {
            long before = Allocated.byThisThread();
            assertThatThrownBy(() -> readByUs(Compression.ZSTD, (byte) 2, huge))
                    .isInstanceOf(CorruptRecords.class)
                    .hasMessageContaining("zstd");
            assertThat(readByUs(Compression.ZSTD, (byte) 2, wide)).containsExactly('x');
            assertThat(round == 0 || Allocated.byThisThread() - before < 1 << 20)
                    .isTrue();
        }
    }

    /** Whatever comes out: at most the limit, and the limit itself passes. */
    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void theLimitIsExact(Compression codec) throws IOException, CorruptRecords {
        byte[] packed = theirs(codec, codec.defaultLevel(), (byte) 2, TEXT);
        assertThat(codec.decompress(ByteBuffer.wrap(packed), (byte) 2, new DecodeLimits(TEXT.length))
                        .remaining())
                .isEqualTo(TEXT.length);
        assertThatThrownBy(() -> codec.decompress(ByteBuffer.wrap(packed), (byte) 2, new DecodeLimits(TEXT.length - 1)))
                .isInstanceOf(CorruptRecords.class)
                .hasMessageContaining("more than " + (TEXT.length - 1) + " bytes");
    }

    /** Members whose headers carry a name, a comment, extra bytes and a checksum: gzip's own, and one after the other. */
    @Test
    void gzipMembersWithOptionalFieldsAreRead() throws IOException, CorruptRecords {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(plain)) {
            gzip.write("content".getBytes(UTF_8));
        }
        ByteArrayOutputStream named = new ByteArrayOutputStream();
        byte[] member = plain.toByteArray();
        named.write(member, 0, 3);
        named.write(4 | 8 | 16); // FEXTRA, FNAME, FCOMMENT
        named.write(member, 4, 6);
        named.write(new byte[] {2, 0, 'x', 'y', 'n', 0, 'c', 0});
        named.write(member, 10, member.length - 10);
        named.write(member);
        assertThat(new String(readByUs(Compression.GZIP, (byte) 2, named.toByteArray()), UTF_8))
                .isEqualTo("contentcontent");
    }

    @Test
    void zstdFramesWithoutASizeOrWithAChecksumAreRead() throws IOException, CorruptRecords {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(frames)) {
            zstd.setChecksum(true);
            zstd.write(TEXT);
        }
        byte[] frame = frames.toByteArray();
        assertThat(readByUs(Compression.ZSTD, (byte) 2, frame)).isEqualTo(TEXT);
        frame[frame.length - 1] ^= 1;
        assertThatThrownBy(() -> readByUs(Compression.ZSTD, (byte) 2, frame)).isInstanceOf(CorruptRecords.class);
    }

    private static byte[] ours(Compression codec, int level, byte magic, byte[] content) {
        GrowingBytes out = new GrowingBytes(16);
        out.int32(7); // not at the start of the array
        codec.compress(level, content, 0, content.length, magic, out);
        return Arrays.copyOfRange(out.array(), 4, out.size());
    }

    private static byte[] theirs(Compression codec, int level, byte magic, byte[] content) throws IOException {
        ByteBufferOutputStream out = new ByteBufferOutputStream(512);
        try (OutputStream stream = RecordSamples.theirCodec(codec, level).wrapForOutput(out, magic)) {
            stream.write(content);
        }
        ByteBuffer written = out.buffer().flip();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    private static byte[] readByThem(Compression codec, byte magic, byte[] packed) throws IOException {
        return RecordSamples.theirCodec(codec)
                .wrapForInput(ByteBuffer.wrap(packed), magic, org.apache.kafka.common.utils.BufferSupplier.NO_CACHING)
                .readAllBytes();
    }

    private static byte[] readByUs(Compression codec, byte magic, byte[] packed) throws CorruptRecords {
        ByteBuffer content = codec.decompress(ByteBuffer.wrap(packed), magic, DecodeLimits.DEFAULT);
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }
}
