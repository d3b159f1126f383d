package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.RealBroker;
import org.junit.jupiter.api.Test;

/** On the oldest release. */
class CommandsOn09IT extends CommandsBehaviour {
    CommandsOn09IT() {
        super(RealBroker.OLDEST);
    }

    @Test
    void headersAreRefusedInOneLineThatSaysSinceWhenTheyExist() {
        Run run = run(new byte[0], "produce", "-t", broker.topic("headers", 1), "-H", "a=1", "m");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip().lines()).singleElement().asString().contains("0.11");
    }
}
