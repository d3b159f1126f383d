package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.RequestHeader;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.message.ResponseHeader;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * One request on its way: encoded by the sender's thread, written by the writer, completed by the reader, or failed by whoever
 * breaks the connection.
 */
final class Slot<R extends Response> implements Pending<R> {
    private final Request<R> request;
    private final short version;
    private final int correlationId;
    private final Duration deadline;
    private final boolean mayStaySilent;
    private final String peer;
    private final Outcome<R> outcome = new Outcome<>();
    private volatile boolean abandoned;
    private volatile long sentAt;
    private boolean placed; // set before anyone else sees the slot
    private WireWriter frame; // the writer's alone once the slot is queued

    private Slot(
            Request<R> request,
            short version,
            int correlationId,
            Duration deadline,
            boolean mayStaySilent,
            String peer,
            WireWriter frame) {
        this.request = request;
        this.version = version;
        this.correlationId = correlationId;
        this.deadline = deadline;
        this.mayStaySilent = mayStaySilent;
        this.peer = peer;
        this.frame = frame;
    }

    /** What identifies a slot on a connection, and where its buffer comes from. */
    record Origin(String peer, String clientId, int correlationId, FrameBuffers buffers) {}

    static <R extends Response> Slot<R> of(Request<R> request, short version, Origin origin, Duration deadline) {
        return new Slot<>(
                request,
                version,
                origin.correlationId(),
                deadline,
                false,
                origin.peer(),
                encode(request, version, origin));
    }

    /** A slot that a broker may pass over without a word, as 0.9 does with ApiVersions. */
    static <R extends Response> Slot<R> maybeUnanswered(
            Request<R> request, short version, Origin origin, Duration deadline) {
        return new Slot<>(
                request,
                version,
                origin.correlationId(),
                deadline,
                true,
                origin.peer(),
                encode(request, version, origin));
    }

    private static WireWriter encode(Request<?> request, short version, Origin origin) {
        WireWriter out = origin.buffers().take();
        try {
            write(request, version, origin, out);
        } catch (KafkaException e) {
            origin.buffers().giveBack(out); // the next older version is tried with it
            throw e;
        }
        return out;
    }

    private static void write(Request<?> request, short version, Origin origin, WireWriter out) {
        ApiKey api = request.api();
        out.writeInt32(0);
        RequestHeader.builder()
                .requestApiKey(api.id())
                .requestApiVersion(version)
                .correlationId(origin.correlationId())
                .clientId(origin.clientId())
                .build()
                .write(out, api.requestHeaderVersion(version));
        request.write(out, version);
        out.setInt32(0, out.size() - Integer.BYTES);
    }

    /** The length-prefixed request; given out once. */
    WireWriter takeFrame() {
        WireWriter taken = frame;
        frame = null;
        return taken;
    }

    int correlationId() {
        return correlationId;
    }

    boolean mayStaySilent() {
        return mayStaySilent;
    }

    /** It is about to be written: from now on the broker's time runs. */
    void sent() {
        sentAt = System.nanoTime();
    }

    /** When it was written. */
    long sentAt() {
        return sentAt;
    }

    boolean isOverdue(long now) {
        return now - sentAt > deadline.toNanos();
    }

    /** Its sender has taken a place of {@link Traffic}. */
    void hasPlace() {
        placed = true;
    }

    boolean isPlaced() {
        return placed;
    }

    Duration deadline() {
        return deadline;
    }

    String describe() {
        return request.api().apiName() + " v" + version;
    }

    @Override
    public short version() {
        return version;
    }

    /** Ends the slot with what the frame holds; a response that nobody waits for is not even decoded. */
    void complete(ReceivedFrame response, Traffic traffic) {
        if (abandoned && !outcome.isAwaited()) {
            outcome.fail(new KafkaException.RequestTimedOut(describe() + " to " + peer, deadline));
            return;
        }
        try {
            R decoded = decode(response);
            traffic.heard(request.api(), version, decoded);
            outcome.complete(decoded);
        } catch (KafkaException.MalformedMessage e) {
            // the frame was whole, so the connection is still good; sending the same again would bring the same answer
            outcome.fail(e.in("response of " + peer));
        } catch (RuntimeException | Error e) { // nobody may wait for ever, whatever becomes of the connection
            outcome.fail(new IllegalStateException(describe() + " to " + peer, e));
            throw e;
        }
    }

    private R decode(ReceivedFrame response) {
        ApiKey api = request.api();
        WireReader in = new WireReader(response.bytes(), 0, response.length());
        ResponseHeader.read(in, api.responseHeaderVersion(version));
        short bodyVersion = version;
        if (api == ApiKey.API_VERSIONS
                && errorCodeAt(response, Integer.BYTES) == ErrorCode.UNSUPPORTED_VERSION.code()) {
            bodyVersion = 0; // a broker that refuses the version answers in the oldest one (KIP-511)
        }
        return request.readResponse(in, bodyVersion);
    }

    private static short errorCodeAt(ReceivedFrame response, int position) {
        return response.length() < position + Short.BYTES
                ? 0
                : ByteBuffer.wrap(response.bytes()).getShort(position);
    }

    /** Ends the slot without a response, with null. */
    void completeSilently() {
        outcome.complete(null);
    }

    /** Ends the slot with a response that never was on the wire (acks=0). */
    void completeWith(R response) {
        outcome.complete(response);
    }

    void fail(KafkaException cause) {
        outcome.fail(cause);
    }

    void abandon() {
        abandoned = true;
    }

    Request<R> request() {
        return request;
    }

    @Override
    public R await(Duration timeout) throws InterruptedException {
        boolean done = false;
        try {
            done = outcome.await(timeout);
        } finally {
            abandoned = !done;
        }
        if (!done) {
            throw new KafkaException.RequestTimedOut(describe() + " to " + peer, timeout);
        }
        return outcome.get();
    }

    /** Called by the deadline thread now and then. */
    void tick(long now) {
        outcome.tick(now);
    }

    @Override
    public boolean isDone() {
        return outcome.isDone();
    }

    @Override
    public String toString() {
        return describe() + " #" + correlationId;
    }
}
