package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.RealBroker;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On the oldest release. */
class ConsumeOn09IT extends ConsumeBehaviour {
    ConsumeOn09IT() {
        super(RealBroker.OLDEST);
    }

    @Override
    List<String> kcatExtras() {
        return List.of("-X", "api.version.request=false", "-X", "broker.version.fallback=0.9.0.1");
    }

    /** These brokers keep none: -1 for us, 0 for kcat. */
    @Override
    String kcatTimestamp() {
        return "";
    }

    @Test
    void timesAreRefusedInOneLineThatSaysSinceWhenTheyExist() {
        assertThat(failure(1, "consume", "-t", topic(), "-o", "@-1h:end")).contains("since Kafka 0.10.1");
    }
}
