package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.RealBroker;
import org.junit.jupiter.api.Test;

/** On the newest release: letters are told by their headers. */
class DeadLetterIT extends DeadLetterBehaviour {
    DeadLetterIT() {
        super(RealBroker.NEWEST);
    }

    @Override
    void letter(String from, int offset, String of, String error, String value) {
        ok(
                "produce",
                "-t",
                dlq,
                "-k",
                "key",
                "-H",
                "trace=" + value,
                "-H",
                "dlq.source.topic=" + from,
                "-H",
                "dlq.source.partition=1",
                "-H",
                "dlq.source.offset=" + offset,
                "-H",
                "dlq.source.timestamp=1000",
                "-H",
                "dlq.error=" + error,
                "-H",
                "dlq.attempts=3",
                "-H",
                "dlq.group=" + of,
                value);
    }

    @Test
    void whatWasAddedToTheRecordIsGoneAgainAndItsOwnHeadersAreThere() {
        ok("dlq.redrive", "-X", "topic.names=" + source, "-t", dlq, "-g", group, "-o", "0:1");

        assertThat(ok("consume", "-t", source, "-e", "-f", "%v %h\\n").out()).isEqualTo("a trace=a\n");
    }
}
