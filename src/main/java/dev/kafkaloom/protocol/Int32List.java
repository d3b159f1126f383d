package dev.kafkaloom.protocol;

import java.util.Arrays;
import java.util.List;

/** A {@link FrozenList} of ints that are not boxed: {@link #of(List)}, then {@link #getInt(int)}. */
public final class Int32List extends FrozenList<Integer> {
    /** The empty list. */
    public static final Int32List EMPTY = new Int32List(new int[0]);

    private final int[] values;

    Int32List(int[] values) {
        this.values = values;
    }

    /** The same numbers; no copy where they are in such a list already, as those of messages are. */
    public static Int32List of(List<Integer> list) {
        if (list instanceof Int32List same) {
            return same;
        }
        int[] values = new int[list.size()];
        int i = 0;
        for (Integer value : list) {
            values[i++] = value;
        }
        return values.length == 0 ? EMPTY : new Int32List(values);
    }

    /** Reads so many numbers; null for -1. */
    public static Int32List read(WireReader in, int count) {
        if (count <= 0) {
            return count < 0 ? null : EMPTY;
        }
        return in.readInt32s(count);
    }

    /** Writes the numbers without their number; nothing for null. */
    public static void write(List<Integer> list, WireWriter out) {
        if (list != null) {
            for (int value : of(list).values) {
                out.writeInt32(value);
            }
        }
    }

    /** The number at that index. */
    public int getInt(int index) {
        return values[index];
    }

    @Override
    public Integer get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Int32List list ? Arrays.equals(values, list.values) : super.equals(other);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** Whether these numbers stand there in the form of the wire. */
    boolean isAt(byte[] bytes, int at, int count) {
        if (values.length != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (values[i] != WireReader.int32At(bytes, at + 4 * i)) {
                return false;
            }
        }
        return true;
    }
}
