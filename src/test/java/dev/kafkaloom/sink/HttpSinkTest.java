package dev.kafkaloom.sink;

import static dev.kafkaloom.sink.SinkRecords.bytes;
import static dev.kafkaloom.sink.SinkRecords.context;
import static dev.kafkaloom.sink.SinkRecords.record;
import static dev.kafkaloom.sink.SinkRecords.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration SOON = Duration.ofSeconds(60);

    private record Request(Headers headers, String body) {}

    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange, Request request) throws IOException;
    }

    private final Scope scope = Scope.open("test");
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Answer answer = (exchange, _) -> status(exchange, 204, "");
    private HttpServer server;
    private Sink sink;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/in", exchange -> {
            Request request = new Request(
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            answer.to(exchange, request);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        if (sink != null) {
            sink.close();
        }
        server.stop(0);
        threads.shutdownNow();
        scope.close();
    }

    @Test
    void postsEachRecordAsJsonAndSaysWhereItIsFrom() throws Exception {
        Sink.Outcome outcome = open("header.Authorization", "Bearer abc").accept(records(10, 2));

        assertThat(outcome).isEqualTo(Sink.Outcome.DONE);
        assertThat(requests).hasSize(2);
        assertThat(JSON.readTree(requests.getFirst().body()).get("value").textValue())
                .isEqualTo("v10");
        Headers headers = requests.getFirst().headers();
        assertThat(headers.getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(headers.getFirst("Authorization")).isEqualTo("Bearer abc");
        assertThat(headers.getFirst("Kafka-Topic")).isEqualTo("orders");
        assertThat(headers.getFirst("Kafka-Partition")).isEqualTo("3");
        assertThat(headers.getFirst("Kafka-Offset")).isEqualTo("10");
    }

    @Test
    void postsTheValueAlone() throws Exception {
        open("body", "value", "content.type", "text/plain").accept(List.of(record(1, "k", "grüße")));

        assertThat(requests.getFirst().body()).isEqualTo("grüße");
        assertThat(requests.getFirst().headers().getFirst("Content-Type")).isEqualTo("text/plain");
    }

    @Test
    void postsABatchAsAnArray() throws Exception {
        open("batch", "array").accept(records(10, 3));

        assertThat(requests).hasSize(1);
        assertThat(JSON.readTree(requests.getFirst().body()).size()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"408,true", "425,true", "429,false", "500,true", "502,true", "503,false", "301,true", "401,true"})
    void anAnswerThatMayChangeIsTriedAgain(int status, boolean tried) throws Exception {
        answer = (exchange, _) -> status(exchange, status, "later\nplease");

        Sink.Outcome outcome = open("retry.status", "401").accept(records(10, 1));

        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Retry(
                        Duration.ZERO, "POST " + url() + " answered " + status + ": later please", tried));
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        AtomicInteger elsewhere = new AtomicInteger();
        server.createContext("/elsewhere", exchange -> {
            elsewhere.incrementAndGet();
            status(exchange, 200, "");
        });
        answer = (exchange, _) -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            status(exchange, 307, "");
        };

        Sink.Outcome outcome = open().accept(records(10, 1));

        assertThat(outcome).isInstanceOf(Sink.Outcome.Retry.class);
        assertThat(elsewhere).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"7,7000", "999999999,600000", "soon,0", "'Fri, 01 Jan 2100 00:00:00 GMT',600000"})
    void retryAfterIsHeededUpToTenMinutes(String header, long millis) throws Exception {
        answer = (exchange, _) -> {
            exchange.getResponseHeaders().set("Retry-After", header);
            status(exchange, 503, "");
        };

        Sink.Outcome outcome = open().accept(records(10, 1));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Sink.Outcome.Retry.class,
                        retry -> assertThat(retry.after()).isEqualTo(Duration.ofMillis(millis)));
    }

    @Test
    void aRecordThatIsRefusedIsRejectedAndTheOthersAreDone() throws Exception {
        answer = (exchange, request) -> status(exchange, request.body().contains("v11") ? 422 : 200, "");
        List<ConsumedRecord> batch = records(10, 3);

        Sink.Outcome outcome = open().accept(batch);

        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Each(List.of(
                        Sink.Outcome.DONE,
                        new Sink.Outcome.Reject(List.of(batch.get(1)), "POST " + url() + " answered 422"),
                        Sink.Outcome.DONE)));
    }

    @Test
    void anArrayThatIsRefusedIsSentAgainRecordByRecord() throws Exception {
        answer = (exchange, request) -> status(exchange, request.body().contains("v11") ? 400 : 200, "");
        List<ConsumedRecord> batch = records(10, 3);

        Sink.Outcome outcome = open("batch", "array").accept(batch);

        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Each(List.of(
                        Sink.Outcome.DONE,
                        new Sink.Outcome.Reject(List.of(batch.get(1)), "POST " + url() + " answered 400"),
                        Sink.Outcome.DONE)));
        assertThat(JSON.readTree(requests.getLast().body()).size()).isEqualTo(1);
    }

    @Test
    void nothingOvertakesARecordThatIsTriedAgain() throws Exception {
        answer = (exchange, request) -> status(exchange, request.body().contains("v11") ? 500 : 200, "");

        Sink.Outcome outcome = open().accept(records(10, 3));

        assertThat(requests).hasSize(2);
        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Each(List.of(
                        Sink.Outcome.DONE,
                        new Sink.Outcome.Retry(Duration.ZERO, "POST " + url() + " answered 500"),
                        Sink.Outcome.Retry.untried("offset 11 before it is not done"))));
    }

    @Test
    void aServerThatCannotBeReachedIsNoTry() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        sink = Sinks.open("http", null, context(Path.of(""), scope, "url", "http://127.0.0.1:" + free + "/in"));

        Sink.Outcome outcome = sink.accept(records(10, 1));

        assertThat(outcome).isInstanceOfSatisfying(Sink.Outcome.Retry.class, retry -> {
            assertThat(retry.tried()).isFalse();
            assertThat(retry.why()).startsWith("POST http://127.0.0.1:" + free + "/in: cannot be reached");
        });
    }

    @Test
    void aServerThatDoesNotAnswerIsWaitedForNoLongerThanTheTimeout() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        answer = (_, _) -> await(release);

        Sink.Outcome outcome = open("timeout.ms", "50").accept(records(10, 1));
        release.countDown();

        assertThat(outcome).isInstanceOf(Sink.Outcome.Retry.class);
    }

    @Test
    void anAnswerWithoutAnEndIsCutOff() throws Exception {
        answer = (exchange, _) -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    out.write(new byte[1 << 12]);
                }
            }
        };

        Sink.Outcome outcome = open().accept(records(10, 1));

        assertThat(outcome).isEqualTo(Sink.Outcome.DONE);
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        answer = (_, _) -> {
            asked.countDown();
            await(release);
        };
        Sink opened = open();
        Coroutine caller = scope.go("caller", () -> opened.accept(records(10, 1)));
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

        caller.interrupt();

        assertThat(caller.join(SOON)).isTrue();
        assertThat(caller.state()).isEqualTo(Coroutine.State.CANCELLED);
        release.countDown();
    }

    @Test
    void noMoreRequestsThanConnectionsAreUnderWay() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        answer = (exchange, _) -> {
            await(release);
            status(exchange, 200, "");
        };
        Sink opened = open("connections", "2");
        List<Coroutine> callers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int offset = i;
            callers.add(scope.go("caller-" + i, () -> opened.accept(records(offset, 1))));
        }

        Awaitility.await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> requests.size() == 2);
        release.countDown();

        for (Coroutine caller : callers) {
            assertThat(caller.join(SOON)).isTrue();
        }
        assertThat(requests).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url|http://u:secret@a b|is no URL",
                "url|ftp://a/b|is not http://host/path",
                "url|http://u:secret@a/b|give header.Authorization",
                "timeout.ms|0|is not a whole number from 1",
                "batch|all|is none of record, array",
                "retry.status|500|from 300 to 499",
                "header.Host|a|cannot be sent as a header",
            })
    void aWrongOptionIsToldByNameWithoutSecrets(String name, String value, String told) {
        assertThatThrownBy(() -> open(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sinker.option." + name + ": ")
                .hasMessageContaining(told)
                .hasMessageNotContaining("secret");
    }

    private Sink open(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("url", url()));
        all.addAll(List.of(options));
        sink = Sinks.open("http", null, context(Path.of(""), scope, all.toArray(String[]::new)));
        return sink;
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/in";
    }

    private static void status(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = bytes(body);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
