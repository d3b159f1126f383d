package dev.kafkaloom.network;

import dev.kafkaloom.protocol.WireWriter;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The buffers that requests are encoded into, handed from one request to the next: fresh memory is the dearest thing about a request.
 * A buffer is given back only when all of it has been copied towards the socket; one that never gets there is left to the collector,
 * so that no two requests can ever share one. Thread-safe; keeps at most {@value #KEPT} of at most {@value #LARGEST_KEPT} bytes.
 */
final class FrameBuffers {
    private static final int KEPT = 4;
    private static final int LARGEST_KEPT = 4 << 20; // a request of max.request.size, doubled until it fitted
    private static final int FIRST_CAPACITY = 512;

    private final AtomicReferenceArray<WireWriter> idle =
            new AtomicReferenceArray<>(KEPT); // no lock: every call comes by

    /** An empty buffer, the caller's until it is given back. */
    WireWriter take() {
        for (int i = 0; i < KEPT; i++) {
            WireWriter buffer = idle.getAndSet(i, null);
            if (buffer != null) {
                return buffer;
            }
        }
        return new WireWriter(FIRST_CAPACITY);
    }

    /** Nobody may touch the buffer, or what was got from it, any more. */
    void giveBack(WireWriter buffer) {
        if (buffer.array().length > LARGEST_KEPT) {
            return;
        }
        buffer.reset();
        for (int i = 0; i < KEPT; i++) { // all taken: one too many, let it go
            if (idle.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
