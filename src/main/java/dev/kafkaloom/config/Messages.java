package dev.kafkaloom.config;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** What the program says to a person, in the language of APP_LANGUAGE; English where a text has no translation. Immutable. */
public final class Messages {
    private static final ResourceBundle.Control NO_GUESSING =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private final ResourceBundle bundle;
    private final Locale language;

    private Messages(ResourceBundle bundle, Locale language) {
        this.bundle = bundle;
        this.language = language;
    }

    /** The messages in a language, whatever the machine's own is. */
    public static Messages in(Locale language) {
        return new Messages(ResourceBundle.getBundle("messages", language, NO_GUESSING), language);
    }

    /** The message of a key with its places <code>{0}</code>, <code>{1}</code> filled in. */
    public String text(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), language).format(values);
    }
}
