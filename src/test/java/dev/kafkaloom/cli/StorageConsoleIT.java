package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.console.Json;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that keeps records in files, steered over its socket while it runs. */
@Timeout(120)
@ExtendWith(Evidence.class)
class StorageConsoleIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final RealBroker broker = RealBroker.of(RealBroker.NEWEST);
    private final String topic = broker.topic("stored", 2);

    @TempDir
    Path home;

    private Child daemon;

    @BeforeEach
    void start() throws IOException {
        List<String> settings = List.of(
                "topic.names=" + topic,
                "group.id=" + topic,
                "auto.offset.reset=earliest",
                "KAFKA_MESSAGE_STORAGE=FILE",
                "SERVER_PORT=0");
        List<String> line = new ArrayList<>(List.of("start", "--daemon", "-b", broker.bootstrap()));
        settings.forEach(setting -> line.addAll(List.of("-X", setting)));
        daemon = Child.start(
                home, Map.of("KAFKA_LOOM_HOME", home.toString()), Run.commandLine(line.toArray(String[]::new)));
        daemon.awaitErr("joined in ");
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    private String rpc(String... words) {
        List<String> line = new ArrayList<>(List.of("rpc"));
        line.addAll(List.of(words));
        Run run = Run.in(home, line.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run.out();
    }

    private void awaitBlockSize(int records) {
        await().atMost(SOON).untilAsserted(() -> assertThat(rpc("block_size")).isEqualTo(records + "\n"));
    }

    @Test
    void whatIsStoredIsSeenHeldBackHandedOutAndThrownAway() throws Exception {
        assertThat(rpc("sinker", "pause")).contains("| true ");
        rpc("produce", "-t", topic, "-p", "1", "-r", "5", "kept");
        awaitBlockSize(5);

        assertThat((Map<?, ?>) Json.read(rpc("storage", "--format", "json")))
                .satisfies(storage -> assertThat((Long) storage.get("pending") + (Long) storage.get("leased"))
                        .isEqualTo(5L));
        assertThat(rpc("storage", "list", "-n", "3").lines())
                .filteredOn(row -> row.startsWith("| " + topic + " | 1 ") && row.contains("| kept "))
                .hasSize(3);
        assertThat(rpc("top")).contains("| " + topic + " | 1 ");
        assertThat(daemon.out()).doesNotContain("kept");
        Run unasked = Run.in(home, "rpc", "clear");
        assertThat(unasked.code()).isEqualTo(2);
        assertThat(unasked.err()).contains("throw away all 5 stored records", "say --yes");

        rpc("sinker", "resume");
        awaitBlockSize(0);
        assertThat(daemon.out().lines())
                .filteredOn(row -> row.endsWith(" kept"))
                .hasSize(5);

        rpc("sinker", "pause");
        rpc("produce", "-t", topic, "-p", "1", "-r", "3", "unwanted");
        awaitBlockSize(3);
        assertThat(rpc("clear", "--yes")).isEqualTo("3\n");
        awaitBlockSize(0);
        rpc("sinker", "resume");
        rpc("produce", "-t", topic, "-p", "1", "wanted");
        daemon.awaitOut(" wanted");
        assertThat(daemon.out()).doesNotContain("unwanted");
    }
}
