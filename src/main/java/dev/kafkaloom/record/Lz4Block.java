package dev.kafkaloom.record;

/** Decodes one LZ4 block: sequences of literals and of copies from what was already written. */
final class Lz4Block {
    private static final int MIN_MATCH = 4;

    private final byte[] in;
    private final int end;
    private final GrowingBytes out;
    private int at;

    private Lz4Block(byte[] in, int offset, int length, GrowingBytes out) {
        this.in = in;
        this.at = offset;
        this.end = offset + length;
        this.out = out;
    }

    /** A copy may reach back as far as {@code history} in {@code out}: the block's start, or the frame's if its blocks are linked. */
    static void decode(byte[] in, int offset, int length, int history, GrowingBytes out) throws CorruptRecords {
        new Lz4Block(in, offset, length, out).decode(history);
    }

    private void decode(int history) throws CorruptRecords {
        while (true) {
            int token = next();
            literals(length(token >> 4 & 15));
            if (at == end) {
                return; // the last sequence has literals only
            }
            int distance = next() | next() << 8;
            long length = length(token & 15) + MIN_MATCH;
            if (distance == 0 || distance > out.size() - history) {
                throw new CorruptRecords(
                        "lz4 copy from " + distance + " bytes back where " + (out.size() - history) + " were written");
            }
            copy(distance, length);
        }
    }

    private void literals(long count) throws CorruptRecords {
        if (count > end - at) {
            throw new CorruptRecords("lz4 block is cut off");
        }
        out.reserve(count);
        out.write(in, at, (int) count);
        at += (int) count;
    }

    private void copy(int distance, long count) throws CorruptRecords {
        out.reserve(count);
        byte[] bytes = out.array();
        int to = out.size();
        int from = to - distance;
        int length = (int) count;
        if (distance >= length) {
            System.arraycopy(bytes, from, bytes, to, length);
        } else {
            for (int i = 0; i < length; i++) { // source and target overlap: the pattern repeats
                bytes[to + i] = bytes[from + i];
            }
        }
        out.advance(length);
    }

    private long length(int nibble) throws CorruptRecords {
        long length = nibble;
        if (nibble == 15) {
            int more;
            do {
                more = next();
                length += more;
            } while (more == 255);
        }
        return length;
    }

    private int next() throws CorruptRecords {
        if (at == end) {
            throw new CorruptRecords("lz4 block is cut off");
        }
        return in[at++] & 0xff;
    }
}
