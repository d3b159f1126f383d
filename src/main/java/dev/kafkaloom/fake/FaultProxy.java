package dev.kafkaloom.fake;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.network.HostAndPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bad network between a client and real brokers: a proxy on the loopback interface that passes requests on as they are, and
 * responses with the faults it was told, one by one. It knows frames only, so it serves any version. Each broker gets a port of the
 * proxy when {@link #via} first asks for it, so that as a client's address rewriting it catches the advertised addresses as well:
 * {@code ClientConfig.builder(...).addressRewrite(proxy::via)}. Faults may be changed while it runs. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FaultProxy.class);
    private static final int ALL = 0; // connections are numbered from 1
    private static final int LARGEST_WITH_FAULTS = 256 << 10; // what is larger is passed on in pieces, as it comes

    private record Pair(int number, SocketChannel client, SocketChannel broker) {
        void close() throws IOException {
            client.close();
            broker.close();
        }
    }

    private final Scope scope = Scope.open("fault-proxy");
    private final ReentrantLock opening = new ReentrantLock();
    private final Map<HostAndPort, HostAndPort> ports = new ConcurrentHashMap<>();
    private final List<ServerSocketChannel> servers = new ArrayList<>(); // guarded by opening
    private final FaultPlan<Integer> faults = new FaultPlan<>();
    private final Set<Pair> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean refusing;
    private volatile CountDownLatch ice = new CountDownLatch(0);

    private FaultProxy() {}

    /** One without a fault, in front of nobody yet. */
    public static FaultProxy start() {
        return new FaultProxy();
    }

    /** The proxy's port in front of a broker, opened when first asked for. Its own ports it passes over. */
    public HostAndPort via(HostAndPort broker) {
        opening.lock();
        try {
            if (ports.containsValue(broker)) {
                return broker;
            }
            HostAndPort known = ports.get(broker);
            if (known == null) {
                known = listenFor(broker);
                ports.put(broker, known);
            }
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException("a port in front of " + broker, e);
        } finally {
            opening.unlock();
        }
    }

    private HostAndPort listenFor(HostAndPort broker) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        servers.add(server);
        scope.go("fault-proxy/" + broker, () -> accept(server, broker));
        return new HostAndPort(FakeBroker.HOST, ((InetSocketAddress) server.getLocalAddress()).getPort());
    }

    // ---- what it does wrong

    /** Does this to every response. */
    public FaultProxy fault(Fault fault) {
        faults.always(ALL, fault);
        return this;
    }

    /** Does this to every response of one connection, counted from 1 as they were accepted. */
    public FaultProxy fault(int connection, Fault fault) {
        faults.always(connection, fault);
        return this;
    }

    /** Does this to the next responses, on whatever connection. */
    public FaultProxy faultNext(Fault fault, int responses) {
        faults.next(ALL, fault, responses);
        return this;
    }

    /** Does one of these to any response with this probability, 0 to 1, as a generator with this seed decides. */
    public FaultProxy faultsAtRandom(long seed, double probability, Fault... any) {
        faults.randomly(seed, probability, List.of(any));
        return this;
    }

    /** Closes new connections as soon as they are made, or lets them in again. */
    public FaultProxy refuse(boolean refuse) {
        refusing = refuse;
        return this;
    }

    /** Lets nothing through in either direction until {@link #thaw}; what comes by then is passed on after it. */
    public FaultProxy freeze() {
        ice = new CountDownLatch(1);
        return this;
    }

    /** Goes on where {@link #freeze} has stopped it. */
    public FaultProxy thaw() {
        ice.countDown();
        return this;
    }

    /** Passes on everything properly again. */
    public FaultProxy heal() {
        faults.healAll();
        refusing = false;
        return thaw();
    }

    /** Closes the connections of now; new ones are let in. */
    public void closeConnections() throws IOException {
        for (Pair each : open) {
            each.close();
        }
    }

    /** Resets the connections of now; new ones are let in. */
    public void resetConnections() throws IOException {
        for (Pair each : open) {
            try {
                FaultyOutput.reset(each.client());
            } catch (ClosedChannelException _) {
                // it ended by itself
            }
        }
    }

    /** How often it has done which fault so far, by the fault's simple name. */
    public Map<String, Long> faultsDone() {
        return faults.done();
    }

    /** How many connections it has accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    // ---- what it passes on

    private void accept(ServerSocketChannel server, HostAndPort broker) throws IOException {
        try {
            while (true) {
                SocketChannel client = server.accept();
                int number = accepted.incrementAndGet();
                scope.go("fault-proxy/connection-" + number, () -> connect(number, client, broker));
            }
        } catch (ClosedChannelException _) {
            // close() was called
        }
    }

    private void connect(int number, SocketChannel client, HostAndPort broker) throws InterruptedException {
        try (client) {
            if (refusing) {
                return;
            }
            try (SocketChannel upstream = SocketChannel.open(new InetSocketAddress(broker.host(), broker.port()))) {
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                upstream.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Pair pair = new Pair(number, client, upstream);
                open.add(pair);
                try {
                    scope.go("fault-proxy/connection-" + number + "/requests", () -> requests(pair));
                    responses(pair);
                } finally {
                    open.remove(pair);
                }
            }
        } catch (IOException _) {
            // one of the two went away, so does the other
        } catch (RuntimeException e) { // thrown on, it would end the other connections as well
            LOG.warn("the fault proxy closes connection {}", number, e);
        }
    }

    private void requests(Pair pair) throws InterruptedException, IOException {
        ByteBuffer some = ByteBuffer.allocate(16 << 10);
        try {
            while (pair.client().read(some.clear()) >= 0) {
                ice.await();
                some.flip();
                while (some.hasRemaining()) {
                    pair.broker().write(some);
                }
            }
        } catch (IOException _) {
            // one of the two went away, so does the other
        } finally {
            pair.close();
        }
    }

    private void responses(Pair pair) throws IOException, InterruptedException {
        FaultyOutput out = new FaultyOutput(pair.client());
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        boolean goesOn = true;
        while (goesOn && fill(pair.broker(), length.clear())) {
            int announced = length.getInt(0);
            if (announced < Integer.BYTES || announced > LARGEST_WITH_FAULTS) {
                goesOn = passOn(announced, pair.broker(), out);
            } else {
                ByteBuffer frame =
                        ByteBuffer.allocate(Integer.BYTES + announced).putInt(announced);
                goesOn = fill(pair.broker(), frame);
                ice.await();
                goesOn = goesOn && out.send(frame.flip(), faults.take(pair.number(), ALL));
            }
        }
    }

    /** A length that no frame has is passed on too. */
    private static boolean passOn(int announced, SocketChannel from, FaultyOutput out) throws IOException {
        out.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, announced));
        ByteBuffer some = ByteBuffer.allocate(16 << 10);
        int left = announced;
        while (left > 0) {
            if (from.read(some.clear().limit(Math.min(left, some.capacity()))) < 0) {
                return false;
            }
            left -= some.position();
            out.write(some.flip());
        }
        return true;
    }

    private static boolean fill(SocketChannel from, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (from.read(into) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Closes its ports and its connections. */
    @Override
    public void close() throws IOException {
        opening.lock();
        try {
            for (ServerSocketChannel each : servers) {
                each.close();
            }
        } finally {
            opening.unlock();
        }
        closeConnections();
        scope.close();
    }
}
