package dev.kafkaloom.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads a segment's frames in order, through a buffer. Owned by one thread. */
final class SegmentReader {
    private static final int WINDOW = 1 << 20;

    private final FileChannel file;
    private final long size;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowAt;
    private ByteBuffer meta;

    SegmentReader(FileChannel file, long size) {
        this.file = file;
        this.size = size;
    }

    /** The head of the frame there, null when it is none or its meta is not as it was written. */
    Frames.Head frame(long at) throws IOException {
        Frames.Head head = Frames.head(bytes(at, (int) Math.min(Frames.HEAD, size - at)), size - at);
        if (head == null) {
            return null;
        }
        ByteBuffer whole = bytes(at, Frames.HEAD + head.metaSize());
        if (!Frames.checks(whole, head)) {
            return null;
        }
        meta = Frames.meta(whole, head);
        return head;
    }

    /** Of the last {@link #frame}; valid until the next call of anything. */
    ByteBuffer meta() {
        return meta;
    }

    ByteBuffer batch(long at, int length) throws IOException {
        return bytes(at, length);
    }

    /** The next frame behind {@code at} that was written when {@code at} was durable; -1 when there is none. */
    long nextDurable(long at) throws IOException {
        for (long next = at + 1; next + Frames.HEAD <= size; next++) {
            ByteBuffer some = bytes(next, Frames.HEAD);
            if (some.getInt(some.position()) == Frames.MAGIC) {
                Frames.Head head = frame(next);
                if (head != null && head.durable() > at) {
                    return next;
                }
            }
        }
        return -1;
    }

    /** Whether it begins with what no storage has written, not even half of it. */
    boolean isForeign() throws IOException {
        if (size < Integer.BYTES) {
            return false;
        }
        ByteBuffer some = bytes(0, Integer.BYTES);
        int begin = some.getInt(some.position());
        return begin != Frames.MAGIC && begin != 0; // zeros: the system made the file longer and wrote nothing
    }

    /** So many bytes from there, which the file has. */
    private ByteBuffer bytes(long at, int length) throws IOException {
        if (at < windowAt || at + length > windowAt + window.limit()) {
            fill(at, length);
        }
        return window.slice((int) (at - windowAt), length);
    }

    private void fill(long at, int length) throws IOException {
        if (window.capacity() < length) {
            window = ByteBuffer.allocate(length);
        }
        window.clear();
        windowAt = at;
        while (window.position() < length || (window.hasRemaining() && at + window.position() < size)) {
            int some = file.read(window, at + window.position());
            if (some < 0) {
                throw new Damaged("the file ends while it is read");
            }
        }
        window.flip();
    }
}
