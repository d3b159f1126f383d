package dev.kafkaloom.proof;

import dev.kafkaloom.testing.Evidence;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short scenarios of this package; their histories stay in target/proof. */
@ExtendWith(Evidence.class)
class ProofIT {
    @ParameterizedTest
    @EnumSource(names = {"ABORTED", "RECREATED", "GROWN", "DELETED"})
    @Timeout(120)
    void theGroupLosesNothing(Scenario scenario) throws Exception {
        run(scenario);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ABORTED", "RECREATED", "GROWN", "DELETED"})
    @Timeout(120)
    @Tag("chaos") // ten seconds and more each, for a session or a broker of its own: mvn verify -Pchaos, consumer.sh
    // --quick
    void norDoesItWhenSomethingBreaks(Scenario scenario) throws Exception {
        run(scenario);
    }

    private static void run(Scenario scenario) throws Exception {
        try (ProofLab lab = new ProofLab(Path.of("target", "proof", scenario.toString()))) {
            System.out.println(scenario + ": " + scenario.run(lab));
        }
    }
}
