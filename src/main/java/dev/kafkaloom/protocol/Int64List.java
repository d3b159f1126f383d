package dev.kafkaloom.protocol;

import java.util.Arrays;
import java.util.List;

/** A {@link FrozenList} of longs that are not boxed: {@link #of(List)}, then {@link #getLong(int)}. */
public final class Int64List extends FrozenList<Long> {
    /** The empty list. */
    public static final Int64List EMPTY = new Int64List(new long[0]);

    private final long[] values;

    Int64List(long[] values) {
        this.values = values;
    }

    /** The same numbers; no copy where they are in such a list already, as those of messages are. */
    public static Int64List of(List<Long> list) {
        if (list instanceof Int64List same) {
            return same;
        }
        long[] values = new long[list.size()];
        int i = 0;
        for (Long value : list) {
            values[i++] = value;
        }
        return values.length == 0 ? EMPTY : new Int64List(values);
    }

    /** Reads so many numbers; null for -1. */
    public static Int64List read(WireReader in, int count) {
        if (count <= 0) {
            return count < 0 ? null : EMPTY;
        }
        return in.readInt64s(count);
    }

    /** Writes the numbers without their number; nothing for null. */
    public static void write(List<Long> list, WireWriter out) {
        if (list != null) {
            for (long value : of(list).values) {
                out.writeInt64(value);
            }
        }
    }

    /** The number at that index. */
    public long getLong(int index) {
        return values[index];
    }

    @Override
    public Long get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Int64List list ? Arrays.equals(values, list.values) : super.equals(other);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
