package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandFamilyTest {
    private static final CommandFamily FAMILY = new CommandFamily(
            "things",
            "about things",
            List.of(
                    word("list", Usage.NONE, true),
                    word(
                            "make",
                            new Usage(List.of(Flag.value("-s --size", "N", "make: how large")), "NAME", 2),
                            false)));

    private static SmallCommand word(String name, Usage usage, boolean watchable) {
        return new SmallCommand(name, name, usage, watchable, (session, arguments) -> {
            session.out()
                    .show(new Text(name + " " + arguments.plain()
                            + arguments.value("size").orElse("")));
            return 0;
        });
    }

    private static String run(String... words) throws Exception {
        RecordedOutput out = new RecordedOutput();
        assertThat(FAMILY.run(new Session(null, out, null), List.of(words))).isZero();
        return ((Text) out.answers.getFirst()).text();
    }

    @Test
    void theFirstArgumentChoosesAndTheRestIsItsOwn() throws Exception {
        assertThat(run("make", "a", "b")).isEqualTo("make [a, b]");
        assertThat(run("-s", "5", "make", "a")).isEqualTo("make [a]5");
    }

    @Test
    void withoutOneItIsTheFirstWord() throws Exception {
        assertThat(run()).isEqualTo("list []");
    }

    @Test
    void whatAWordDoesNotTakeIsRefusedByName() {
        assertThatThrownBy(() -> run("list", "--size", "5"))
                .isInstanceOf(UsageException.class)
                .hasMessage("things list takes no --size");
        assertThatThrownBy(() -> run("list", "a")).hasMessage("unexpected argument 'a'");
        assertThatThrownBy(() -> run("make", "a", "b", "c")).hasMessage("unexpected argument 'c'");
        assertThatThrownBy(() -> run("lose")).hasMessage("things lose is unknown, there are list, make");
    }

    @Test
    void onlyTheWordsThatShowAStateCanBeWatched() {
        assertThat(FAMILY.watchable(List.of())).isTrue();
        assertThat(FAMILY.watchable(List.of("list"))).isTrue();
        assertThat(FAMILY.watchable(List.of("make", "a"))).isFalse();
        assertThat(FAMILY.watchable(List.of("-s", "5", "make", "a"))).isFalse();
    }

    @Test
    void theHelpShowsTheWordsAndWhatTheyTake() {
        assertThat(ProcessCommands.describe(FAMILY))
                .startsWith("things [options] [list|make NAME...]")
                .contains("make: how large");
    }
}
