package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --trace} against brokers that nobody wrote for it. */
@Timeout(120)
@ExtendWith(Evidence.class)
class TraceIT {
    private static final String HEAD = "(?m)^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\S+/control ";

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void framesAreShownDecodedAndInHexAndResultsStayClean(String version) {
        RealBroker broker = RealBroker.of(version);
        String topic = broker.topic("traced", 2);

        Run run = Run.in(home, "topics", "--trace", "-b", broker.bootstrap());

        assertThat(run.code()).isZero();
        assertThat(run.err())
                .containsPattern(HEAD + "> Metadata v\\d+ #\\d+ \\d+ bytes\\n  \\{\"topics\":.*\\n  0000  00 03 00 ")
                .containsPattern(
                        HEAD + "< Metadata v\\d+ #\\d+ \\d+ bytes\\n  \\{.*\"name\":\"" + topic + "\".*\\n  0000  00 ")
                .doesNotContain("not readable");
        assertThat(run.out()).startsWith("+-").contains("| " + topic + " ").doesNotContain("Metadata");
        assertThat(run.out().lines()).allMatch(line -> line.startsWith("+") || line.startsWith("|"));
    }
}
