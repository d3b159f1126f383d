package dev.kafkaloom.protocol;

/**
 * Short lists of numbers that one reader has read: the same content is the same list again, since the replicas and the in-sync replicas
 * of ten thousand partitions come to a handful of lists.
 *
 * <p>Not thread-safe: owned by the reader.
 */
final class RecentLists {
    private static final int LONGEST = 16; // longer ones are rarely the same

    private final Int32List[] byHash = new Int32List[16];

    /** So many numbers in the form of the wire. */
    Int32List at(byte[] bytes, int at, int count) {
        if (count > LONGEST) {
            return read(bytes, at, count);
        }
        int hash = count;
        for (int i = 0; i < count; i++) {
            hash = 31 * hash + WireReader.int32At(bytes, at + 4 * i);
        }
        int slot = (hash ^ (hash >>> 15)) & (byHash.length - 1);
        Int32List same = byHash[slot];
        if (same == null || !same.isAt(bytes, at, count)) {
            same = read(bytes, at, count);
            byHash[slot] = same;
        }
        return same;
    }

    private static Int32List read(byte[] bytes, int at, int count) {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = WireReader.int32At(bytes, at + 4 * i);
        }
        return new Int32List(values);
    }
}
