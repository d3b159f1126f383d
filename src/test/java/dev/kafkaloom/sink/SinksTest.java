package dev.kafkaloom.sink;

import static dev.kafkaloom.sink.SinkRecords.context;
import static dev.kafkaloom.sink.SinkRecords.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Scope;
import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinksTest {
    /** One that somebody's jar brings along. */
    public static final class Foreign implements SinkProvider {
        @Override
        public String name() {
            return "foreign";
        }

        @Override
        public String summary() {
            return "of a jar";
        }

        @Override
        public List<SinkOption> options() {
            return List.of(SinkOption.required("place", "where to"), SinkOption.of("tag.*", "what to add", ""));
        }

        @Override
        public Sink open(SinkContext context) {
            return _ -> new Sink.Outcome.Reject(List.of(), context.options().get("place"));
        }
    }

    /** One that is called like a built-in one. */
    public static final class Impostor implements SinkProvider {
        @Override
        public String name() {
            return "stdout";
        }

        @Override
        public String summary() {
            return "";
        }

        @Override
        public Sink open(SinkContext context) {
            throw new IllegalStateException();
        }
    }

    @TempDir
    private Path jar;

    private final Scope scope = Scope.open("test");

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void aSinkOnTheClassPathIsFoundByItsName() throws Exception {
        Sink sink = Sinks.open(
                "foreign", null, context(jar, scope, "place", "there", "tag.a", "b"), jar(Foreign.class.getName()));

        assertThat(sink.accept(records(1, 1))).isEqualTo(new Sink.Outcome.Reject(List.of(), "there"));
    }

    @Test
    void allThatCanBeNamedIsListedWithItsOptions() throws Exception {
        List<SinkInfo> known = Sinks.known(jar(Foreign.class.getName()));

        assertThat(known)
                .filteredOn(SinkInfo::builtIn)
                .extracting(SinkInfo::name)
                .containsExactly("exec", "forward", "http", "json", "stdout");
        assertThat(known).contains(new SinkInfo("foreign", "of a jar", new Foreign().options(), false));
    }

    @Test
    void anUnknownNameSaysWhatThereIsAndWhatCouldNotBeLoaded() throws Exception {
        ClassLoader loader = jar("no.such.Provider", Impostor.class.getName(), Foreign.class.getName());

        assertThatThrownBy(() -> Sinks.open("stdou", null, context(jar, scope), loader))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sinker: there is no sink \"stdou\", only ")
                .hasMessageContaining("exec, foreign, forward, ")
                .hasMessageContaining("no.such.Provider")
                .hasMessageContaining("Impostor names its sink stdout like one that is built in");
    }

    @Test
    void theNameOfAClassIsNoName() {
        assertThatThrownBy(() -> Sinks.open(Foreign.class.getName(), null, context(jar, scope)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sinker: there is no sink");
    }

    @Test
    void stdoutWritesToWhereResultsGo() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        Sinks.open("stdout", null, context(jar, scope, out, null)).accept(records(1, 1));

        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8)).isEqualTo("orders-3@1 k v1\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stdout|colour|red|sinker.option.colour: the sink stdout has no options",
                "json|fil|a|sinker.option.fil: the sink json has no such option, only file, max.bytes, max.files, fsync",
                "json|fsync|true|sinker.option.file must be given: where the lines go",
                "exec|command|' '|sinker.option.command must be given: the program and its arguments; quotes keep blanks",
                "exec|command|a 'b|sinker.option.command: \"a 'b\" has a quote without its end",
            })
    void aWrongOptionIsToldByName(String sink, String name, String value, String told) {
        assertThatThrownBy(() -> Sinks.open(sink, null, context(jar, scope, name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(told);
    }

    @ParameterizedTest
    @CsvSource({"x,is not a number of bytes", "0,must be at least 1 byte", "9999999999999g,fewer than 2^63"})
    void aWrongSizeIsTold(String size, String told) {
        assertThatThrownBy(() -> Sinks.open("json", null, context(jar, scope, "file", "a", "max.bytes", size)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sinker.option.max.bytes: \"" + size + "\" ")
                .hasMessageContaining(told);
    }

    @Test
    void quotesKeepBlanksTogetherAndNothingElseHasAMeaning() {
        Options options = new Options(
                context(jar, scope, "command", " a  \"b c\"'d e'f $HOME * ''  "),
                List.of(SinkOption.required("command", "")));

        assertThat(options.words("command")).containsExactly("a", "b cd ef", "$HOME", "*", "");
    }

    private ClassLoader jar(String... providers) throws Exception {
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.write(services.resolve(SinkProvider.class.getName()), List.of(providers));
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, SinksTest.class.getClassLoader());
    }
}
