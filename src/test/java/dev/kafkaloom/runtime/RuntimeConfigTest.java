package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.MemberCount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuntimeConfigTest {
    @Test
    void theStarvationAlarmComesLongBeforeASessionIsLost() {
        assertThat(withSession(6).effectiveStarvationAlarm()).isEqualTo(Duration.ofSeconds(1));
        assertThat(withSession(45).effectiveStarvationAlarm()).isEqualTo(Duration.ofSeconds(2));
        assertThat(withSession(45).starvationAlarm(Duration.ofMillis(50)).effectiveStarvationAlarm())
                .isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void aSinkThatIsAScriptIsCalledByItsFile() {
        assertThat(SinkerConfig.DEFAULT.sinkName()).isEqualTo("stdout");
        SinkerConfig scripted = new SinkerConfig(
                "stdout",
                Path.of("/sinks/upper.jsh"),
                Map.of(),
                Path.of("/"),
                1,
                500,
                0,
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                0,
                "");
        assertThat(scripted.sinkName()).isEqualTo("upper.jsh");
    }

    private static RuntimeConfig withSession(int seconds) {
        ConsumerConfig consumer = ConsumerConfig.builder("g", List.of("t"))
                .sessionTimeout(Duration.ofSeconds(seconds))
                .build();
        return RuntimeConfig.of(consumer, new MemberCount.Fixed(1));
    }
}
