package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.RealBroker;
import org.junit.jupiter.api.Test;

/** On the newest release. */
class ConsumeIT extends ConsumeBehaviour {
    ConsumeIT() {
        super(RealBroker.NEWEST);
    }

    @Test
    void timesAreLookedUp() {
        assertThat(ok("consume", "-t", topic(), "-p", "1", "-o", "@-1h:end").out())
                .isEqualTo("v0\nv1\nv2\nv3\nv4\n");
        assertThat(ok("consume", "-t", topic(), "-o", "@-2h:-1h").out()).isEmpty();
        assertThat(ok("consume", "-t", topic(), "-o", "@2001-01-01T00:00:1h").out())
                .isEmpty();
    }
}
