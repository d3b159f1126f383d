package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * The last {@value #FRAMES} frames of one connection, both directions together, for whoever has to explain a failure. It is always
 * on, so a frame costs one copy of at most {@value #KEPT_BYTES} bytes into an array that is used again and again; nothing is decoded
 * until somebody looks. The reader and the writer of the connection fill it, any thread may look.
 */
final class FrameLog {
    static final int FRAMES = 64;
    /** How much of a frame is kept. */
    static final int KEPT_BYTES = 2 << 10;
    /** How much of a frame a listener gets. */
    static final int SHOWN_BYTES = 256 << 10;

    private static final int SMALLEST_ROOM = 64;
    private static final byte[] NO_BYTES = {};
    private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** One place of the ring; its array grows to what frames need, up to {@link #KEPT_BYTES}. */
    private static final class Place {
        private long atMillis;
        private boolean sent;
        private boolean expected;
        private ApiKey api;
        private short version;
        private int correlationId;
        private int length;
        private byte[] room = NO_BYTES;
    }

    private final String connection;
    private final BrokerAddress peer;
    private final Instant since;
    private final Consumer<Frame> listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Place[] ring = new Place[FRAMES]; // guarded by lock, as the next
    private long passed;
    private volatile KafkaException end;
    private final AtomicBoolean listenerFailed = new AtomicBoolean();

    FrameLog(String connection, BrokerAddress peer, Instant since, Consumer<Frame> listener) {
        this.connection = connection;
        this.peer = peer;
        this.since = since;
        this.listener = listener;
    }

    /** Called by the writer, before the request is on its way. */
    void sent(Slot<?> slot, WireWriter frame) {
        passed(true, true, slot, slot.correlationId(), frame.array(), Integer.BYTES, frame.size() - Integer.BYTES);
    }

    /** Called by the reader. {@code slot} is null when the response is not the one that is due. */
    void received(Slot<?> slot, InFlight due, ReceivedFrame frame) {
        Slot<?> meant = slot == null ? due.oldest() : slot;
        passed(false, slot != null, meant, (int) INT32.get(frame.bytes(), 0), frame.bytes(), 0, frame.length());
    }

    private void passed(
            boolean sent, boolean expected, Slot<?> slot, int correlationId, byte[] from, int offset, int length) {
        ApiKey api = slot == null ? null : slot.request().api();
        short version = slot == null ? 0 : slot.version();
        long now = System.currentTimeMillis();
        lock.lock();
        try {
            Place place = next();
            place.atMillis = now;
            place.sent = sent;
            place.expected = expected;
            place.api = api;
            place.version = version;
            place.correlationId = correlationId;
            place.length = length;
            int kept = Math.min(length, KEPT_BYTES);
            if (place.room.length < kept) {
                place.room = new byte[Math.max(SMALLEST_ROOM, Integer.highestOneBit(2 * kept - 1))];
            }
            System.arraycopy(from, offset, place.room, 0, kept);
        } finally {
            lock.unlock();
        }
        if (!listener.equals(FrameLogs.NOBODY)) { // for whom no copy is made
            byte[] shown = Arrays.copyOfRange(from, offset, offset + Math.min(length, SHOWN_BYTES));
            show(new Frame(
                    Instant.ofEpochMilli(now), connection, sent, expected, api, version, correlationId, length, shown));
        }
    }

    /** A listener's mistake is not the connection's. */
    private void show(Frame frame) {
        try {
            listener.accept(frame);
        } catch (RuntimeException e) {
            if (listenerFailed.compareAndSet(false, true)) { // once: it fails at every frame, most likely
                LoggerFactory.getLogger(FrameLog.class).warn("the frame listener failed at {}", frame, e);
            }
        }
    }

    private Place next() {
        int at = (int) (passed++ % FRAMES);
        if (ring[at] == null) {
            ring[at] = new Place();
        }
        return ring[at];
    }

    /** What ended the connection. */
    void ended(KafkaException cause) {
        end = cause;
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return passed == 0;
        } finally {
            lock.unlock();
        }
    }

    ConnectionFrames snapshot() {
        List<Frame> frames = new ArrayList<>();
        lock.lock();
        try {
            for (long each = Math.max(0, passed - FRAMES); each < passed; each++) {
                frames.add(frame(ring[(int) (each % FRAMES)]));
            }
        } finally {
            lock.unlock();
        }
        return new ConnectionFrames(connection, peer, since, Optional.ofNullable(end), frames);
    }

    private Frame frame(Place place) {
        return new Frame(
                Instant.ofEpochMilli(place.atMillis),
                connection,
                place.sent,
                place.expected,
                place.api,
                place.version,
                place.correlationId,
                place.length,
                Arrays.copyOf(place.room, Math.min(place.length, KEPT_BYTES)));
    }
}
