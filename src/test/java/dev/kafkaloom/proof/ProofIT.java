package dev.kafkaloom.proof;

import dev.kafkaloom.testing.Evidence;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short scenarios of this package; their histories stay in target/proof. */
@ExtendWith(Evidence.class)
class ProofIT {
    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void theGroupLosesNothing(Scenario scenario) throws Exception {
        try (ProofLab lab = new ProofLab(Path.of("target", "proof", scenario.toString()))) {
            System.out.println(scenario + ": " + scenario.run(lab));
        }
    }
}
