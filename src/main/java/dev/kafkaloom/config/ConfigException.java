package dev.kafkaloom.config;

/** A configuration that cannot be used. The message is one line: where (file and line), which key, what is wrong, what is allowed. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(String where, String key, String what) {
        super(oneLine(where + ": " + (key.isEmpty() ? "" : key + ": ") + what));
    }

    ConfigException(String where, String key, String what, Throwable cause) {
        this(where, key, what);
        initCause(cause);
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
