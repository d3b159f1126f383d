package dev.kafkaloom.console;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Results to one stream, remarks to another: the output of a one-shot command. Not thread-safe. */
public final class StreamOutput implements Output {
    private static final String ERASE_REST = "\u001b[K"; // of the line

    private final OutputStream out;
    private final PrintStream notes;
    private final Format format;
    private InputStream person; // null where none can be asked
    private PrintStream questions;
    private PrintStream live; // null where progress disturbs
    private boolean telling; // whether the last line there is one of progress

    /**
     * @param out   gets UTF-8, buffered until {@link #flush()}; an unbuffered stream tells when the reader has gone
     * @param notes null to drop remarks
     */
    public StreamOutput(OutputStream out, PrintStream notes, Format format) {
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.notes = notes;
        this.format = format;
    }

    /** There is somebody to be asked: {@code answers} are what is typed, questions go to {@code on}. */
    public StreamOutput asking(InputStream answers, PrintStream on) {
        person = answers;
        questions = on;
        return this;
    }

    /** A person looks at the remarks, which are a terminal, and not at the results. */
    public StreamOutput telling() {
        live = notes;
        return this;
    }

    @Override
    public void progress(String line) {
        if (live != null && (telling || !line.isEmpty())) {
            live.print("\r" + line + ERASE_REST);
            live.flush();
            telling = !line.isEmpty();
        }
    }

    @Override
    public Optional<String> ask(String question) throws IOException {
        if (person == null) {
            return Optional.empty();
        }
        flush();
        questions.print(question);
        questions.flush();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = person.read(); next >= 0 && next != '\n'; next = person.read()) {
            line.write(next);
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void show(Answer answer) throws IOException {
        byte[] bytes = answer instanceof Raw(byte[] raw)
                ? raw
                : (format.render(answer) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw OutputGone.of(e);
        }
    }

    @Override
    public void note(String line) {
        if (notes != null) {
            progress("");
            notes.println(line);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw OutputGone.of(e);
        }
    }
}
