package dev.kafkaloom.network;

import dev.kafkaloom.coroutine.BoundedChannel;
import dev.kafkaloom.coroutine.ChannelClosed;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One connection to one broker, used for one lane by one owner. Thread-safe. Only its writer and its reader thread touch the
 * socket: an interrupt inside a channel operation closes the channel, so callers queue their request and wait for its slot.
 *
 * <p>It breaks once. Everyone who waits gets the same cause, and it is never usable again: the pool replaces the object.
 */
public final class Connection implements AutoCloseable {
    /** How a connection stands. */
    public sealed interface State {
        /** Not yet through the handshake. */
        record Connecting() implements State {}

        /** Usable; {@code inFlight} requests wait for their response. */
        record Open(int inFlight) implements State {}

        /** Over, and why. */
        record Broken(KafkaException cause) implements State {}

        /** Closed by us. */
        record Closed() implements State {}
    }

    private final BrokerAddress peer;
    private final Lane lane;
    private final String owner;
    private final ConnectionConfig config;
    private final Connector connector;
    private final Farewell farewell;
    private final Instant since = Instant.now();
    private final FrameLog frames;
    private final BoundedChannel<Slot<?>> queue;
    private final Set<Slot<?>> live = ConcurrentHashMap.newKeySet(); // queued or in flight
    private final InFlight inFlight = new InFlight();
    private final AtomicInteger correlationIds = new AtomicInteger();
    private final CompletableFuture<ApiVersions> ready = new CompletableFuture<>();
    private final AtomicReference<KafkaException> end = new AtomicReference<>();
    private volatile SocketChannel channel;

    Connection(BrokerAddress peer, Lane lane, String owner, ConnectionConfig config, Connector connector) {
        this.peer = peer;
        this.lane = lane;
        this.owner = owner;
        this.config = config;
        this.connector = connector;
        this.farewell = new Farewell(peer);
        this.queue = new BoundedChannel<>(config.maxInFlight());
        this.frames = connector.frames().begin(this);
    }

    /** The broker. */
    public BrokerAddress peer() {
        return peer;
    }

    /** What it is used for. */
    public Lane lane() {
        return lane;
    }

    /** For whom; empty when shared. */
    public String owner() {
        return owner;
    }

    /** When it was made. */
    public Instant since() {
        return since;
    }

    /** The name of its threads without {@code /reader}: {@code broker-2/fetch}, {@code broker-2/group/orders-member-0}. */
    public String name() {
        return peer.name() + "/" + lane.label() + (owner.isEmpty() ? "" : "/" + owner);
    }

    /** How it stands. */
    public State state() {
        KafkaException cause = end.get();
        return switch (cause) {
            case null -> isOpen() ? new State.Open(live.size()) : new State.Connecting();
            case KafkaException.Closed _ -> new State.Closed();
            default -> new State.Broken(cause);
        };
    }

    private boolean isOpen() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    /** Whether it is over. */
    public boolean isOver() {
        return end.get() != null;
    }

    /**
     * Waits for the end of the handshake.
     *
     * @return what the broker speaks
     * @throws KafkaException what went wrong with connecting, the same for every waiter
     */
    public ApiVersions awaitOpen(Duration timeout) throws InterruptedException {
        try {
            return ready.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new KafkaException.RequestTimedOut("connecting to " + peer, timeout);
        } catch (ExecutionException _) {
            throw end.get();
        }
    }

    /** What the broker speaks, once {@link #awaitOpen} has returned. */
    public Optional<ApiVersions> versions() {
        return isOpen() ? Optional.of(ready.join()) : Optional.empty();
    }

    /**
     * Hands over a request. Waits for room in the queue, never for the socket. The request's buffers are encoded before this
     * returns.
     *
     * @param deadline how long the broker may take; past it the connection is broken with a time-out
     * @throws KafkaException.UnsupportedVersion when no common version can carry the request
     * @throws KafkaException what broke the connection
     */
    public <R extends Response> Pending<R> send(Request<R> request, Duration deadline) throws InterruptedException {
        ApiVersions versions = versions().orElseThrow(() -> notOpen(request));
        return hand(encode(request, versions, deadline));
    }

    /**
     * The same in one version and no other.
     *
     * @throws KafkaException.UnsupportedVersion when the broker or this client does not know it, or it cannot carry the request
     */
    public <R extends Response> Pending<R> send(Request<R> request, short version, Duration deadline)
            throws InterruptedException {
        ApiVersions versions = versions().orElseThrow(() -> notOpen(request));
        short pinned = versions.pinned(request.api(), version);
        return hand(Slot.of(request, pinned, nextOrigin(), deadline));
    }

    private <R extends Response> Slot<R> hand(Slot<R> slot) throws InterruptedException {
        live.add(slot);
        try {
            checkUsable();
            queue.put(slot);
        } catch (ChannelClosed _) {
            live.remove(slot);
            throw end.get();
        } catch (KafkaException | InterruptedException e) {
            live.remove(slot);
            throw e;
        }
        return slot;
    }

    private KafkaException notOpen(Request<?> request) {
        KafkaException cause = end.get();
        return cause != null
                ? cause
                : farewell.broken(request.api().apiName() + " sent before the connection was open", null);
    }

    /** Encodes in the highest version whose fields can carry the request: an unusual one costs a failed attempt or two. */
    private <R extends Response> Slot<R> encode(Request<R> request, ApiVersions versions, Duration deadline) {
        VersionRange usable = versions.usable(request);
        KafkaException.UnsupportedVersion first = null;
        for (short version = usable.highest(); version >= usable.lowest(); version--) {
            try {
                return Slot.of(request, version, nextOrigin(), deadline);
            } catch (KafkaException.UnsupportedVersion e) {
                first = first == null ? e : first;
            }
        }
        throw first;
    }

    Slot.Origin nextOrigin() {
        return new Slot.Origin(peer, config.clientId(), correlationIds.getAndIncrement(), connector.buffers());
    }

    private void checkUsable() {
        KafkaException cause = end.get();
        if (cause != null) {
            throw cause;
        }
    }

    // ---- the writer thread

    /** The body of the writer thread: connects, makes the handshake, then writes what is queued. */
    void runWriter(Scope scope) {
        try {
            SocketChannel dialled = Dialer.dial(peer, config.connectTimeout(), this::opened);
            FrameWriter out = new FrameWriter(dialled);
            scope.go(name() + "/reader", () -> runReader(dialled));
            ready.complete(new Handshake(this, out, connector.hosts(), config).run());
            pump(out);
        } catch (ChannelClosed _) {
            // someone else ended the connection and said why
        } catch (InterruptedException | ClosedByInterruptException _) {
            close();
        } catch (IOException e) {
            breakWith(farewell.failed(e, isOpen()));
        } catch (KafkaException e) {
            if (Thread.currentThread().isInterrupted()) {
                close();
            }
            breakWith(e);
        } catch (CancellationException _) {
            close();
        } catch (RuntimeException | Error e) { // thrown on, it would end the connections to other brokers as well
            breakWith(farewell.broken("the writer failed", e));
        }
    }

    private void opened(SocketChannel opened) {
        channel = opened;
        if (isOver()) {
            closeQuietly(opened);
        }
    }

    private void pump(FrameWriter out) throws IOException, InterruptedException {
        Coroutine.waitingFor("requests to write");
        while (true) {
            Optional<Slot<?>> slot = Optional.of(queue.take());
            while (slot.isPresent()) {
                transmit(slot.get(), out);
                slot = queue.poll(Duration.ZERO);
            }
            out.flush();
        }
    }

    /** Enters the slot into the order of responses and writes it, without flushing. */
    <R extends Response> void transmit(Slot<R> slot, FrameWriter out) throws IOException {
        live.add(slot);
        KafkaException cause = end.get();
        if (cause != null) {
            live.remove(slot);
            slot.fail(cause);
            return;
        }
        WireWriter frame = slot.takeFrame();
        frames.sent(slot, frame);
        if (slot.request() instanceof ProduceRequest produce && produce.acks() == 0) {
            out.write(frame.toBuffer());
            live.remove(slot);
            completeUnanswered(slot);
        } else {
            inFlight.add(slot);
            out.write(frame.toBuffer());
        }
        connector.buffers().giveBack(frame);
    }

    @SuppressWarnings("unchecked") // R is ProduceResponse, as the request is a ProduceRequest
    private static <R extends Response> void completeUnanswered(Slot<R> slot) {
        slot.completeWith((R) ProduceResponse.builder().build());
    }

    // ---- the reader thread

    private void runReader(SocketChannel from) {
        try {
            Coroutine.waitingFor("responses");
            FrameReader in = new FrameReader(from);
            for (byte[] frame = in.next(this::frameLimit); frame != null; frame = in.next(this::frameLimit)) {
                dispatch(frame);
            }
            breakWith(farewell.closedByPeer(inFlight.oldest(), isOpen()));
        } catch (ClosedByInterruptException _) {
            close();
        } catch (IOException e) {
            breakWith(farewell.failed(e, isOpen()));
        } catch (RuntimeException | Error e) { // an OutOfMemoryError for a huge frame, for example
            breakWith(farewell.broken("the reader failed", e));
        }
    }

    private int frameLimit() {
        return isOpen() ? config.maxFrameBytes() : ConnectionConfig.MAX_HANDSHAKE_FRAME_BYTES;
    }

    private void dispatch(byte[] frame) {
        int correlationId = ByteBuffer.wrap(frame).getInt();
        Slot<?> slot = inFlight.takeFor(correlationId, this::passedOver);
        frames.received(slot, inFlight, frame);
        if (slot == null) {
            breakWith(farewell.broken(
                    "the broker answered request #" + correlationId + ", which is not the one that is due", null));
            return;
        }
        live.remove(slot);
        slot.complete(frame);
    }

    private void passedOver(Slot<?> silent) {
        live.remove(silent);
        silent.completeSilently();
    }

    // ---- the end

    /** Called by the deadline thread. */
    void breakIfOverdue(long now) {
        live.stream()
                .filter(slot -> slot.isOverdue(now))
                .min(Comparator.comparingInt(Slot::correlationId))
                .ifPresent(oldest -> breakWith(
                        new KafkaException.RequestTimedOut(oldest.describe() + " to " + peer, oldest.deadline())));
    }

    /** The first cause wins. */
    void breakWith(KafkaException cause) {
        if (!end.compareAndSet(null, cause)) {
            return;
        }
        connector.over(this);
        connector.frames().over(frames, cause);
        queue.close();
        SocketChannel open = channel;
        if (open != null) {
            closeQuietly(open);
        }
        ready.completeExceptionally(cause);
        failLive(cause);
    }

    private void failLive(KafkaException cause) {
        for (Slot<?> slot : live) {
            slot.fail(cause);
        }
        live.clear();
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // it is of no use any more
        }
    }

    /** Ends it; whoever waits gets {@link KafkaException.Closed}. Does not block. */
    @Override
    public void close() {
        breakWith(new KafkaException.Closed("the connection to " + peer + " was closed"));
    }

    @Override
    public String toString() {
        return name() + " " + state();
    }
}
