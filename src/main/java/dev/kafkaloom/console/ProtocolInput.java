package dev.kafkaloom.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What a command is given as an argument: the thing itself, {@code @file}, or {@code -} for the standard input. */
final class ProtocolInput {
    private ProtocolInput() {}

    /** Text, such as JSON; several words are one text, as a shell may have split it. */
    static String text(Session session, List<String> words) throws IOException {
        ByteBuffer bytes = elsewhere(session, words);
        return bytes == null
                ? String.join(" ", words)
                : withoutMark(StandardCharsets.UTF_8.decode(bytes).toString());
    }

    /** Bytes: the argument is hex, a file or the standard input is raw unless all of it is hex text. */
    static byte[] bytes(Session session, List<String> words) throws IOException {
        ByteBuffer buffer = buffer(session, words);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** The same; a file of raw bytes is mapped rather than read, for it may be larger than the memory. */
    static ByteBuffer buffer(Session session, List<String> words) throws IOException {
        ByteBuffer bytes = elsewhere(session, words);
        if (bytes == null) {
            return ByteBuffer.wrap(ProtocolHex.parse(String.join(" ", words)));
        }
        return ProtocolHex.isText(bytes)
                ? ByteBuffer.wrap(ProtocolHex.parse(StandardCharsets.US_ASCII.decode(bytes)))
                : bytes;
    }

    /** Without the mark that editors on Windows put before UTF-8. */
    static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    static InputStream stdin(Session session, String what) {
        if (session.stdin() == null) {
            throw new UsageException(
                    "there is no standard input here for " + what + ": use bin/kafka-client in a pipe, without rpc");
        }
        return session.stdin();
    }

    private static ByteBuffer elsewhere(Session session, List<String> words) throws IOException {
        if (words.equals(List.of("-"))) {
            return ByteBuffer.wrap(stdin(session, "-").readAllBytes());
        }
        String word = words.getFirst();
        return words.size() == 1 && word.startsWith("@") && word.length() > 1
                ? mapped(Path.of(word.substring(1)))
                : null;
    }

    private static ByteBuffer mapped(Path path) throws IOException {
        Path file = path.toAbsolutePath(); // a daemon asked by rpc looks in its own folder
        if (Files.isDirectory(file)) {
            throw new UsageException(file + " is a folder, not a file");
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            return ByteBuffer.wrap(Files.readAllBytes(file)); // a pipe, such as the shell's <(...)
        }
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new UsageException(file + " is larger than 2 GiB: cut it into pieces");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }
}
