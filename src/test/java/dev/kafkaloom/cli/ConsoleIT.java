package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole program on a pseudo-terminal of the kernel, as util-linux's script opens one. (ShellTest needs nothing of the machine.) */
@Timeout(180)
@ExtendWith(Evidence.class)
class ConsoleIT {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    @TempDir
    Path home;

    private Child onTerminal(String... args) throws IOException {
        assumeTrue(Files.isExecutable(SCRIPT), "no " + SCRIPT);
        // exec: a shell that stays gets the Ctrl-C too, and dash then ends with 130 whatever its child answers
        String line = Run.commandLine(args).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" ", "exec ", ""));
        return Child.start(
                home,
                Map.of("KAFKA_LOOM_HOME", home.toString(), "SHELL", "/bin/sh", "TERM", "xterm"),
                List.of(SCRIPT.toString(), "-qfec", line, "/dev/null"));
    }

    @Test
    void aPersonCanLookProduceInterruptAndLeave() throws Exception {
        RealBroker broker = RealBroker.of(RealBroker.NEWEST);
        String topic = broker.topic("console", 2);
        try (Child console = onTerminal(
                "start",
                "-b",
                broker.bootstrap(),
                "-X",
                "topic.names=" + topic,
                "-X",
                "group.id=" + topic,
                "-X",
                "KAFKA_CLIENT_CONSUMER_NUM=2")) {
            console.awaitOut("joined in ");
            console.type("offset_ch\t\r");
            console.awaitOut("remaining-count");
            console.type("records off\r"); // what the sink shows would be taken for what consume prints
            console.type("produce -t " + topic + " -p 1 'typed by hand'\r");
            console.awaitOut("| NONE  | 0 ");
            console.type("watch metadata_brokers 0.2\r");
            console.awaitOut("any key ends");
            console.type("q");
            console.type("consume -t " + topic + "\r");
            console.awaitOut("typed by hand\r\n");
            console.type("\u0003");
            console.type("member_leader\r");
            console.awaitOut("consumer-group-membersId");
            console.type("exit\r");
            assertThat(console.awaitEnd(Duration.ofSeconds(30))).isZero();
            assertThat(console.out()).doesNotContain("Exception").doesNotContain("WARN");
        }
    }
}
