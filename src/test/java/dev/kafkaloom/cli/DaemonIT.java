package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** On the newest release. */
class DaemonIT extends DaemonBehaviour {
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
    private static final Duration SOON = Duration.ofSeconds(30);

    DaemonIT() {
        super(RealBroker.NEWEST);
    }

    /** What it serves over HTTP is told in its log. */
    private String address() throws IOException {
        Matcher match = ADDRESS.matcher(Files.readString(home.resolve("runtime/logs/kafka-loom.log")));
        assertThat(match.find()).isTrue();
        return match.group();
    }

    private static HttpResponse<String> get(String uri) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void isWatchedOverHttpAndEndsWhenItIsStopped() throws Exception {
        String address = address();
        rpc("produce", "-t", topic, "-p", "2", "-r", "5", "hello");
        await().atMost(SOON)
                .until(() -> get(address + "/metrics")
                        .body()
                        .contains("kafka_loom_records_total{group=\"" + group + "\"} 5.0"));

        assertThat(get(address + "/health/ready").statusCode()).isEqualTo(200);
        assertThat(get(address + "/health/live").statusCode()).isEqualTo(200);
        String labels = "{group=\"" + group + "\",partition=\"2\",topic=\"" + topic + "\"} ";
        assertThat(get(address + "/metrics").body().lines())
                .contains(
                        "kafka_loom_ready{group=\"" + group + "\"} 1.0",
                        "kafka_loom_members{group=\"" + group + "\",state=\"stable\"} 2.0",
                        "kafka_loom_partition_lag_records" + labels + "0.0",
                        "kafka_loom_partition_lag_seconds" + labels + "0.0",
                        "kafka_loom_partition_records_total" + labels + "5.0");

        List<String> pointer = Files.readAllLines(home.resolve("runtime/daemon"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(pointer.getFirst()))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(home.resolve("runtime/daemon.pid"))).isEqualTo(pointer.get(1) + "\n");
        assertThat(home.resolve("runtime/logs/kafka-loom-info.log")).isNotEmptyFile();
        assertThat(home.resolve("runtime/logs/kafka-loom-error.log")).isEmptyFile();

        Run stop = Run.in(home, "stop");
        assertThat(stop.code()).isZero();
        assertThat(stop.err()).containsPattern("the daemon \\(pid \\d+\\) has ended after \\d+ ms");
        assertThat(daemon.awaitEnd(SOON)).isZero();
        assertThat(Run.in(home, "stop").err()).contains("no daemon runs for ");
    }
}
