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

    String[] line(String command, String... more) {
        List<String> line = new ArrayList<>(List.of(
                command, "-X", "topic.names=" + source, "-X", "group.id=" + group, "-X", "dead.letter.topic=" + dlq));
        line.addAll(Arrays.asList(more));
        return line.toArray(String[]::new);
    }

    List<List<Object>> listed(String... more) throws Exception {
        return cells(json(line("dlq.list", more)), "offset", "error", "redriven");
    }

    List<List<Object>> redriven(String... more) throws Exception {
        return cells(json(line("dlq.redrive", more)), "what", "records");
    }

    String consumed(String topic) {
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
}
