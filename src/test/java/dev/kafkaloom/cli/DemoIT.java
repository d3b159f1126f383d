package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@ExtendWith(Evidence.class)
class DemoIT {
    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void consumesAllThatItProducedAndReportsTheSixTables(String version) {
        Run run = Run.in(home, "demo", "--duration", "2s", "--kafka-version", version);
        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines)
                .contains(
                        "offset_checker",
                        "member_leader",
                        "metadata_brokers",
                        "metadata_topics",
                        "kafka_lag",
                        "block_size");
        // the second member may join a moment after the first one's generation is made: one rebalance then
        assertThat(lines.getLast())
                .matches("demo: produced=([1-9][0-9]*) consumed=\\1 lag=0 members=2 rebalances=[01]");
        assertThat(lines).anyMatch(line -> line.matches("demo-[0-3]@\\d+ customer-\\d+ order \\d+: .*"));
    }
}
