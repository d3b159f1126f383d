package dev.kafkaloom.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A minute of each; src/acceptance/consumer.sh takes five. */
@Tag("chaos")
class MixedGroupChaosIT {

    @ParameterizedTest
    @ValueSource(strings = {"range", "roundrobin", "sticky", "cooperative-sticky"})
    @Timeout(360)
    void membersOfThreeClientsComeAndGoAndDieAndNothingIsLost(String assignor) throws Exception {
        assertThat(new MixedMain().run("--seconds", "60", "--assignors", assignor))
                .isTrue();
    }

    @Test
    @Timeout(300)
    void aRecordThatIsDroppedOnPurposeIsMissed() throws Exception {
        assertThat(new MixedMain().run("--drop", "--seconds", "15", "--assignors", "range"))
                .isTrue();
    }
}
