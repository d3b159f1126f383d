package dev.kafkaloom.network;

import dev.kafkaloom.protocol.WireWriter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The buffers that requests are encoded into, handed from one request to the next: fresh memory is the dearest thing about a request.
 * A buffer is given back only when all of it has been copied towards the socket; one that never gets there is left to the collector,
 * so that no two requests can ever share one. Thread-safe; keeps at most {@value #KEPT} of at most {@value #LARGEST_KEPT} bytes.
 */
final class FrameBuffers {
    private static final int KEPT = 4;
    private static final int LARGEST_KEPT = 4 << 20; // a request of max.request.size, doubled until it fitted
    private static final int FIRST_CAPACITY = 512;

    private final BlockingQueue<WireWriter> idle = new ArrayBlockingQueue<>(KEPT);

    /** An empty buffer, the caller's until it is given back. */
    WireWriter take() {
        WireWriter buffer = idle.poll();
        return buffer != null ? buffer : new WireWriter(FIRST_CAPACITY);
    }

    /** Nobody may touch the buffer, or what was got from it, any more. */
    void giveBack(WireWriter buffer) {
        if (buffer.array().length <= LARGEST_KEPT) {
            buffer.reset();
            idle.offer(buffer); // full: one too many, let it go
        }
    }
}
