package dev.kafkaloom.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrozenListTest {
    static List<List<?>> lists() {
        return List.of(
                FieldCheck.list(List.of("a", "b", "a"), "f"),
                FieldCheck.list(Arrays.asList("a", "b", "a"), "f"),
                FieldCheck.int32s(List.of(-5, 1000, -5), "f"),
                FieldCheck.int64s(List.of(-5L, 1L << 40, -5L), "f"));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void itIsTheListThatAnyOtherOfTheSameContentIs(List<?> list) {
        List<?> same = new ArrayList<>(list);
        assertThat(list).isEqualTo(same).hasSameHashCodeAs(same).hasToString(same.toString());
        assertThat(same).isEqualTo(list);
        assertThat(list).isNotEqualTo(List.of()).isNotEqualTo(same.reversed().subList(0, 2));
        assertThat(list.indexOf(same.get(0))).isZero();
        assertThat(list.lastIndexOf(same.get(0))).isEqualTo(2);
        assertThat(list.contains(null)).isFalse();
        assertThat(list.subList(1, 3)).isEqualTo(same.subList(1, 3));
        assertThat(list.stream().toList()).isEqualTo(same);
        assertThat(list.toArray()).isEqualTo(same.toArray());
        assertThat(list.listIterator(3).previous()).isEqualTo(same.get(2));
        Iterator<?> walk = list.iterator();
        same.forEach(element -> assertThat(walk.next()).isEqualTo(element));
        assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> list.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @MethodSource("lists")
    @SuppressWarnings("unchecked")
    void itCannotBeChanged(List<?> list) {
        List<Object> raw = (List<Object>) list;
        Object element = raw.get(0);
        List<Consumer<List<Object>>> changes = List.of(
                l -> l.add(element),
                l -> l.add(0, element),
                l -> l.addAll(List.of(element)),
                l -> l.addAll(0, List.of(element)),
                l -> l.set(0, element),
                l -> l.remove(0),
                l -> l.remove(element),
                l -> l.removeIf(e -> true),
                l -> l.removeAll(List.of(element)),
                l -> l.retainAll(List.of()),
                l -> l.replaceAll(e -> e),
                List::clear,
                l -> l.subList(0, 1).clear());
        for (Consumer<List<Object>> change : changes) {
            assertThatThrownBy(() -> change.accept(raw)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void aMessageTakesOneOverWithoutACopyAndCopiesAnyOther() {
        List<Integer> own = new ArrayList<>(List.of(1, 2));
        List<Integer> taken = FieldCheck.int32s(own, "f");
        own.clear();
        assertThat(taken).containsExactly(1, 2);
        assertThat(FieldCheck.int32s(taken, "f")).isSameAs(taken);
        assertThat(FieldCheck.list(taken, "f")).isSameAs(taken);
        assertThat(Int32List.of(taken)).isSameAs(taken);
        assertThat(Int32List.of(taken).getInt(1)).isEqualTo(2);
        assertThat(Int64List.of(List.of(7L)).getLong(0)).isEqualTo(7);
        assertThat(FieldCheck.nullableInt32s(null, "f")).isNull();
        assertThat(FieldCheck.list(List.of(), "f")).isSameAs(ElementList.empty());
    }

    @Test
    void nullIsRefusedByName() {
        for (Consumer<List<Integer>> check : List.<Consumer<List<Integer>>>of(
                list -> FieldCheck.int32s(list, "f"), list -> FieldCheck.list(list, "f"))) {
            assertThatThrownBy(() -> check.accept(null))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("f must not be null");
            assertThatThrownBy(() -> check.accept(Arrays.asList(1, null)))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("f must not hold a null element");
        }
    }

    @Test
    void theSameNumbersOfOneMessageAreTheSameList() {
        WireReader in = reader("00000001" + "00000002" + "00000001" + "00000002" + "00000002" + "00000001");
        Int32List first = Int32List.read(in, 2);
        assertThat(first).containsExactly(1, 2);
        assertThat(Int32List.read(in, 2)).isSameAs(first);
        assertThat(Int32List.read(in, 2)).containsExactly(2, 1);
        assertThat(Int32List.read(in, 0)).isSameAs(Int32List.EMPTY);
        assertThat(Int32List.read(in, -1)).isNull();
    }

    @Test
    void manyDifferentListsOfOneMessageStayApart() {
        WireWriter out = new WireWriter(64);
        IntStream.range(0, 4000).forEach(i -> out.writeInt32(i / 3 * 16));
        WireReader in = new WireReader(out.toBuffer());
        for (int i = 0; i < 4000; i += 4) {
            assertThat(Int32List.read(in, 4))
                    .containsExactly(i / 3 * 16, (i + 1) / 3 * 16, (i + 2) / 3 * 16, (i + 3) / 3 * 16);
        }
    }

    @Test
    void moreNumbersThanThereAreBytesAreMalformedBeforeAnythingIsAllocated() {
        for (int count : new int[] {2, 1 << 30, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> Int32List.read(reader("00000001"), count)).isInstanceOf(MalformedMessage.class);
            assertThatThrownBy(() -> Int64List.read(reader("0000000100000001"), count))
                    .isInstanceOf(MalformedMessage.class);
        }
    }

    @Test
    void theStringThatIsMalformedOrTooLongIsNamedByItsIndex() {
        assertThatThrownBy(() -> ElementList.readStrings(reader("0261" + "0962"), 2, true))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage("malformed [1]: 8 bytes needed, but only 1 are left at byte 3");
        assertThatThrownBy(() -> ElementList.writeStrings(List.of("a", "x".repeat(40_000)), new WireWriter(0), true))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("[1]: a string of 40000 bytes, Kafka allows 32767");
    }

    private static WireReader reader(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return new WireReader(bytes, 0, bytes.length);
    }
}
