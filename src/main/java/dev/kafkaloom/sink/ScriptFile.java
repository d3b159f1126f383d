package dev.kafkaloom.sink;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;

/**
 * Compiles and runs a .jsh file in this process, and takes the sink that it registers. It is read as the jshell tool reads it, line by
 * line; of the tool's commands only {@code /exit} is known. What is wrong is told with file and line.
 */
final class ScriptFile {
    private static final long MOST_BYTES = 1 << 20;
    private static final int SHOWN = 3;
    private static final List<String> PRELUDE = List.of(
            "import java.io.*;",
            "import java.nio.file.*;",
            "import java.time.*;",
            "import java.util.*;",
            "import java.util.concurrent.*;",
            "import dev.kafkaloom.protocol.TopicPartition;",
            "import dev.kafkaloom.record.*;",
            "import dev.kafkaloom.sink.*;",
            "import static java.nio.charset.StandardCharsets.UTF_8;",
            "import static dev.kafkaloom.sink.SinkScript.*;",
            "SinkScript $script = SinkScript.current();",
            "void sink(Sink sink) { $script.sink(sink); }",
            "void print(Object line) { $script.print(String.valueOf(line)); }",
            "String option(String name, String otherwise) { return $script.option(name, otherwise); }",
            "void send(String topic, byte[] key, byte[] value) throws InterruptedException { $script.send(topic, key, value); }");

    private final Path file;
    private final JShell shell;
    private final Map<String, Integer> firstLines = new HashMap<>(); // of the snippets, by their ids
    private final List<DeclarationSnippet> incomplete = new ArrayList<>();

    private ScriptFile(Path file, JShell shell) {
        this.file = file;
        this.shell = shell;
    }

    /**
     * Runs it.
     *
     * @throws IllegalArgumentException saying what is wrong with it, and in which line
     */
    static Sink open(Path file, SinkContext context) throws IOException {
        List<String> lines = read(file);
        ScriptLoader loader = new ScriptLoader(Sink.class.getClassLoader());
        SinkScript script = new SinkScript(context);
        try (JShell shell = JShell.builder()
                .executionEngine(loader.inThisProcess(), Map.of())
                .compilerOptions("--class-path", classPath())
                .build()) {
            ScriptFile running = new ScriptFile(file, shell);
            script.loading(() -> running.run(lines));
        }
        if (script.registered() == null) {
            throw wrong(
                    file.toString(),
                    "registers no sink; it has to call sink(...), for example sink(each(record -> ...))");
        }
        return script.registered();
    }

    private static List<String> read(Path file) throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw wrong(file.toString(), "is larger than " + MOST_BYTES + " bytes; is it a script?");
            }
            return Files.readAllLines(file);
        } catch (NoSuchFileException _) {
            throw wrong(file.toString(), "there is no such file");
        } catch (CharacterCodingException _) {
            throw wrong(file.toString(), "is not UTF-8");
        }
    }

    /** The program's own, and where these classes are from, which under a test's or container's class loader is not on it. */
    private static String classPath() {
        Set<String> entries = new LinkedHashSet<>(
                List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        for (Class<?> type : List.of(
                Sink.class, dev.kafkaloom.record.ConsumedRecord.class, dev.kafkaloom.protocol.TopicPartition.class)) {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            if (source != null && source.getLocation() != null) {
                try {
                    entries.add(Path.of(source.getLocation().toURI()).toString());
                } catch (URISyntaxException | IllegalArgumentException _) {
                    // not a file; then the compiler cannot read it either
                }
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private void run(List<String> lines) {
        PRELUDE.forEach(source -> eval(source, 0));
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        String rest = "";
        int first = 1; // line of the rest
        for (int line = 1; line <= lines.size(); line++) {
            String text = lines.get(line - 1);
            if (rest.isBlank()) {
                first = line;
                if (isCommand(text)) {
                    if (text.strip().equals("/exit")) {
                        break;
                    }
                    throw wrong(
                            file + ":" + line,
                            text.strip() + " is a command of the jshell tool; only /exit is known here");
                }
            }
            rest = rest.isBlank() ? text + "\n" : rest + text + "\n";
            SourceCodeAnalysis.CompletionInfo info = analysis.analyzeCompletion(rest);
            while (info.completeness().isComplete()) {
                eval(info.source(), first);
                rest = info.remaining();
                first = line;
                info = analysis.analyzeCompletion(rest);
            }
            if (info.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
                rest = "";
            }
        }
        if (!rest.isBlank()) {
            throw wrong(file + ":" + first, "what begins in this line has no end");
        }
        incomplete.forEach(this::checkComplete);
    }

    private static boolean isCommand(String line) {
        String text = line.strip();
        return text.startsWith("/") && !text.startsWith("//") && !text.startsWith("/*");
    }

    /** @param line that the source begins in; 0 for what is not of the file */
    private void eval(String source, int line) {
        for (SnippetEvent event : shell.eval(source)) {
            Snippet snippet = event.snippet();
            firstLines.put(snippet.id(), line);
            switch (event.status()) {
                case REJECTED -> throw rejected(snippet, line);
                case RECOVERABLE_DEFINED, RECOVERABLE_NOT_DEFINED -> {
                    if (snippet instanceof DeclarationSnippet declaration) {
                        incomplete.add(declaration);
                    }
                }
                default -> {
                    // defined, or replaced by this one
                }
            }
            if (event.exception() != null) {
                throw thrown(event.exception(), line);
            }
        }
    }

    private IllegalArgumentException rejected(Snippet snippet, int line) {
        List<Diag> errors = shell.diagnostics(snippet).filter(Diag::isError).toList();
        String told = errors.stream()
                .limit(SHOWN)
                .map(error -> error.getMessage(Locale.ENGLISH)
                        .lines()
                        .map(String::strip)
                        .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
        int within = errors.isEmpty()
                ? 0
                : breaksBefore(snippet.source(), errors.getFirst().getPosition());
        return wrong(file + ":" + (line + within), told);
    }

    private static int breaksBefore(String source, long position) {
        return (int) source.chars()
                .limit(Math.max(0, position))
                .filter(c -> c == '\n')
                .count();
    }

    private IllegalArgumentException thrown(JShellException exception, int line) {
        String what = exception instanceof EvalException eval
                ? eval.getExceptionClassName() + (eval.getMessage() == null ? "" : ": " + eval.getMessage())
                : String.valueOf(exception.getMessage());
        int at = line;
        for (StackTraceElement frame : exception.getStackTrace()) {
            String source = String.valueOf(frame.getFileName());
            if (source.startsWith("#") && firstLines.getOrDefault(source.substring(1), 0) > 0) {
                at = firstLines.get(source.substring(1)) + frame.getLineNumber() - 1;
                break;
            }
        }
        return wrong(file + ":" + at, what);
    }

    /** A method or class may use what is declared after it; at the end everything has to be there. */
    private void checkComplete(DeclarationSnippet snippet) {
        List<String> missing = shell.unresolvedDependencies(snippet).toList();
        if (!missing.isEmpty() || shell.status(snippet) == Snippet.Status.RECOVERABLE_DEFINED) {
            throw wrong(
                    file + ":" + firstLines.get(snippet.id()),
                    snippet.name() + " uses what is not declared: " + String.join(", ", missing));
        }
    }

    private static IllegalArgumentException wrong(String where, String what) {
        return new IllegalArgumentException("sinker.script: " + where + ": " + what);
    }
}
