package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.coroutine.CoroutineInfo;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.coroutine.Watchdog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpDoorTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Scope scope = Scope.open("test");
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpDoor door;

    @BeforeEach
    void open() throws IOException {
        door = HttpDoor.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), scope);
    }

    @AfterEach
    void close() {
        try (scope;
                client) {
            door.close();
        }
    }

    static RuntimeSnapshot snapshot(Watchdog.Alarm alarm) {
        return new RuntimeSnapshot(
                new GroupSnapshot("orders", 2, List.of()),
                41,
                410,
                1,
                3,
                0,
                Instant.now(),
                Duration.ofMinutes(5),
                Duration.ofMillis(12),
                Optional.ofNullable(alarm));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "*/*");
    }

    private HttpResponse<String> send(String method, String path, String accept)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                + door.address().getPort() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void awaitMetrics() {
        await().atMost(SOON).until(() -> get("/metrics").statusCode() == 200);
    }

    @Test
    void isLiveButNotReadyWhileTheRuntimeIsBeingStarted() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready"))
                .extracting(HttpResponse::statusCode, HttpResponse::body)
                .containsExactly(503, "starting\n");
        assertThat(get("/metrics").statusCode()).isEqualTo(503);
    }

    @Test
    void readinessIsTheRuntimesAndNamesItsReasons() throws Exception {
        AtomicBoolean starving = new AtomicBoolean();
        Watchdog.Alarm alarm = new Watchdog.Alarm(
                Duration.ofSeconds(3), List.of(new Watchdog.Holder("partition-t-0", Duration.ofSeconds(3), "X.spin")));
        door.serves(() -> snapshot(starving.get() ? alarm : null));
        assertThat(get("/health/ready"))
                .extracting(HttpResponse::statusCode, HttpResponse::body)
                .containsExactly(200, "ready\n");
        starving.set(true);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body())
                .contains("waiting for a carrier for 3000 ms")
                .contains("partition-t-0");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotReadyWhileItEndsThoughEverythingStillWorks() throws Exception {
        door.serves(() -> snapshot(null));
        door.ending();
        assertThat(get("/health/ready"))
                .extracting(HttpResponse::statusCode, HttpResponse::body)
                .containsExactly(503, "ending\n");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreInTheFormatThatWasAskedFor() throws Exception {
        door.serves(() -> snapshot(null));
        awaitMetrics();
        HttpResponse<String> plain = get("/metrics");
        assertThat(plain.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(plain.body())
                .contains("kafka_loom_records_total{group=\"orders\"} 41.0\n")
                .contains("jvm_memory_used_bytes")
                .doesNotContain("# EOF");
        HttpResponse<String> open =
                send("GET", "/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertThat(open.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void everythingElseIsRefused() throws Exception {
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/x").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/metrics", "*/*").statusCode()).isEqualTo(405);
        assertThat(send("POST", "/metrics", "*/*").headers().firstValue("Allow"))
                .contains("GET, HEAD");
        assertThat(send("HEAD", "/health/live", "*/*"))
                .extracting(HttpResponse::statusCode, HttpResponse::body)
                .containsExactly(200, "");
    }

    @Test
    void aSnapshotThatFailsIsAnAnswerAndNotTheEnd() throws Exception {
        AtomicBoolean failing = new AtomicBoolean(true);
        Supplier<RuntimeSnapshot> runtime = () -> {
            if (failing.get()) {
                throw new IllegalStateException("broken");
            }
            return snapshot(null);
        };
        door.serves(runtime);
        assertThat(get("/health/ready").statusCode()).isEqualTo(500);
        assertThat(get("/health/ready").body()).contains("broken");
        failing.set(false);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        awaitMetrics();
    }

    @Test
    void anAddressThatIsTakenOrUnknownIsOneLineThatNamesIt() {
        assertThatThrownBy(() -> HttpDoor.open(door.address(), scope))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot serve HTTP on ")
                .hasMessageContaining(":" + door.address().getPort());
        assertThatThrownBy(() -> HttpDoor.open(InetSocketAddress.createUnresolved("no.such.host.invalid", 1), scope))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot serve HTTP on no.such.host.invalid:1: no such host");
    }

    @Test
    void callersThatSayNothingDoNotKeepOthersOut() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket =
                        new Socket(door.address().getAddress(), door.address().getPort());
                socket.getOutputStream().write("GET /health".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                silent.add(socket);
            }
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    /** On virtual threads it would wait for one of these to let go. */
    @Test
    void answersWhileEveryCarrierIsHeld() throws Exception {
        door.serves(() -> snapshot(null));
        awaitMetrics();
        AtomicBoolean over = new AtomicBoolean();
        int carriers = Math.max(
                Runtime.getRuntime().availableProcessors(),
                Integer.getInteger("jdk.virtualThreadScheduler.parallelism", 1));
        CountDownLatch spinning = new CountDownLatch(carriers);
        try {
            for (int i = 0; i < carriers; i++) {
                scope.go("spin-" + i, () -> {
                    spinning.countDown();
                    while (!over.get()) {
                        Thread.onSpinWait();
                    }
                });
            }
            spinning.await();
            assertThat(get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(get("/metrics").body()).contains("kafka_loom_ready");
        } finally {
            over.set(true);
        }
    }

    @Test
    void itsThreadsEndWithIt() {
        door.close();
        assertThat(CoroutineRegistry.snapshot())
                .extracting(CoroutineInfo::name)
                .noneMatch(name -> name.startsWith("http/"));
    }
}
