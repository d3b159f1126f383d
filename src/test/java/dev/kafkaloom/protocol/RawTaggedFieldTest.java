package dev.kafkaloom.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawTaggedFieldTest {
    @Test
    void fieldsAreKeptAsTheyCame() {
        List<RawTaggedField> fields = RawTaggedField.readAll(reader("02" + "0302aabb" + "0700"));
        assertThat(fields)
                .containsExactly(
                        new RawTaggedField(3, ByteBuffer.wrap(new byte[] {(byte) 0xaa, (byte) 0xbb})),
                        new RawTaggedField(7, ByteBuffer.allocate(0)));
        WireWriter out = new WireWriter(0);
        RawTaggedField.writeFrom(0, out, fields);
        assertThat(HexFormat.of().formatHex(out.toBytes())).isEqualTo("0302aabb0700");
    }

    @ParameterizedTest
    @CsvSource({
        "02030100030100,tag 3 after tag 3",
        "020500030000,tag 3 after tag 5",
        "010305aa,a tagged field of 5 bytes",
        "ffffffff0f0100,4294967295 tagged fields",
        "050100,5 tagged fields"
    })
    void aBrokenTagSectionIsMalformed(String hex, String what) {
        assertThatThrownBy(() -> RawTaggedField.readAll(reader(hex)))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining(what);
    }

    @Test
    void aTaggedFieldMustBeReadWhole() {
        WireReader in = reader("0302aabb");
        in.readTag(-1);
        int outer = in.enterTagged();
        in.readInt8();
        assertThatThrownBy(() -> in.leaveTagged(outer))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("1 bytes are left over");
        assertThatThrownBy(in::readInt16).as("behind the tagged field's end").isInstanceOf(MalformedMessage.class);
    }

    @Test
    void aKnownTagAmongTheUnknownOnesIsRefused() {
        List<RawTaggedField> fields =
                List.of(new RawTaggedField(0, ByteBuffer.allocate(1)), new RawTaggedField(2, ByteBuffer.allocate(1)));
        WireWriter out = new WireWriter(0);
        assertThat(RawTaggedField.writeBelow(1, out, fields, 0)).isEqualTo(1);
        assertThatThrownBy(() -> RawTaggedField.writeBelow(2, out, fields, 1))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("tag 2");
        assertThatThrownBy(() -> FieldCheck.tags(fields.reversed(), "X"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("tag 0");
    }

    private static WireReader reader(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return new WireReader(bytes, 0, bytes.length);
    }
}
