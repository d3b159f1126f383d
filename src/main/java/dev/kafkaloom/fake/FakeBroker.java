package dev.kafkaloom.fake;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsRequest;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.ApiVersions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker for tests: a server on the loopback interface that speaks the versions of a release and answers as it is told. It
 * serves one request of a connection at a time, as real ones do. Answers and faults may be changed while it runs.
 *
 * <p>It answers ApiVersions by itself, and Metadata, FindCoordinator and DescribeCluster as its {@link #cluster()}, which is one of
 * this broker alone unless it was made by {@link FakeCluster#start}, and Heartbeat as one without groups, because the client's
 * first contact asks that too. Any other API is answered without an error and with nothing in it. A release before 0.10 passes over
 * requests that it does not know. Thread-safe.
 */
public final class FakeBroker implements AutoCloseable {
    /** The node id of one that is alone. */
    public static final int NODE_ID = 1;

    static final String RECENT = "4.3.1";
    static final String HOST = "127.0.0.1";

    private static final Logger LOG = LoggerFactory.getLogger(FakeBroker.class);

    private final FakeCluster cluster;
    private final int nodeId;
    private final Scope scope;
    private final Map<ApiKey, Function<Request<?>, Response>> handlers = new ConcurrentHashMap<>();
    private final FaultPlan<ApiKey> faults = new FaultPlan<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Received> received = new ArrayDeque<>(); // guarded by lock
    private int remembered = Integer.MAX_VALUE; // likewise
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile ApiVersions versions;
    private volatile CountDownLatch ice = new CountDownLatch(0);
    private volatile ServerSocketChannel server;
    private volatile Coroutine accepting;
    private volatile int port;

    private FakeBroker(FakeCluster cluster, FakeAnswers answers, int nodeId, String release) {
        this.cluster = cluster;
        this.nodeId = nodeId;
        this.versions = ApiVersions.ofRelease(release);
        this.scope = Scope.open("fake-broker");
        handlers.put(
                ApiKey.API_VERSIONS, request -> answers.apiVersions((ApiVersionsRequest) request, nodeId, versions));
        handlers.put(ApiKey.METADATA, answers::metadata);
        handlers.put(ApiKey.FIND_COORDINATOR, answers::coordinator);
        handlers.put(ApiKey.DESCRIBE_CLUSTER, answers::describeCluster);
        handlers.put(ApiKey.HEARTBEAT, FakeAnswers::heartbeat);
    }

    /** One that speaks what a recent release does. */
    public static FakeBroker start() throws IOException {
        return startAs(RECENT);
    }

    /** One that speaks what this release does, {@code 0.9.0.1} for example. */
    public static FakeBroker startAs(String release) throws IOException {
        return FakeCluster.startAs(release, 1).node(NODE_ID);
    }

    static FakeBroker join(FakeCluster cluster, FakeAnswers answers, int nodeId, String release) throws IOException {
        FakeBroker broker = new FakeBroker(cluster, answers, nodeId, release);
        broker.listen(0);
        return broker;
    }

    public int nodeId() {
        return nodeId;
    }

    /** The cluster that it belongs to. */
    public FakeCluster cluster() {
        return cluster;
    }

    public int port() {
        return port;
    }

    /** Its address for a client's configuration. */
    public String bootstrap() {
        return HOST + ":" + port();
    }

    // ---- how it comes and goes

    private void listen(int wanted) throws IOException {
        ServerSocketChannel opened = ServerSocketChannel.open();
        opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
        port = ((InetSocketAddress) opened.getLocalAddress()).getPort();
        server = opened;
        accepting = scope.go("fake-broker/accept", () -> accept(opened));
    }

    /** Closes its port and its connections, as a broker that dies; what it was told stays. */
    public FakeBroker goDown() throws IOException {
        server.close();
        closeConnections();
        try {
            accepting.join(Scope.CLOSE_DEADLINE); // only with its end is the port really closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the fake broker closes its port", e);
        }
        return this;
    }

    /** Listens again on the port it had. */
    public FakeBroker comeBack() throws IOException {
        listen(port);
        return this;
    }

    /** Is down and back at once, on another port. */
    public FakeBroker move() throws IOException {
        goDown();
        listen(0);
        return this;
    }

    /** Accepts connections and answers nothing, as a stopped process; what has come by then is answered after {@link #thaw}. */
    public FakeBroker freeze() {
        ice = new CountDownLatch(1);
        return this;
    }

    /** Goes on where {@link #freeze} has stopped it. */
    public FakeBroker thaw() {
        ice.countDown();
        return this;
    }

    void awaitThaw() throws InterruptedException {
        ice.await();
    }

    /** Closes the connections of now; new ones are accepted. */
    public void closeConnections() throws IOException {
        for (SocketChannel each : open) {
            each.close();
        }
    }

    private void accept(ServerSocketChannel from) throws IOException {
        try {
            while (true) {
                SocketChannel channel = from.accept();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                open.add(channel);
                int number = connections.incrementAndGet();
                scope.go("fake-broker/connection-" + number, () -> serve(channel, number));
                if (!from.isOpen()) {
                    channel.close(); // it came in while the others were closed
                }
            }
        } catch (ClosedChannelException _) {
            // it went down
        }
    }

    private void serve(SocketChannel channel, int number) throws InterruptedException {
        try (channel) {
            new FakeConnection(this, new FakeWire(channel), number).serve();
        } catch (IOException _) {
            // the client went away
        } catch (RuntimeException e) { // thrown on, it would end the other connections as well
            LOG.warn("fake broker {} closes connection {}, its answer failed", nodeId, number, e);
        } finally {
            open.remove(channel);
        }
    }

    // ---- what it answers

    /** Speaks what this release does from now on; connections that are open stay as they are. */
    public FakeBroker release(String release) {
        versions = ApiVersions.ofRelease(release);
        return this;
    }

    ApiVersions versions() {
        return versions;
    }

    /** Lists a topic in its cluster's metadata. */
    public FakeBroker topic(String name, int partitions) {
        cluster.topic(name, partitions);
        return this;
    }

    /** Answers an API with what the handler returns; null: not at all. */
    public FakeBroker on(ApiKey api, Function<Request<?>, Response> handler) {
        handlers.put(api, handler);
        faults.heal(api);
        return this;
    }

    Response respond(Received request) {
        return handlers.getOrDefault(request.api(), FakeAnswers::empty).apply(request.request());
    }

    // ---- what it does wrong

    /** Does this to every request of an API, until it is healed. */
    public FakeBroker fault(ApiKey api, Fault fault) {
        faults.always(api, fault);
        return this;
    }

    /** Does this to the next requests of an API, then answers properly again. */
    public FakeBroker faultNext(ApiKey api, Fault fault, int requests) {
        faults.next(api, fault, requests);
        return this;
    }

    /**
     * Does one of these to any request with this probability, 0 to 1, as a generator with this seed decides; what was said of an
     * API goes first.
     */
    public FakeBroker faultsAtRandom(long seed, double probability, Fault... any) {
        faults.randomly(seed, probability, List.of(any));
        return this;
    }

    Fault faultFor(ApiKey api) {
        return faults.take(api);
    }

    /** Does not answer this API, and goes on with what follows. */
    public FakeBroker drop(ApiKey api) {
        return fault(api, new Fault.Drop());
    }

    /** Closes the connection when this API comes. */
    public FakeBroker hangUp(ApiKey api) {
        return fault(api, new Fault.HangUp());
    }

    /** Resets the connection when this API comes. */
    public FakeBroker reset(ApiKey api) {
        return fault(api, new Fault.Reset());
    }

    /** Answers this API later; what follows on the connection waits. */
    public FakeBroker delay(ApiKey api, Duration by) {
        return fault(api, new Fault.Delay(by));
    }

    /** Sends half of the response to this API, then closes. */
    public FakeBroker truncate(ApiKey api) {
        return fault(api, new Fault.Truncate());
    }

    /** Answers this API with a correlation id that no request had. */
    public FakeBroker wrongCorrelationId(ApiKey api) {
        return fault(api, new Fault.WrongCorrelationId());
    }

    /** Announces a response of this length to this API. */
    public FakeBroker announce(ApiKey api, int length) {
        return fault(api, new Fault.Announce(length));
    }

    /** Announces a response of this length to this API and really sends as much, until the client hangs up. */
    public FakeBroker oversize(ApiKey api, int length) {
        return fault(api, new Fault.Oversize(length));
    }

    /** Sends the response to this API a few bytes at a time. */
    public FakeBroker drip(ApiKey api, int bytes, Duration pause) {
        return fault(api, new Fault.Drip(bytes, pause));
    }

    /** Sends the response to this API twice. */
    public FakeBroker duplicate(ApiKey api) {
        return fault(api, new Fault.Duplicate());
    }

    /** Sends the response to the next request of this API behind the response to what follows it on the connection. */
    public FakeBroker reorder(ApiKey api) {
        return faultNext(api, new Fault.Reorder(), 1);
    }

    /** Says in the response to this API that the client is to be quiet for so long (KIP-219). */
    public FakeBroker throttle(ApiKey api, Duration time) {
        return fault(api, new Fault.Throttle(time));
    }

    /** Sends these bytes as the body of the response to this API. */
    public FakeBroker body(ApiKey api, byte[] bytes) {
        return fault(api, new Fault.Body(bytes.clone()));
    }

    /** Answers this API properly again. */
    public FakeBroker heal(ApiKey api) {
        faults.heal(api);
        return this;
    }

    // ---- what it has seen

    /** Remembers only so many requests, the last ones; all of them when nothing is said. */
    public FakeBroker remember(int requests) {
        lock.lock();
        try {
            remembered = requests;
            trim();
        } finally {
            lock.unlock();
        }
        return this;
    }

    private void trim() {
        while (received.size() > remembered) {
            received.removeFirst();
        }
    }

    void received(Received request) {
        lock.lock();
        try {
            received.addLast(request);
            trim();
        } finally {
            lock.unlock();
        }
    }

    /** What it has got so far, oldest first. */
    public List<Received> received() {
        lock.lock();
        try {
            return List.copyOf(received);
        } finally {
            lock.unlock();
        }
    }

    /** What it has got of one API. */
    public List<Received> received(ApiKey api) {
        return received().stream().filter(each -> each.api() == api).toList();
    }

    /** How often it has done which fault so far, by the fault's simple name. */
    public Map<String, Long> faultsDone() {
        return faults.done();
    }

    /** How many connections it has accepted so far. */
    public int accepted() {
        return connections.get();
    }

    /** Closes its port and its connections. */
    @Override
    public void close() throws IOException {
        goDown();
        scope.close();
    }
}
