package dev.kafkaloom.console;

import dev.kafkaloom.config.ConfigException;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;

/**
 * What a person is told when something went wrong.
 *
 * @param exitCode 1 failed at run time, 2 usage or configuration
 * @param line     one line, without a stack trace; nothing in it steers the terminal, whatever the broker or the user has said
 */
public record Failure(int exitCode, String line) {
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    public Failure {
        line = TableText.cell(line);
    }

    /** Finds the words for anything thrown. */
    public static Failure of(Throwable thrown) {
        return switch (thrown) {
            case UsageException usage -> new Failure(USAGE, usage.getMessage());
            case ConfigException config -> new Failure(USAGE, config.getMessage());
            case KafkaException.BrokerError error
            when error.code() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION ->
                new Failure(FAILED, error.oneLine() + "; topics create makes a topic");
            case KafkaException kafka -> new Failure(FAILED, kafka.oneLine());
            case RpcClient.RemoteFailure remote -> new Failure(remote.exitCode(), remote.getMessage());
            case InterruptedException _ -> new Failure(FAILED, "interrupted");
            case ExecutionException wrapper when wrapper.getCause() != null -> of(wrapper.getCause());
            case NoSuchFileException file -> new Failure(FAILED, "no such file: " + file.getFile());
            case AccessDeniedException file -> new Failure(FAILED, "no access to " + file.getFile());
            case IOException io when io.getMessage() != null -> new Failure(FAILED, firstLine(io.getMessage()));
            case OutOfMemoryError memory ->
                new Failure(
                        FAILED,
                        "out of memory (" + memory.getMessage() + "): KAFKA_LOOM_OPTS=-Xmx2g gives more, a smaller"
                                + " fetch.max.buffered.bytes needs less");
            default -> new Failure(FAILED, firstLine(String.valueOf(thrown)));
        };
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
