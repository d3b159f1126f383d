package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolHexTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00ff1A",
                "00 ff 1a",
                "00:ff:1A",
                "00-FF-1A",
                "0x00 0xff 0x1a",
                "0x00ff1a",
                "00ff\n1a\r\n",
                "0x00, 0xFF, 0x1A"
            })
    void bytesAreReadAsPeopleWriteThem(String text) {
        assertThat(ProtocolHex.parse(text)).containsExactly(0, 0xff, 0x1a);
        assertThat(isText(text.getBytes(StandardCharsets.US_ASCII))).isTrue();
    }

    @Test
    void printedBytesAreReadAgain() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        String text = ProtocolHex.print(all, all.length);
        assertThat(text).startsWith("000102").endsWith("fdfeff");
        assertThat(ProtocolHex.parse(text)).isEqualTo(all);
        assertThat(ProtocolHex.print(all, 2)).isEqualTo("0001");
    }

    @Test
    void whatIsNotHexIsToldWithItsPlace() {
        assertThatThrownBy(() -> ProtocolHex.parse("00 1g"))
                .isInstanceOf(UsageException.class)
                .hasMessage("not hex: 'g' at character 5");
        assertThatThrownBy(() -> ProtocolHex.parse("001")).hasMessageContaining("3 digits, an odd number");
        assertThatThrownBy(() -> ProtocolHex.parse("/tmp/frame.bin")).hasMessageContaining("@/tmp/frame.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x0000:  0012 0000", "00000000: 0012 0000", "0000   00 12 00 00", "\n00000000  00 12"})
    void theOffsetsOfADumpAreNotTakenForBytes(String dump) {
        assertThatThrownBy(() -> ProtocolHex.parse(dump))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("offsets");
    }

    @Test
    void whatLooksLikeBase64IsCalledSo() {
        assertThatThrownBy(() -> ProtocolHex.parse("AgdvcmRlcnMAAQAAAA=="))
                .hasMessageStartingWith("not hex: 'g' at character 2")
                .hasMessageContaining("base64 -d");
        assertThatThrownBy(() -> ProtocolHex.parse("answer.bin")).hasMessage("not hex: 'n' at character 2");
    }

    @Test
    void binaryAndNothingAreNoHexText() {
        assertThat(isText(new byte[] {0, 0x12})).isFalse();
        assertThat(isText(new byte[0])).isFalse();
        assertThat(isText(new byte[] {(byte) 0xb1, '1'})).isFalse();
        assertThat(ProtocolHex.parse("")).isEmpty();
    }

    private static boolean isText(byte[] bytes) {
        return ProtocolHex.isText(ByteBuffer.wrap(bytes));
    }
}
