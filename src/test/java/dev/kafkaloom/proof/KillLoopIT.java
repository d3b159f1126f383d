package dev.kafkaloom.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.history.Verdict;
import dev.kafkaloom.testing.Evidence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kill loop of a minute; src/acceptance/consumer.sh runs it for three. */
@ExtendWith(Evidence.class)
@Tag("chaos") // takes two minutes, and wants to know how long a recovery takes: mvn verify -Pchaos
class KillLoopIT {
    private static final Duration LOOP = Duration.ofMinutes(1);

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void groupsLoseNothingWhileBrokersAreKilled() throws Exception {
        try (ProofLab lab = new ProofLab(Path.of("target", "proof", "kill-loop"));
                KillLoop loop = new KillLoop(lab)) {
            Verdict verdict = loop.run(LOOP);
            Recovery recovery = loop.recovery();
            System.out.println(recovery.figure());
            assertThat(verdict.isOk()).as(verdict.toString()).isTrue();
            assertThat(recovery.isInTime())
                    .as(String.join("\n", recovery.lines()))
                    .isTrue();
        }
    }
}
