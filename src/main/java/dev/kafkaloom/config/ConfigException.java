package dev.kafkaloom.config;

import java.util.Locale;

/** A configuration that cannot be used. The message is one line: where (file and line), which key, what is wrong, what is allowed. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String where;
    private final String key;
    private final transient Phrase what;

    ConfigException(String where, String key, Phrase what) {
        this(where, key, what, null);
    }

    ConfigException(String where, String key, Phrase what, Throwable cause) {
        this(Messages.ENGLISH, where, key, what, cause);
    }

    private ConfigException(Messages messages, String where, String key, Phrase what, Throwable cause) {
        super(line(messages, where, key, what), cause);
        this.where = where;
        this.key = key;
        this.what = what;
    }

    /** The same in another language. */
    ConfigException in(Messages messages) {
        return new ConfigException(messages, where, key, what, this);
    }

    private static String line(Messages messages, String where, String key, Phrase what) {
        String place = place(messages, where);
        String text = key.isEmpty()
                ? messages.text("config.line", place, what)
                : messages.text("config.line.key", place, key, what);
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /** A file and its line are called the same everywhere. */
    static String place(Messages messages, String where) {
        return messages.textOr("config.place." + where.toLowerCase(Locale.ROOT).replace(' ', '-'), where);
    }
}
