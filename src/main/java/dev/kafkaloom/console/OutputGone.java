package dev.kafkaloom.console;

import java.io.IOException;
import java.util.regex.Pattern;

/** Whoever read the results has gone, as {@code head} does when it has enough. */
public final class OutputGone extends IOException {
    private static final Pattern BROKEN_PIPE =
            Pattern.compile("(?i)pipe|\u7ba1\u9053"); // as the system says it, en and zh

    private OutputGone(IOException cause) {
        super("nobody reads the results any more", cause);
    }

    /** What a failed write means: only a pipe without a reader is an end, a full disk is an error. */
    static IOException of(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        return BROKEN_PIPE.matcher(message).find()
                ? new OutputGone(cause)
                : new IOException("cannot write the results: " + message, cause);
    }
}
