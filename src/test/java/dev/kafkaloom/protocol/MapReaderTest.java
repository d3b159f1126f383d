package dev.kafkaloom.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MapReaderTest {
    @Test
    void whatIsMissingKeepsItsDefaultAndNullStaysNull() {
        MapReader in = new MapReader("M", Collections.singletonMap("name", null));
        assertThat(in.string("name", "x")).isNull();
        assertThat(in.string("other", "x")).isEqualTo("x");
        assertThat(in.int32("number", 7)).isEqualTo(7);
    }

    @Test
    void numbersOfAnyKindAreTakenIfTheyFit() {
        MapReader in = new MapReader("M", Map.of("a", 5L, "b", 5.0, "c", BigInteger.TWO.pow(40), "d", 1.5f));
        assertThat(in.int8("a", (byte) 0)).isEqualTo((byte) 5);
        assertThat(in.int16("b", (short) 0)).isEqualTo((short) 5);
        assertThat(in.int64("c", 0)).isEqualTo(1L << 40);
        assertThat(in.float64("d", 0)).isEqualTo(1.5);
    }

    @Test
    void theNumbersThatJsonHasNoFormForComeAsText() {
        MapReader in = new MapReader("M", Map.of("a", "NaN", "b", "Infinity", "c", "-Infinity", "d", "1.5"));
        assertThat(in.float64("a", 0)).isNaN();
        assertThat(in.float64("b", 0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(in.float64("c", 0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> in.float64("d", 0))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("M.d: expected a number, got String 1.5");
    }

    @Test
    void anErrorShowsOnlyTheStartOfMegabytes() {
        String huge = "x".repeat(1 << 20);
        Map<String, Object> map = Map.of("number", huge, "list", List.of(huge), "id", huge, huge, 1);
        assertThatThrownBy(() -> new MapReader("M", map).int32("number", 0))
                .hasMessage("M.number: expected a whole number, got String " + "x".repeat(100) + "...");
        assertThatThrownBy(() -> new MapReader("M", map).string("list", ""))
                .hasMessage("M.list: expected a text, got "
                        + List.of(1).getClass().getSimpleName() + " [" + "x".repeat(99) + "...");
        assertThatThrownBy(() -> new MapReader("M", map).uuid("id", (Uuid) null))
                .hasMessage("M.id: not a Kafka id (22 characters of base64url): " + "x".repeat(100) + "...");
        assertThatThrownBy(() -> new MapReader("M", Map.of(huge, 1)).unknownTagsAndEnd())
                .hasMessage("M has no field " + "x".repeat(100) + "..., only [unknownTaggedFields]");
    }

    @Test
    void aTagWithoutBytesIsRefusedByItsPath() {
        Map<String, Object> tag = new HashMap<>(Map.of("tag", 5));
        tag.put("data", null);
        assertThatThrownBy(() -> new MapReader("M", Map.of("unknownTaggedFields", List.of(tag))).unknownTagsAndEnd())
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("M.unknownTaggedFields[0].data: must not be null");
    }

    @Test
    void anErrorNamesThePath() {
        Map<String, Object> topic = Map.of("name", 3);
        Map<String, Object> map = Map.of(
                "topics",
                List.of(Map.of(), topic),
                "id",
                "zz",
                "small",
                300,
                "half",
                1.5,
                "data",
                "%%",
                "flag",
                "yes",
                "list",
                Arrays.asList(1, null));
        assertRefused(
                map,
                in -> in.structs("topics", List.of(), inner -> inner.string("name", "")),
                "M.topics[1].name: expected a text, got Integer 3");
        assertRefused(map, in -> in.uuid("id", Uuid.ZERO), "M.id: ");
        assertRefused(map, in -> in.int8("small", (byte) 0), "M.small: expected a number of -128 to 127, got 300");
        assertRefused(map, in -> in.int32("half", 0), "M.half: expected a whole number, got 1.5");
        assertRefused(map, in -> in.bytes("data", FieldCheck.NO_BYTES), "M.data: not base64");
        assertRefused(map, in -> in.bool("flag", false), "M.flag: expected true or false, got String yes");
        assertRefused(
                map,
                in -> in.list("list", List.of(), MapReader::int32),
                "M.list[1]: expected a whole number, got null");
        assertRefused(map, in -> in.struct("list", null, inner -> inner), "M.list: expected an object");
    }

    @Test
    void aFieldThatDoesNotExistIsAnError() {
        MapReader in = new MapReader("M", Map.of("name", "a", "nmae", "b"));
        in.string("name", "");
        assertThatThrownBy(in::unknownTagsAndEnd)
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("M has no field nmae, only [name, unknownTaggedFields]");
    }

    @Test
    void unknownTaggedFieldsGoThereAndBack() {
        Map<String, Object> map = new HashMap<>();
        List<RawTaggedField> fields = List.of(new RawTaggedField(9, ByteBuffer.wrap(new byte[] {1, 2})));
        MapWriter.unknownTags(map, fields);
        assertThat(new MapReader("M", map).unknownTagsAndEnd()).isEqualTo(fields);
    }

    private static void assertRefused(Map<String, Object> map, Consumer<MapReader> read, String what) {
        assertThatThrownBy(() -> read.accept(new MapReader("M", map)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(what);
    }
}
