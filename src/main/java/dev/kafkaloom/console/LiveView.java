package dev.kafkaloom.console;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp;
import org.jline.utils.NonBlockingReader;

/**
 * {@code watch}: runs a command again and again and redraws its answers in place, until a key is hit. Belongs to the thread that
 * shows it; Ctrl-C reaches it as an interrupt.
 */
final class LiveView {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final TypedLine line;
    private final Duration period;

    private LiveView(TypedLine line, Duration period) {
        this.line = line;
        this.period = period;
    }

    /** Reads {@code <command> ... [seconds]}. */
    static LiveView of(Commands commands, List<String> words) {
        if (words.isEmpty()) {
            throw new UsageException("watch what? watch <command> [seconds]");
        }
        String last = words.getLast();
        boolean timed = words.size() > 1 && last.matches("\\d+(\\.\\d+)?");
        TypedLine line = TypedLine.of(commands, timed ? words.subList(0, words.size() - 1) : words);
        List<String> args = line.words().subList(1, line.words().size());
        if (!commands.find(line.words().getFirst())
                .map(it -> it.watchable(args))
                .orElse(true)) {
            throw new UsageException(String.join(" ", line.words()) + " cannot be watched: type it without watch");
        }
        long millis = timed ? Math.max(100, Math.round(Double.parseDouble(last) * 1000)) : PERIOD.toMillis();
        return new LiveView(line, Duration.ofMillis(millis));
    }

    void show(Terminal terminal, CommandRunner runner) throws Exception {
        boolean dumb = terminal.getType().startsWith(Terminal.TYPE_DUMB);
        Display display = new Display(terminal, false);
        Attributes before = terminal.enterRawMode();
        try {
            Size size = terminal.getSize();
            do {
                signals(terminal, true); // a command that hangs has to end on Ctrl-C
                List<String> lines = linesOf(runner);
                signals(terminal, false); // as a key
                if (dumb) {
                    lines.forEach(terminal.writer()::println);
                    terminal.flush();
                } else {
                    draw(terminal, display, lines, size);
                    size = terminal.getSize();
                }
            } while (!keyHit(terminal));
        } finally {
            terminal.setAttributes(before);
            terminal.writer().println();
            terminal.flush();
        }
    }

    private static void signals(Terminal terminal, boolean on) {
        Attributes attributes = terminal.getAttributes();
        attributes.setLocalFlag(Attributes.LocalFlag.ISIG, on);
        terminal.setAttributes(attributes);
    }

    private List<String> linesOf(CommandRunner runner) throws Exception {
        Collected collected = new Collected(line.format());
        int code = runner.run(line.words(), collected);
        if (code != 0) {
            collected.note("exit code " + code);
        }
        collected.note("-- every " + period.toMillis() / 1000.0 + " s, any key ends --");
        return collected.lines;
    }

    private static void draw(Terminal terminal, Display display, List<String> lines, Size drawnOn) {
        Size size = terminal.getSize();
        if (!size.equals(drawnOn)) { // what was drawn is broken into other lines now: begin anew
            terminal.puts(InfoCmp.Capability.clear_screen);
            display.clear();
        }
        int rows = size.getRows() > 1 ? size.getRows() : 24; // a terminal that does not say: the usual size
        int columns = size.getColumns() > 1 ? size.getColumns() : 80;
        List<String> fitting = new ArrayList<>(lines.size() < rows ? lines : lines.subList(0, rows - 1));
        fitting.set(fitting.size() - 1, lines.getLast()); // how to end it is seen in a small window too
        display.resize(Size.of(columns, rows));
        List<AttributedString> drawn = fitting.stream()
                .map(line -> new AttributedString(line).columnSubSequence(0, columns - 1))
                .toList();
        display.update(drawn, -1);
    }

    private boolean keyHit(Terminal terminal) throws IOException, InterruptedException {
        int key = terminal.reader().read(period.toMillis());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return key != NonBlockingReader.READ_EXPIRED;
    }

    private static final class Collected implements Output {
        private final Format format;
        private final List<String> lines = new ArrayList<>();

        private Collected(Format format) {
            this.format = format;
        }

        @Override
        public void show(Answer answer) {
            lines.addAll(format.render(answer).lines().toList());
        }

        @Override
        public void note(String line) {
            lines.add(line);
        }
    }
}
