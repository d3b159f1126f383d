package dev.kafkaloom.console;

import java.io.IOException;
import org.jline.terminal.Terminal;

/** Results and remarks to the terminal of the shell. */
final class TerminalOutput implements Output {
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

    @Override
    public void flush() {
        terminal.flush();
    }
}
