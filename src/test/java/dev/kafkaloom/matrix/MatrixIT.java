package dev.kafkaloom.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.embedded.TestedRelease;
import dev.kafkaloom.testing.Evidence;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The core suite on the oldest release, one in the middle and the newest; {@code mvn verify -Pmatrix} runs it on all, and
 * {@code -Dmatrix=2.8.2,4.1.2} on those. One broker after the other; their logs stay in target/brokers.
 */
@ParameterizedClass(name = "Kafka {0}")
@MethodSource("releases")
@ExtendWith(Evidence.class)
class MatrixIT {
    private static Lab lab; // of the release whose turn it is

    @Parameter
    private TestedRelease release;

    static List<TestedRelease> releases() {
        return TestedRelease.select(System.getProperty("matrix", "quick"));
    }

    @BeforeParameterizedClassInvocation
    @Timeout(value = 10, unit = TimeUnit.MINUTES) // with the first download of its jars
    static void start(TestedRelease release) throws Exception {
        lab = Lab.open(release);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void theCoreSuitePasses(Check check) throws InterruptedException {
        assertThat(lab.release()).isEqualTo(release);
        check.run(lab);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = "COMMAND") // four processes on each release: src/acceptance/consumer.sh
    @Timeout(120)
    void theConsumerDoesWhatItDoes(ConsumerCheck check) throws Exception {
        check.run(lab);
    }
}
