package dev.kafkaloom.console;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One run of {@code protocol}, without a program around it.
 */
record ProtocolRun(int code, List<Answer> answers, List<String> notes) {
    static ProtocolRun of(String... words) throws Exception {
        return run(null, words);
    }

    static ProtocolRun fed(String stdin, String... words) throws Exception {
        return run(stdin.getBytes(StandardCharsets.UTF_8), words);
    }

    static ProtocolRun run(byte[] stdin, String... words) throws Exception {
        RecordedOutput out = new RecordedOutput();
        Session session = new Session(null, out, stdin == null ? null : new ByteArrayInputStream(stdin));
        int code = new ProtocolCommand().run(session, List.of(words));
        return new ProtocolRun(code, List.copyOf(out.answers), List.copyOf(out.notes));
    }

    String text() {
        return answers.stream().map(Format.TABLE::render).collect(Collectors.joining("\n"));
    }

    List<String> json() {
        return answers.stream().map(Format.JSON::render).toList();
    }

    /** The only answer as data. */
    Object data() throws Exception {
        return Json.read(json().getFirst());
    }
}
