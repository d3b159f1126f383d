package dev.kafkaloom.sink;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The child process of {@link ExecSinkTest}, an example of one in Java. The record's value tells it what to do: {@code retry}, {@code reject},
 * {@code silent}, {@code junk}, or {@code die}, once. All else is done, and noted in the file that is its first argument.
 */
final class ExecTestChild {
    private static final Pattern FIELDS = Pattern.compile("\\{\"seq\":([0-9]+),.*\"value\":\"([^\"]*)\".*");

    private final Path notes;

    private ExecTestChild(Path notes) {
        this.notes = notes;
    }

    public static void main(String[] args) throws Exception {
        ExecTestChild child = new ExecTestChild(Path.of(args[0]));
        child.note("start " + String.join(" ", List.of(args).subList(1, args.length)));
        switch (args.length > 1 ? args[1] : "") {
            case "mute" -> {
                System.out.close();
                Thread.sleep(Long.MAX_VALUE);
            }
            case "stays" -> {
                child.serve();
                Thread.sleep(Long.MAX_VALUE);
            }
            default -> {
                child.serve();
                child.note("end");
            }
        }
    }

    private void serve() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Matcher fields = FIELDS.matcher(line);
            if (!fields.matches()) {
                throw new IOException("not what was expected: " + line);
            }
            String answer = answer(fields.group(2));
            if (!answer.isEmpty()) {
                System.out.println(fields.group(1) + " " + answer);
                System.out.flush();
            }
        }
    }

    private String answer(String value) throws IOException {
        return switch (value) {
            case "retry" -> "retry 70 the till is closed";
            case "reject" -> "reject no such customer";
            case "silent" -> "";
            case "junk" -> {
                System.out.println("hello\n99999 done\n");
                yield "done";
            }
            case "die" -> {
                dieOnce();
                yield "done";
            }
            default -> {
                note(value);
                yield "done";
            }
        };
    }

    private void dieOnce() throws IOException {
        if (!Files.readString(notes).contains("die")) {
            note("die");
            System.err.println("cannot go on");
            System.exit(3);
        }
    }

    private void note(String text) throws IOException {
        Files.writeString(notes, text.strip() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
