package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code dlq list} and {@code dlq redrive} do with the letters of a real broker. */
@Timeout(120)
@ExtendWith(Evidence.class)
abstract class DeadLetterBehaviour extends CommandLab {
    final String source = broker.topic("source", 2);
    final String dlq = broker.topic("dlq", 1);
    final String group = RealBroker.unique("redriving");

    DeadLetterBehaviour(String version) {
        super(version);
    }

    /** Puts a letter into the dead-letter topic as the runtime would. */
    abstract void letter(String from, int offset, String group, String error, String value);

    @BeforeEach
    void letters() {
        letter(source, 40, group, "timeout", "a");
        letter(source, 41, group, "no such customer", "b");
        letter(source, 42, group, "timeout", "c");
    }

    private String[] line(String command, String... more) {
        List<String> line = new ArrayList<>(List.of(
                command, "-X", "topic.names=" + source, "-X", "group.id=" + group, "-X", "dead.letter.topic=" + dlq));
        line.addAll(Arrays.asList(more));
        return line.toArray(String[]::new);
    }

    private List<List<Object>> listed(String... more) throws Exception {
        return cells(json(line("dlq.list", more)), "offset", "error", "redriven");
    }

    private List<List<Object>> redriven(String... more) throws Exception {
        return cells(json(line("dlq.redrive", more)), "what", "records");
    }

    private String consumed(String topic) {
        return ok("consume", "-t", topic, "-e", "-f", "%p %k %v\\n").out();
    }

    @Test
    void lettersAreListedWithTheirErrorUntilTheyAreRedriven() throws Exception {
        assertThat(listed())
                .containsExactly(
                        List.of(0L, "timeout", false),
                        List.of(1L, "no such customer", false),
                        List.of(2L, "timeout", false));
        assertThat(listed("-e", "^time", "-o", "1:end")).containsExactly(List.of(2L, "timeout", false));
        assertThat(listed("-n", "1", "-G", "v:b")).containsExactly(List.of(1L, "no such customer", false));

        assertThat(redriven("-o", "0:2")).containsExactly(List.of("redriven", 2L));

        assertThat(listed()).containsExactly(List.of(2L, "timeout", false));
        assertThat(listed("--all")).hasSize(3).contains(List.of(0L, "timeout", true));
    }

    @Test
    void eachGoesToItsPartitionOnceThoughAFilterLeftSomeOut() throws Exception {
        assertThat(redriven("-e", "timeout")).containsExactly(List.of("left out", 1L), List.of("redriven", 2L));
        assertThat(redriven("-e", "timeout")).containsExactly(List.of("left out", 1L), List.of("redriven before", 1L));
        assertThat(redriven()).containsExactly(List.of("redriven", 1L), List.of("redriven before", 1L));
        assertThat(redriven()).isEmpty();

        assertThat(consumed(source)).isEqualTo("1 key a\n1 key c\n1 key b\n");
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
}
