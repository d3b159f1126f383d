package dev.kafkaloom.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireReaderTest {
    @ParameterizedTest
    @CsvSource({"00,0", "7f,127", "8001,128", "ffffffff07,2147483647", "8080808008,-2147483648", "ffffffff0f,-1"})
    void unsignedVarintsOfOneToFiveBytesAreRead(String hex, int expected) {
        assertThat(reader(hex).readUnsignedVarint()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"ffffffff1f", "ffffffff8f01", "808080808001", "ffffffffffffffff"})
    void aVarintBeyond32BitsIsMalformed(String hex) {
        assertMalformed(hex, WireReader::readUnsignedVarint, "more than 32 bits");
    }

    @Test
    void aVarlongBeyond64BitsIsMalformed() {
        assertThat(reader("ffffffffffffffffff01").readVarlong()).isEqualTo(Long.MIN_VALUE);
        assertMalformed("ffffffffffffffffff03", WireReader::readVarlong, "more than 64 bits");
        assertMalformed("ffffffffffffffffffff01", WireReader::readVarlong, "more than 64 bits");
    }

    @Test
    void nothingIsReadBehindTheRange() {
        byte[] bytes = HexFormat.of().parseHex("0102030405060708");
        WireReader in = new WireReader(bytes, 2, 3);
        assertThat(in.readInt16()).isEqualTo((short) 0x0304);
        assertThatThrownBy(in::readInt16)
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("2 bytes needed, but only 1 are left at byte 2");
        assertThat(in.readInt8()).isEqualTo((byte) 5);
        in.expectEnd("test");
    }

    @Test
    void aBufferIsReadFromItsPositionAndStaysWhereItIs() {
        ByteBuffer buffer = ByteBuffer.wrap(HexFormat.of().parseHex("00000001ffff"))
                .position(2)
                .limit(4)
                .slice();
        assertThat(new WireReader(buffer).readInt16()).isEqualTo((short) 1);
        assertThat(new WireReader(buffer.asReadOnlyBuffer()).readInt16()).isEqualTo((short) 1);
        assertThat(buffer.remaining()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"fffe", "8000", "0005abcdef", "7fff"})
    void aStringWithAnImpossibleLengthIsMalformed(String hex) {
        assertMalformed(hex, in -> in.readNullableString(false), "");
    }

    @ParameterizedTest
    @CsvSource({"ffffffff0f", "8080808008", "06616263"})
    void aCompactStringWithAnImpossibleLengthIsMalformed(String hex) {
        assertMalformed(hex, in -> in.readNullableString(true), "");
    }

    @Test
    void bytesWithAnImpossibleLengthAreMalformed() {
        assertMalformed("fffffffe", in -> in.readNullableBytes(false), "a length of -2");
        assertMalformed("7fffffff00", in -> in.readNullableBytes(false), "2147483647 bytes needed");
        assertMalformed("ffffffff0f", in -> in.readNullableBytes(true), "a length of -2");
    }

    @Test
    void nullIsMalformedWhereAValueIsRequired() {
        assertThat(reader("ffff").readNullableString(false)).isNull();
        assertThat(reader("00").readNullableString(true)).isNull();
        assertThat(reader("ffffffff").readNullableBytes(false)).isNull();
        assertMalformed("ffff", in -> in.readString(false), "null");
        assertMalformed("00", in -> in.readString(true), "null");
        assertMalformed("ffffffff", in -> in.readBytes(false), "null");
        assertMalformed("00", in -> in.readBytes(true), "null");
        assertMalformed("ffffffff", in -> in.readArrayLength(false, 1), "null");
    }

    @Test
    void anArrayThatCannotFitIsMalformedBeforeAnythingIsAllocated() {
        assertThat(reader("000000020000000000000000").readNullableArrayLength(false, 4))
                .isEqualTo(2);
        assertMalformed(
                "0000000300000000000000000000",
                in -> in.readNullableArrayLength(false, 4),
                "an array of 3 elements of at least 4 bytes");
        assertMalformed("7fffffff", in -> in.readNullableArrayLength(false, 1), "an array of 2147483647");
        assertMalformed("80000000", in -> in.readNullableArrayLength(false, 1), "an array of -2147483648");
        assertMalformed("fffffffe", in -> in.readNullableArrayLength(false, 1), "an array of -2");
        assertMalformed("ffffffff0f", in -> in.readNullableArrayLength(true, 1), "an array of -2");
        assertMalformed("ffffffff07", in -> in.readNullableArrayLength(true, 1), "an array of 2147483646");
    }

    @Test
    void viewsAreReadOnlyAndDoNotCopy() {
        byte[] frame = HexFormat.of().parseHex("00000002aabb");
        ByteBuffer view = new WireReader(frame, 0, frame.length).readBytes(false);
        frame[4] = 0x11;
        assertThat(view.get(0)).isEqualTo((byte) 0x11);
        assertThatThrownBy(() -> view.put(0, (byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void bytesLeftOverAreMalformed() {
        WireReader in = reader("0102");
        in.skip(1);
        assertThatThrownBy(() -> in.expectEnd("Heartbeat v0"))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage("malformed Heartbeat v0: 1 bytes are left over after byte 1");
    }

    @Test
    void aPresenceMarkIsOneOrMinusOne() {
        assertThat(reader("01").readPresence()).isTrue();
        assertThat(reader("ff").readPresence()).isFalse();
        assertMalformed("00", WireReader::readPresence, "presence mark of 0");
    }

    private static WireReader reader(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return new WireReader(bytes, 0, bytes.length);
    }

    private static void assertMalformed(String hex, Consumer<WireReader> read, String what) {
        assertThatThrownBy(() -> read.accept(reader(hex)))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining(what);
    }
}
