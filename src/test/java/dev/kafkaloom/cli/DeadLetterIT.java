package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.RealBroker;
import java.util.List;
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
    void aRehearsalSendsNothingAndKeepsNothing() throws Exception {
        assertThat(redriven("--dry-run")).containsExactly(List.of("would be redriven", 3L));

        assertThat(consumed(source)).isEmpty();
        assertThat(listed()).hasSize(3);
    }

    @Test
    void aTopicThatTheGroupDoesNotConsumeGetsNothingUnlessItIsNamed() throws Exception {
        String payroll = broker.topic("payroll", 1);
        letter(payroll, 1, group, "forged", "x");
        letter("nowhere", 1, group, "forged", "y");
        letter(source, 1, "another", "not ours", "z");

        Run shown = run(new byte[0], line("dlq", "list", "-e", "ours|forged"));
        assertThat(shown.out()).contains("| forged ").doesNotContain("not ours");
        assertThat(shown.err()).isEqualTo("letters of other groups than " + group + ", not shown: 1 (-g GROUP)\n");

        Run refused = run(new byte[0], line("dlq", "redrive", "-e", "forged"));
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out())
                .contains(
                        "| refused ", "topic " + payroll + " is none that group " + group + " is configured to consume")
                .contains("| of another group |");
        assertThat(consumed(payroll)).isEmpty();

        assertThat(redriven("-e", "forged", "--to", payroll)).contains(List.of("redriven", 2L));
        assertThat(consumed(payroll)).isEqualTo("0 key x\n0 key y\n");
    }

    @Test
    void whatCannotBeRightIsRefusedInOneLine() {
        ok("produce", "-t", dlq, "-k", "key", "no letter");
        Run foreign = run(new byte[0], line("dlq", "redrive"));
        assertThat(foreign.code()).isEqualTo(1);
        assertThat(foreign.out()).contains("| redriven ", "| refused ", "neither headers nor an envelope");

        assertThat(failure(1, line("dlq", "redrive", "--to", "nowhere"))).contains("topic nowhere");
        assertThat(failure(2, line("dlq", "redrive", "--to", dlq))).contains("is the dead-letter topic itself");
        assertThat(failure(2, "dlq", "list")).contains("which dead-letter topic?");
        assertThat(failure(1, line("dlq", "list", "-p", "0,7"))).contains("has partitions 0 to 0");
    }

    @Test
    void whatWasAddedToTheRecordIsGoneAgainAndItsOwnHeadersAreThere() {
        ok("dlq.redrive", "-X", "topic.names=" + source, "-t", dlq, "-g", group, "-o", "0:1");

        assertThat(ok("consume", "-t", source, "-e", "-f", "%v %h\\n").out()).isEqualTo("a trace=a\n");
    }
}
