package dev.kafkaloom.ordeal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.Evidence;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Short ordeals; src/acceptance/runtime.sh has those of 200,000 records and more. Their histories stay in target/ordeal. */
@ExtendWith(Evidence.class)
class OrdealIT {
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aDaemonThatIsKilledLosesNothing() throws Exception {
        endure("short", "storage=file", "ordering=key", "records=20000", "rate=1250", "kill=7", "broker=0");
    }

    @ParameterizedTest
    @CsvSource({
        "directly, partition, 1",
        "directly, key, 3",
        "file, partition, 1",
        "redis, partition, 1",
        "redis, key, 3"
    })
    @Tag("chaos") // a minute and more each: mvn verify -Pchaos
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void norDoDaemonsWithTheirBrokersAndRedis(String storage, String ordering, int daemons) throws Exception {
        endure(
                storage + "-" + ordering + "-" + daemons,
                "storage=" + storage,
                "ordering=" + ordering,
                "daemons=" + daemons,
                "records=60000",
                "rate=1500",
                "kill=15",
                "broker=40",
                "redis=25");
    }

    private static void endure(String name, String... plan) throws Exception {
        try (OrdealLab lab = new OrdealLab(OrdealPlan.of(plan), Path.of("target", "ordeal", name))) {
            WorkVerdict verdict = new Ordeal(lab).run();
            System.out.println(name + ": " + verdict.line());
            assertThat(verdict.isOk()).as(verdict.toString()).isTrue();
        }
    }
}
