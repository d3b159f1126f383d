package dev.kafkaloom.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what a consumer runtime is like over HTTP: {@code /metrics} for Prometheus, {@code /health/live}, {@code /health/ready} with the reasons
 * why not. Read only. All of it is on threads of the system, so that it answers while handlers hold every carrier. Thread-safe.
 */
public final class HttpDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final int BACKLOG = 32;
    private static final String TEXT = "text/plain; charset=utf-8";

    /** The JDK's server has no limits by default: a caller that says nothing would hold a thread for ever. */
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "30",
            "sun.net.httpserver.nodelay", "true",
            "jdk.httpserver.maxConnections", "128");

    static {
        LIMITS.forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
    }

    private final HttpServer server;
    private final Scope scope;
    private volatile Supplier<RuntimeSnapshot> runtime; // null while it is being started
    private volatile boolean ending;
    private PrometheusPage page; // guarded by this

    private HttpDoor(HttpServer server, Scope scope) {
        this.server = server;
        this.scope = scope;
    }

    /**
     * Listens; live, and not ready until {@link #serves} is called.
     *
     * @param at port 0: any free one
     * @throws IOException naming the address that cannot be had
     */
    public static HttpDoor open(InetSocketAddress at, Scope parent) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(at, BACKLOG);
        } catch (IOException | RuntimeException e) { // an unknown host is an unchecked one
            throw new IOException(
                    "cannot serve HTTP on " + at.getHostString() + ":" + at.getPort() + ": "
                            + (at.isUnresolved() ? "no such host" : e.getMessage()),
                    e);
        }
        HttpDoor door = new HttpDoor(server, parent.child("http"));
        // one thread a request: a few of them would be held by as many callers that do not finish what they say
        server.setExecutor(request -> door.scope.goPlatform("http/request", () -> run(request)));
        server.createContext("/", door::answer);
        server.start();
        return door;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** From now on it tells of this runtime. */
    public void serves(Supplier<RuntimeSnapshot> running) {
        runtime = running;
    }

    /** From now on it is not ready, whatever the runtime says: the process is about to end. */
    public void ending() {
        ending = true;
    }

    /** What a request throws is its own affair, and not that of the others in the scope. */
    private static void run(Runnable request) {
        try {
            request.run();
        } catch (RuntimeException e) {
            LOG.debug("a request over HTTP ended", e);
        }
    }

    private record Answer(int status, String type, String text) {}

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = of(exchange);
            } catch (RuntimeException e) {
                LOG.warn("{} over HTTP failed: {}", exchange.getRequestURI().getPath(), e.toString());
                LOG.debug("{} failed", exchange.getRequestURI(), e);
                answer = new Answer(500, TEXT, e + "\n");
            }
            send(exchange, answer);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private Answer of(HttpExchange exchange) {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return new Answer(405, TEXT, "only GET and HEAD are served\n");
        }
        return switch (exchange.getRequestURI().getPath()) {
            case "/metrics" -> metrics(exchange.getRequestHeaders().getFirst("Accept"));
            case "/health/live" -> new Answer(200, TEXT, "live\n");
            case "/health/ready" -> ready();
            case "/" -> new Answer(200, TEXT, "/metrics\n/health/live\n/health/ready\n");
            default -> new Answer(404, TEXT, "nothing is here; there are /metrics, /health/live and /health/ready\n");
        };
    }

    private Answer metrics(String accept) {
        Supplier<RuntimeSnapshot> running = runtime;
        if (running == null) {
            return new Answer(503, TEXT, "starting\n");
        }
        String type = PrometheusPage.contentType(accept);
        return new Answer(200, type, page(running).text(type));
    }

    /** Made when it is first asked for: nobody may ever. */
    private synchronized PrometheusPage page(Supplier<RuntimeSnapshot> running) {
        if (page == null) {
            page = new PrometheusPage(running);
        }
        return page;
    }

    private Answer ready() {
        Supplier<RuntimeSnapshot> running = runtime;
        if (ending || running == null) {
            return new Answer(503, TEXT, ending ? "ending\n" : "starting\n");
        }
        RuntimeSnapshot now = running.get();
        if (now.ready()) {
            return new Answer(200, TEXT, "ready\n");
        }
        List<String> why = now.notReady();
        return new Answer(503, TEXT, String.join("\n", why) + "\n");
    }

    @Override
    public void close() {
        server.stop(0);
        scope.close();
        synchronized (this) {
            if (page != null) {
                page.close();
            }
        }
    }
}
