package dev.kafkaloom.network;

import dev.kafkaloom.coroutine.ChannelClosed;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.KafkaException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

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
    private final HostAndPort target;
    private final int failures;
    private final Duration setupTimeout;
    private final String where;
    private final Lane lane;
    private final String owner;
    private final ConnectionConfig config;
    private final Connector connector;
    private final Farewell farewell;
    private final Instant since = Instant.now();
    private final FrameLog frames;
    private final Wire wire;
    private final Traffic traffic;
    private final AtomicInteger correlationIds = new AtomicInteger();
    private final CompletableFuture<ApiVersions> ready = new CompletableFuture<>();
    private final AtomicReference<KafkaException> end = new AtomicReference<>();
    private volatile boolean retired;

    /** {@code failures}: how often the host could not be reached since it last could. */
    Connection(
            BrokerAddress peer, Lane lane, String owner, ConnectionConfig config, int failures, Connector connector) {
        this.peer = peer;
        this.target = rewritten(peer, config);
        this.where = target.equals(peer.hostAndPort()) ? peer.toString() : peer + " by way of " + target;
        this.failures = failures;
        this.setupTimeout = config.setupTimeout(failures);
        this.lane = lane;
        this.owner = owner;
        this.config = config;
        this.connector = connector;
        this.farewell = new Farewell(where);
        this.traffic = new Traffic(config.maxInFlight());
        this.frames = connector.frames().begin(this);
        this.wire = new Wire(this, config, connector, traffic, frames, farewell);
    }

    private static HostAndPort rewritten(BrokerAddress peer, ConnectionConfig config) {
        try {
            return Objects.requireNonNull(config.addressRewrite().apply(peer.hostAndPort()), "no address");
        } catch (RuntimeException e) { // it is a stranger's code
            throw new KafkaException.ConnectionBroken(peer.toString(), "the rewriting of its address failed", e);
        }
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
            case null -> isOpen() ? new State.Open(traffic.size()) : new State.Connecting();
            case KafkaException.Closed _ -> new State.Closed();
            default -> new State.Broken(cause);
        };
    }

    boolean isOpen() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    /** For how long still the broker wants no requests on it (KIP-219); zero when it takes them. */
    public Duration throttled() {
        return traffic.throttled();
    }

    /** For how long the broker has been silent though something is due: an answer, or the end of the handshake. */
    public Duration silence() {
        return isOpen() ? traffic.silence(System.nanoTime()) : Duration.between(since, Instant.now());
    }

    /** Whether it was closed because nobody used it. No request was lost by that: whoever is told so had not yet sent. */
    public boolean isRetired() {
        return retired;
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
            throw new KafkaException.RequestTimedOut("connecting to " + where, timeout);
        } catch (ExecutionException _) {
            throw end.get();
        }
    }

    /** What the broker speaks, once {@link #awaitOpen} has returned. */
    public Optional<ApiVersions> versions() {
        return isOpen() ? Optional.of(ready.join()) : Optional.empty();
    }

    /** {@link #send(Request, Short, Duration, Duration)} in the highest version that can carry it; the sender waits as long as the broker may take. */
    public <R extends Response> Pending<R> send(Request<R> request, Duration brokerTime) throws InterruptedException {
        return send(request, null, brokerTime, brokerTime);
    }

    /**
     * Hands over a request. Waits while the broker throttles, and while too many requests are under way, but never for the socket.
     * The request's buffers are encoded before this returns.
     *
     * @param version the version and no other; null: the highest that both sides have and that can carry the request
     * @param brokerTime how long the broker may take from the writing on; past it the connection is broken with a time-out
     * @param patience how long the caller may be held here
     * @throws KafkaException.UnsupportedVersion when no common version, or not this one, can carry the request
     * @throws KafkaException.RequestTimedOut when patience ended before the request could be handed over
     * @throws KafkaException what broke the connection
     */
    public <R extends Response> Pending<R> send(
            Request<R> request, Short version, Duration brokerTime, Duration patience) throws InterruptedException {
        ApiVersions versions = versions().orElseThrow(() -> notOpen(request));
        traffic.enter(request.api(), where, patience);
        Slot<R> slot;
        try {
            checkUsable();
            slot = version == null
                    ? encode(request, versions, brokerTime)
                    : Slot.of(request, versions.pinned(request.api(), version), nextOrigin(), brokerTime);
        } catch (RuntimeException | Error e) {
            traffic.leave();
            throw e;
        }
        hand(slot);
        return slot;
    }

    private void hand(Slot<?> slot) {
        traffic.add(slot);
        try {
            checkUsable();
            wire.take(slot);
        } catch (ChannelClosed _) {
            traffic.remove(slot);
            throw end.get();
        } catch (KafkaException e) {
            traffic.remove(slot);
            throw e;
        }
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
        return new Slot.Origin(where, config.clientId(), correlationIds.getAndIncrement(), connector.buffers());
    }

    /** The broker, and the address that was dialled in its place. */
    String where() {
        return where;
    }

    Duration setupTimeout() {
        return setupTimeout;
    }

    private void checkUsable() {
        KafkaException cause = end.get();
        if (cause != null) {
            throw cause;
        }
    }

    /** The body of the writer thread. */
    void runWriter(Scope scope) {
        wire.run(scope);
    }

    Dialer dialer(Consumer<SocketChannel> opened) {
        return new Dialer(target, where, connector.names(), setupTimeout, failures, opened);
    }

    /** Why it is over; null while it is not. */
    KafkaException cause() {
        return end.get();
    }

    /** The handshake is through: from now on requests are taken. */
    void opened(ApiVersions spoken) {
        traffic.touch();
        ready.complete(spoken);
    }

    // ---- the end

    /** Called by the deadline thread now and then. */
    void check(long now) {
        traffic.tick(now);
        traffic.overdue(now)
                .ifPresent(slot -> breakWith(
                        new KafkaException.RequestTimedOut(slot.describe() + " to " + where, slot.deadline())));
        if (isOpen() && traffic.retire(config.maxIdle())) {
            retired = true;
            breakWith(new KafkaException.Closed("the connection to " + where + " was closed, as nobody had used it for "
                    + config.maxIdle().toMillis() + " ms"));
        }
    }

    /** The first cause wins. */
    void breakWith(KafkaException cause) {
        if (!end.compareAndSet(null, cause)) {
            return;
        }
        connector.over(this);
        connector.frames().over(frames, cause);
        wire.close();
        ready.completeExceptionally(cause);
        traffic.end(cause);
    }

    /** Ends it; whoever waits is told that it broke, and why, and may try elsewhere. Does not block. */
    public void drop(String why) {
        breakWith(farewell.broken(why, null));
    }

    /** Ends it; whoever waits gets {@link KafkaException.Closed}. Does not block. */
    @Override
    public void close() {
        breakWith(new KafkaException.Closed("the connection to " + where + " was closed"));
    }

    @Override
    public String toString() {
        return name() + " " + state();
    }
}
