package dev.kafkaloom.protocol;

import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import java.util.Arrays;
import java.util.List;

/** A {@link FrozenList} of objects. */
public final class ElementList<E> extends FrozenList<E> {
    private static final ElementList<?> EMPTY = new ElementList<>(new Object[0]);

    private final Object[] elements;

    private ElementList(Object[] elements) {
        this.elements = elements;
    }

    /** The empty list. */
    @SuppressWarnings("unchecked") // it holds nothing of any type
    public static <E> ElementList<E> empty() {
        return (ElementList<E>) EMPTY;
    }

    /** A list of these elements, none of them null. The array is the list's from now on: nobody else may write to it. */
    public static <E> ElementList<E> owning(Object[] elements) {
        return elements.length == 0 ? empty() : new ElementList<>(elements);
    }

    /** Reads so many strings; null for -1. */
    public static ElementList<String> readStrings(WireReader in, int count, boolean compact) {
        if (count <= 0) {
            return count < 0 ? null : empty();
        }
        Object[] strings = new Object[count];
        int i = 0;
        try {
            for (; i < count; i++) {
                strings[i] = in.readString(compact);
            }
        } catch (KafkaException.MalformedMessage e) {
            throw e.within("[" + i + "]");
        }
        return new ElementList<>(strings);
    }

    /** Writes the strings without their number; nothing for null. */
    public static void writeStrings(List<String> strings, WireWriter out, boolean compact) {
        int size = strings == null ? 0 : strings.size();
        int i = 0;
        try {
            for (; i < size; i++) {
                out.writeString(strings.get(i), compact);
            }
        } catch (InvalidRequest e) {
            throw e.within("[" + i + "]");
        }
    }

    @Override
    public int size() {
        return elements.length;
    }

    @Override
    @SuppressWarnings("unchecked") // only elements of that type come in
    public E get(int index) {
        return (E) elements[index];
    }

    @Override
    public Object[] toArray() {
        return Arrays.copyOf(elements, elements.length, Object[].class);
    }
}
