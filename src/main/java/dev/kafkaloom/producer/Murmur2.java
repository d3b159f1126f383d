package dev.kafkaloom.producer;

/** The hash that Kafka's Java client spreads keys by, so that ours land in the same partitions. */
final class Murmur2 {
    private static final int SEED = 0x9747b28c;
    private static final int M = 0x5bd1e995;
    private static final int R = 24;

    private Murmur2() {}

    static int partition(byte[] key, int partitions) {
        return (hash(key) & 0x7fffffff) % partitions;
    }

    static int hash(byte[] data) {
        int h = SEED ^ data.length;
        int whole = data.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            int k = byteAt(data, i) | byteAt(data, i + 1) << 8 | byteAt(data, i + 2) << 16 | byteAt(data, i + 3) << 24;
            k *= M;
            k ^= k >>> R;
            k *= M;
            h = h * M ^ k;
        }
        int rest = data.length - whole;
        if (rest > 0) {
            for (int i = 0; i < rest; i++) {
                h ^= byteAt(data, whole + i) << (8 * i);
            }
            h *= M;
        }
        h ^= h >>> 13;
        h *= M;
        return h ^ h >>> 15;
    }

    private static int byteAt(byte[] data, int index) {
        return data[index] & 0xff;
    }
}
