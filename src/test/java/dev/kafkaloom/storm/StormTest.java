package dev.kafkaloom.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The storm in short; {@link StormMain} is the whole of it. */
@Timeout(120)
class StormTest {
    private static final int CALLS = 1500;
    private static final int CALLERS = 24;
    private static final double FAULTS = 0.03;

    @Test
    void everyCallEndsInTimeWithItsOwnAnswerOrAnErrorAndNothingIsLeftBehind() throws Exception {
        rage(7);
    }

    @Test
    void theSameHoldsWithFaultsThatNobodyHasSeenBefore() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong(1_000_000);
        System.out.println("storm: seed " + seed);
        rage(seed);
    }

    private static void rage(long seed) throws Exception {
        Leftovers before = Leftovers.atFirst();
        Storm.Outcome outcome = new Storm(FakeWorld.start(seed, FAULTS), CALLS, CALLERS, seed).rage(before);
        List<String> failures = outcome.failures(CALLS);
        assertThat(failures).as(outcome.line(failures.isEmpty(), CALLS, seed)).isEmpty();
        assertThat(outcome.faults()).hasSizeGreaterThan(10);
    }
}
