package dev.kafkaloom.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a command is given as an argument: the thing itself, {@code @file}, or {@code -} for the standard input. */
final class ProtocolInput {
    private ProtocolInput() {}

    /** Text, such as JSON; several words are one text, as a shell may have split it. */
    static String text(Session session, List<String> words) throws IOException {
        byte[] bytes = elsewhere(session, words);
        return bytes == null ? String.join(" ", words) : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Bytes: the argument is hex, a file or the standard input is raw unless all of it is hex text. */
    static byte[] bytes(Session session, List<String> words) throws IOException {
        byte[] bytes = elsewhere(session, words);
        if (bytes == null) {
            return ProtocolHex.parse(String.join(" ", words));
        }
        return ProtocolHex.isText(bytes) ? ProtocolHex.parse(new String(bytes, StandardCharsets.US_ASCII)) : bytes;
    }

    static InputStream stdin(Session session, String what) {
        if (session.stdin() == null) {
            throw new UsageException(
                    "there is no standard input here for " + what + ": use bin/kafka-client in a pipe");
        }
        return session.stdin();
    }

    private static byte[] elsewhere(Session session, List<String> words) throws IOException {
        if (words.equals(List.of("-"))) {
            return stdin(session, "-").readAllBytes();
        }
        String word = words.getFirst();
        return words.size() == 1 && word.startsWith("@") && word.length() > 1
                ? Files.readAllBytes(Path.of(word.substring(1)))
                : null;
    }
}
