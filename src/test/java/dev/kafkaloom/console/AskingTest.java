package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskingTest {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(screen, true, StandardCharsets.UTF_8);

    private boolean agreed(String typed) throws IOException {
        StreamOutput out = new StreamOutput(new ByteArrayOutputStream(), err, Format.TABLE)
                .asking(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), err);
        return Asking.agreed(new Session(null, out, null), new Arguments(Map.of(), List.of()), "delete it?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"y\n", "YES\n", " y \r\n", "yes"})
    void aPersonAgrees(String typed) throws IOException {
        assertThat(agreed(typed)).isTrue();
        assertThat(screen.toString(StandardCharsets.UTF_8)).isEqualTo("delete it? [y/N] ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "n\n", "yesterday\n", "", "no\ny\n"})
    void anythingElseIsNo(String typed) throws IOException {
        assertThat(agreed(typed)).isFalse();
        assertThat(screen.toString(StandardCharsets.UTF_8)).contains("nothing was deleted");
    }

    @Test
    void whoHasSaidYesIsNotAsked() throws IOException {
        RecordedOutput out = new RecordedOutput();
        Arguments yes = new Arguments(Map.of("yes", List.of("")), List.of());
        assertThat(Asking.agreed(new Session(null, out, null), yes, "delete it?"))
                .isTrue();
    }

    @Test
    void whereNobodyCanBeAskedItIsAnErrorThatNamesTheOption() {
        Session session = new Session(null, new RecordedOutput(), null);
        assertThatThrownBy(() -> Asking.agreed(session, new Arguments(Map.of(), List.of()), "delete it?"))
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll("delete it?", "--yes");
    }

    @Test
    void aFailureDoesNotKeepTheOthersFromBeingDone() {
        RecordedOutput out = new RecordedOutput();
        List<String> done = new ArrayList<>();
        assertThatThrownBy(() ->
                        Asking.each(new Session(null, out, null), List.of("a", "bad-1", "b", "bad-2", "c"), name -> {
                            if (name.startsWith("bad")) {
                                throw new KafkaException.InvalidRequest(name + " is refused");
                            }
                            done.add(name);
                        }))
                .hasMessage("bad-1 is refused");
        assertThat(done).containsExactly("a", "b", "c");
        assertThat(out.notes).containsExactly("bad-2 is refused");
    }
}
