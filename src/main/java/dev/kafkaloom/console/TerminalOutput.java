package dev.kafkaloom.console;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.utils.NonBlockingReader;

/** Results and remarks to the terminal of the shell. */
final class TerminalOutput implements Output {
    private static final long GLANCE = 100; // ms until an interrupt is noticed

    private final Terminal terminal;
    private final Format format;

    TerminalOutput(Terminal terminal, Format format) {
        this.terminal = terminal;
        this.format = format;
    }

    @Override
    public void show(Answer answer) throws IOException {
        if (answer instanceof Raw(byte[] bytes)) {
            terminal.writer().flush();
            terminal.output().write(bytes);
            terminal.output().flush();
        } else {
            terminal.writer().println(format.render(answer));
        }
    }

    @Override
    public void note(String line) {
        terminal.writer().println(line);
    }

    /** The terminal is not in raw mode while a command runs: it echoes and edits the line by itself. */
    @Override
    public Optional<String> ask(String question) throws IOException {
        terminal.writer().print(question);
        terminal.flush();
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = terminal.reader().read(GLANCE);
            if (Thread.interrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            if (next == '\n' || next == '\r' || next == NonBlockingReader.EOF) {
                return Optional.of(line.toString());
            }
            if (next != NonBlockingReader.READ_EXPIRED) {
                line.append((char) next);
            }
        }
    }

    @Override
    public void flush() {
        terminal.flush();
    }
}
