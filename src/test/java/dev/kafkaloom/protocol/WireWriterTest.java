package dev.kafkaloom.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireWriterTest {
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                -1,
                63,
                64,
                -64,
                -65,
                8191,
                8192,
                1L << 34,
                -(1L << 34),
                Integer.MAX_VALUE,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                Long.MIN_VALUE
            })
    void varintsAndVarlongsAreReadBackAndAsLongAsForetold(long value) {
        WireWriter out = new WireWriter(0);
        out.writeVarlong(value);
        assertThat(out.size()).isEqualTo(Varints.sizeOf(value));
        int afterLong = out.size();
        out.writeVarint((int) value);
        assertThat(out.size() - afterLong).isEqualTo(Varints.sizeOf((int) value));
        int afterInt = out.size();
        out.writeUnsignedVarint((int) value);
        assertThat(out.size() - afterInt).isEqualTo(Varints.sizeOfUnsigned((int) value));

        WireReader in = new WireReader(out.toBuffer());
        assertThat(in.readVarlong()).isEqualTo(value);
        assertThat(in.readVarint()).isEqualTo((int) value);
        assertThat(in.readUnsignedVarint()).isEqualTo((int) value);
        in.expectEnd("varints");
    }

    @Test
    void everyPrimitiveIsReadBackWhereverTheBufferHasToGrow() {
        for (int before = 0; before < 40; before++) {
            WireWriter out = new WireWriter(0);
            out.writeRaw(new byte[before], 0, before);
            out.writeBool(true);
            out.writeInt8((byte) -3);
            out.writeInt16((short) -300);
            out.writeUint16(65_535);
            out.writeInt32(-70_000);
            out.writeUint32(4_294_967_295L);
            out.writeInt64(Long.MIN_VALUE);
            out.writeFloat64(-0.5);
            out.writeUuid(new Uuid(1, -2));
            WireReader in = new WireReader(out.array(), before, out.size() - before);
            assertThat(in.readBool()).isTrue();
            assertThat(in.readInt8()).isEqualTo((byte) -3);
            assertThat(in.readInt16()).isEqualTo((short) -300);
            assertThat(in.readUint16()).isEqualTo(65_535);
            assertThat(in.readInt32()).isEqualTo(-70_000);
            assertThat(in.readUint32()).isEqualTo(4_294_967_295L);
            assertThat(in.readInt64()).isEqualTo(Long.MIN_VALUE);
            assertThat(in.readFloat64()).isEqualTo(-0.5);
            assertThat(in.readUuid()).isEqualTo(new Uuid(1, -2));
            in.expectEnd("primitives");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void textAndBytesAreReadBackInBothForms(boolean compact) {
        ByteBuffer bytes =
                ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}).position(1).limit(4);
        WireWriter out = new WireWriter(0);
        out.writeString("größe", compact);
        out.writeNullableString(null, compact);
        out.writeString("", compact);
        out.writeBytes(bytes, compact);
        out.writeNullableBytes(null, compact);
        out.writeArrayLength(2, compact);
        out.writeInt16((short) 0);
        WireReader in = new WireReader(out.toBytes(), 0, out.size());
        assertThat(in.readString(compact)).isEqualTo("größe");
        assertThat(in.readNullableString(compact)).isNull();
        assertThat(in.readString(compact)).isEmpty();
        assertThat(in.readBytes(compact)).isEqualTo(bytes);
        assertThat(in.readNullableBytes(compact)).isNull();
        assertThat(in.readArrayLength(compact, 1)).isEqualTo(2);
        assertThat(bytes.position()).as("position of the caller's buffer").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 300_000})
    void aTaggedFieldGetsItsSizeInFrontHoweverLongItIs(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        WireWriter out = new WireWriter(0);
        int mark = out.beginTagged(5);
        out.writeRaw(content, 0, length);
        out.endTagged(mark);
        WireReader in = new WireReader(out.toBuffer());
        assertThat(in.readTag(-1)).isEqualTo(5);
        int outer = in.enterTagged();
        assertThat(in.readSlice(in.remaining())).isEqualTo(ByteBuffer.wrap(content));
        in.leaveTagged(outer);
        in.expectEnd("tagged field");
    }

    @Test
    void aLengthIsFilledInAfterwards() {
        WireWriter out = new WireWriter(0);
        out.writeInt32(0);
        out.writeInt16((short) 7);
        out.setInt32(0, out.size() - 4);
        assertThat(HexFormat.of().formatHex(out.toBytes())).isEqualTo("000000020007");
        assertThatThrownBy(() -> out.setInt32(3, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        out.reset();
        assertThat(out.size()).isZero();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertRefused(out -> out.writeString("x".repeat(32_768)), "a string of 32768 bytes");
        assertRefused(out -> out.writeCompactString("ö".repeat(16_384)), "a string of 32768 bytes");
        assertRefused(out -> out.writeUint16(65_536), "65536");
        assertRefused(out -> out.writeUint32(-1), "-1");
        assertRefused(out -> out.writeString(null), "null");
        assertRefused(out -> out.writeBytes(null), "null");
    }

    private static void assertRefused(Consumer<WireWriter> write, String what) {
        assertThatThrownBy(() -> write.accept(new WireWriter(8)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(what);
    }
}
