package dev.kafkaloom.fake;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.VersionRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A broker for tests: a server on the loopback interface that speaks the versions of a release and answers as it is told. It
 * serves one request of a connection at a time, as real ones do. Answers and faults may be changed while it runs.
 *
 * <p>It answers ApiVersions by itself, and Metadata and FindCoordinator as a cluster of this one broker with the topics given to
 * {@link #topic}, and Heartbeat as one without groups, because the client's first contact asks that too; a release before 0.10 passes over requests that it does not know. Thread-safe.
 */
public final class FakeBroker implements AutoCloseable {
    /** The node id it gives itself. */
    public static final int NODE_ID = 1;

    private static final int NAMES_ITS_VERSION_SINCE = 3; // KIP-511, with ApiVersions v3

    private final Scope scope;
    private final ServerSocketChannel server;
    private final Map<ApiKey, Function<Request<?>, Response>> handlers = new ConcurrentHashMap<>();
    private final Map<ApiKey, Fault> faults = new ConcurrentHashMap<>();
    private final FakeCluster cluster;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile ApiVersions versions;

    private FakeBroker(Scope scope, ServerSocketChannel server, String release) throws IOException {
        this.scope = scope;
        this.server = server;
        this.versions = ApiVersions.ofRelease(release);
        this.cluster = new FakeCluster(((InetSocketAddress) server.getLocalAddress()).getPort());
        handlers.put(ApiKey.METADATA, cluster::metadata);
        handlers.put(ApiKey.FIND_COORDINATOR, cluster::coordinator);
        handlers.put(ApiKey.HEARTBEAT, FakeCluster::heartbeat);
    }

    /** One that speaks what a recent release does. */
    public static FakeBroker start() throws IOException {
        return startAs("4.3.1");
    }

    /** One that speaks what this release does, {@code 0.9.0.1} for example. */
    public static FakeBroker startAs(String release) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Scope scope = Scope.open("fake-broker");
        FakeBroker broker = new FakeBroker(scope, server, release);
        scope.go("fake-broker/accept", broker::accept);
        return broker;
    }

    public int port() {
        return cluster.port();
    }

    /** Its address for a client's configuration. */
    public String bootstrap() {
        return "127.0.0.1:" + port();
    }

    /** Speaks what this release does from now on; connections that are open stay as they are. */
    public FakeBroker release(String release) {
        versions = ApiVersions.ofRelease(release);
        return this;
    }

    /** Lists a topic in its metadata. */
    public FakeBroker topic(String name, int partitions) {
        cluster.add(name, partitions);
        return this;
    }

    /** Answers an API with what the handler returns; null: not at all. */
    public FakeBroker on(ApiKey api, Function<Request<?>, Response> handler) {
        handlers.put(api, handler);
        faults.remove(api);
        return this;
    }

    /** Does not answer this API, and goes on with what follows. */
    public FakeBroker drop(ApiKey api) {
        return fault(api, new Fault.Drop());
    }

    /** Closes the connection when this API comes. */
    public FakeBroker hangUp(ApiKey api) {
        return fault(api, new Fault.HangUp());
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

    /** Sends these bytes as the body of the response to this API. */
    public FakeBroker body(ApiKey api, byte[] bytes) {
        return fault(api, new Fault.Body(bytes.clone()));
    }

    private FakeBroker fault(ApiKey api, Fault fault) {
        faults.put(api, fault);
        return this;
    }

    /** Answers this API properly again. */
    public FakeBroker heal(ApiKey api) {
        faults.remove(api);
        return this;
    }

    /** What it has got so far, oldest first. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** What it has got of one API. */
    public List<Received> received(ApiKey api) {
        return received.stream().filter(each -> each.api() == api).toList();
    }

    /** How many connections it has accepted so far. */
    public int accepted() {
        return connections.get();
    }

    /** Closes the connections of now; new ones are accepted. */
    public void closeConnections() throws IOException {
        for (SocketChannel each : open) {
            each.close();
        }
    }

    private void accept() throws IOException {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                open.add(channel);
                int number = connections.incrementAndGet();
                scope.go("fake-broker/connection-" + number, () -> serve(channel, number));
            }
        } catch (ClosedChannelException _) {
            // close() was called
        }
    }

    private void serve(SocketChannel channel, int number) throws InterruptedException {
        try (channel) {
            FakeWire wire = new FakeWire(channel);
            boolean goesOn = true;
            while (goesOn) {
                byte[] frame = wire.read();
                goesOn = frame != null && answer(wire, frame, number);
            }
        } catch (IOException _) {
            // the client went away
        } finally {
            open.remove(channel);
        }
    }

    /** False: close the connection. */
    private boolean answer(FakeWire wire, byte[] frame, int number) throws IOException, InterruptedException {
        FakeWire.Head head = FakeWire.head(frame);
        VersionRange range =
                head.api() == null ? null : versions.range(head.api()).orElse(null);
        if (range == null || !range.contains(head.version())) {
            return refuse(wire, head);
        }
        Received request = FakeWire.request(frame, number);
        received.add(request);
        Fault fault = faults.getOrDefault(request.api(), new Fault.None());
        if (fault instanceof Fault.Delay(Duration by)) {
            Thread.sleep(by);
        }
        if (fault instanceof Fault.Drop) {
            return true;
        }
        if (fault instanceof Fault.HangUp) {
            return false;
        }
        Response response = respond(request);
        return response == null || wire.send(request, response, fault);
    }

    private Response respond(Received request) {
        if (request.api() == ApiKey.API_VERSIONS && !handlers.containsKey(ApiKey.API_VERSIONS)) {
            return advertised(versions.all());
        }
        Function<Request<?>, Response> handler = handlers.get(request.api());
        if (handler == null) {
            throw new IllegalStateException("the fake broker has no answer for " + request.api());
        }
        return handler.apply(request.request());
    }

    /** 0.9 stays silent; a version of ApiVersions that is too new is answered in v0; anything else ends the connection. */
    private boolean refuse(FakeWire wire, FakeWire.Head head) throws IOException {
        if (versions.range(ApiKey.API_VERSIONS).isEmpty()) {
            return true;
        }
        if (head.api() != ApiKey.API_VERSIONS) {
            return false;
        }
        VersionRange own = versions.range(ApiKey.API_VERSIONS).orElseThrow();
        boolean saysWhich = own.highest() >= NAMES_ITS_VERSION_SINCE;
        wire.sendRefusal(
                head.correlationId(), saysWhich ? advertised(Map.of(ApiKey.API_VERSIONS, own)) : advertised(Map.of()));
        return true;
    }

    private static ApiVersionsResponse advertised(Map<ApiKey, VersionRange> ranges) {
        return ApiVersionsResponse.builder()
                .apiKeys(ranges.entrySet().stream()
                        .map(each -> ApiVersionsResponse.ApiVersion.builder()
                                .apiKey(each.getKey().id())
                                .minVersion(each.getValue().lowest())
                                .maxVersion(each.getValue().highest())
                                .build())
                        .toList())
                .build();
    }

    /** Closes its port and its connections. */
    @Override
    public void close() throws IOException {
        server.close();
        closeConnections();
        scope.close();
    }
}
