package dev.kafkaloom.console;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOError;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interactive console: reads lines, runs each on a coroutine of its own, prints what it answers. Ctrl-C clears the line, or
 * interrupts the command that runs; Ctrl-D and {@code exit} leave. {@link #run(String)} belongs to one thread, the other methods may be
 * called from any.
 */
public final class Shell implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shell.class);
    private static final String PROMPT = "kafka> ";
    private static final int LITTLE = 5;
    private static final Duration GLANCE = Duration.ofMillis(500);
    private static final Duration FOREVER = Duration.ofDays(365);

    private final Terminal terminal;
    private final CommandRunner runner;
    private final Commands commands;
    private final LineReader reader;
    private final Scope scope;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private Thread inputThread; // while it reads; guarded by ended
    private volatile boolean busy;
    private volatile boolean verbose;
    private volatile Supplier<List<ConnectionFrames>> evidence = List::of;
    private volatile RecordFeed feed;
    private final AtomicBoolean showing = new AtomicBoolean();

    /**
     * @param terminal belongs to the shell from now on
     * @param history  the file that keeps what was typed; null for none
     */
    public Shell(Terminal terminal, CommandRunner runner, Commands commands, Path history, Scope parent) {
        this.terminal = terminal;
        this.runner = runner;
        this.commands = commands;
        this.scope = parent.child("console");
        Completer completer = new ShellCompleter(commands, new Names(runner, scope));
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("kafka-loom")
                .completer(completer)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // a message may well hold a '!'
                .option(LineReader.Option.ERASE_LINE_ON_FINISH, false)
                .variable(LineReader.BELL_STYLE, "none");
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        this.reader = builder.build();
        terminal.handle(
                Terminal.Signal.INT, _ -> LOG.debug("Ctrl-C between two lines")); // by default it ends the process
    }

    /** The terminal this process was started on; a dumb one where there is none. */
    public static Terminal systemTerminal() throws IOException {
        return TerminalBuilder.builder()
                .system(true)
                .dumb(true)
                .nativeSignals(true)
                .build();
    }

    /** Gives it the sink's records to show. */
    public Shell feed(RecordFeed records) {
        feed = records;
        return this;
    }

    /** Errors are shown with their stack traces. */
    public Shell verbose(boolean on) {
        verbose = on;
        return this;
    }

    /** What is shown behind a stack trace: the last frames of the connections that commands run on. */
    public Shell evidence(Supplier<List<ConnectionFrames>> frames) {
        evidence = frames;
        return this;
    }

    /** Reads and runs lines until the user leaves or {@link #leave()} is called. */
    public void run(String banner) {
        synchronized (ended) {
            inputThread = Thread.currentThread();
        }
        if (!banner.isEmpty()) {
            print(banner);
        }
        try {
            readLines();
        } finally {
            leaving.set(true);
            finished();
        }
    }

    private void readLines() {
        while (!leaving.get()) {
            try {
                reader.readLine(PROMPT);
                runLine(reader.getParsedLine().words());
            } catch (UserInterruptException _) {
                // Ctrl-C at the prompt: the line is gone, the next one comes
            } catch (EndOfFileException | IOError _) {
                return; // Ctrl-D, or the terminal has gone, or leave() interrupted the read
            }
        }
    }

    /** Makes {@link #run} return soon; what is typed is dropped. */
    public void leave() {
        leaving.set(true);
        synchronized (ended) {
            if (inputThread != null) {
                inputThread.interrupt();
            }
        }
    }

    /** The interrupt of {@link #leave()} was meant for the reading: what its thread does next must not see it. */
    private void finished() {
        synchronized (ended) {
            if (inputThread == Thread.currentThread() && Thread.interrupted()) {
                LOG.debug("the console was told to end");
            }
            inputThread = null;
        }
        ended.countDown();
    }

    /** Prints a line above the prompt and what is being typed. */
    public void printAbove(String line) {
        if (!leaving.get()) {
            reader.printAbove(line);
        }
    }

    private void runLine(List<String> typed) {
        List<String> words = typed.stream().filter(word -> !word.isEmpty()).toList();
        if (words.isEmpty()) {
            return;
        }
        switch (words.getFirst().toLowerCase(Locale.ROOT)) {
            case "exit", "quit" -> leaving.set(true);
            case "cls" -> {
                terminal.puts(org.jline.utils.InfoCmp.Capability.clear_screen);
                terminal.flush();
            }
            case "records" -> records(words.subList(1, words.size()));
            case "watch" -> watch(words.subList(1, words.size()));
            case "top" -> watch(words);
            default -> run(words);
        }
    }

    private void watch(List<String> words) {
        interruptibly(() -> {
            LiveView.of(commands, words).show(terminal, runner);
            return 0;
        });
    }

    private void run(List<String> words) {
        interruptibly(() -> {
            TypedLine line = TypedLine.of(commands, words);
            return runner.run(line.words(), new TerminalOutput(terminal, line.format()));
        });
    }

    private void records(List<String> words) {
        switch (String.join(" ", words)) {
            case "on" -> showRecords(true);
            case "off" -> showRecords(false);
            default -> print("error: records on, or records off");
        }
    }

    /** Shows some of the records that pass the sink of this process above the prompt, or no longer. */
    public void showRecords(boolean on) {
        if (feed == null) {
            print("error: no sink of this process: consume shows records of a topic");
            return;
        }
        feed.watch(on);
        if (on && !showing.getAndSet(true)) {
            scope.go("console/records", () -> {
                while (true) {
                    Thread.sleep(GLANCE);
                    List<String> lines = feed.glance(LITTLE);
                    if (!busy) { // the terminal is the command's while one runs
                        lines.forEach(this::printAbove);
                    }
                }
            });
        }
    }

    private interface Work {
        int run() throws Exception;
    }

    /** Runs something on a coroutine, so that Ctrl-C can interrupt it without harming the shell. */
    private void interruptibly(Work work) {
        // the handler stands before the command starts: a Ctrl-C in between is kept for it
        CompletableFuture<Coroutine> command = new CompletableFuture<>();
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, _ -> {
            var _ = command.thenAccept(Coroutine::interrupt);
        });
        busy = true;
        try {
            command.complete(scope.go("console/command", () -> perform(work)));
            boolean ended = command.join().join(FOREVER);
            assert ended;
        } catch (InterruptedException _) {
            command.join().interrupt(); // leave() was called
        } finally {
            busy = false;
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    private void perform(Work work) {
        try {
            work.run();
        } catch (Exception e) {
            tell(e);
        }
        terminal.flush();
    }

    private void tell(Exception thrown) {
        if (thrown instanceof InterruptedException || thrown instanceof InterruptedIOException) {
            print("");
            return;
        }
        print("error: " + Failure.of(thrown).line());
        if (verbose) {
            thrown.printStackTrace(terminal.writer());
            if (thrown instanceof KafkaException) {
                FrameText.behind(thrown, evidence.get()).forEach(each -> print(FrameText.of(each)));
            }
        }
    }

    private void print(String line) {
        terminal.writer().println(line);
        terminal.flush();
    }

    @Override
    public void close() throws IOException {
        leave();
        awaitEnd(); // closed under the reader, the terminal would throw at it
        scope.close();
        terminal.close();
    }

    private void awaitEnd() {
        try {
            boolean reads;
            synchronized (ended) {
                reads = inputThread != null && inputThread != Thread.currentThread();
            }
            if (reads && !ended.await(2, TimeUnit.SECONDS)) {
                LOG.debug("the console's reader did not end");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
