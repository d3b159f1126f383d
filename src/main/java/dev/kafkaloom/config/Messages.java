package dev.kafkaloom.config;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** What the program says to a person, in the language of APP_LANGUAGE; English where a text has no translation. Immutable. */
public final class Messages {
    /** What holds where nobody chose a language. */
    public static final Messages ENGLISH = new Messages(Locale.US);

    private static final ResourceBundle.Control NO_GUESSING =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private final Locale language;

    private Messages(Locale language) {
        this.language = language;
    }

    /** The messages in a language, whatever the machine's own is. */
    public static Messages in(Locale language) {
        return language.equals(Locale.US) ? ENGLISH : new Messages(language);
    }

    /** Whether they are English, of which the code has some texts itself. */
    public boolean english() {
        return this == ENGLISH;
    }

    /** The message of a key with its places <code>{0}</code>, <code>{1}</code> filled in. */
    public String text(String key, Object... values) {
        Object[] words = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            words[i] = values[i] instanceof Phrase phrase ? text(phrase) : String.valueOf(values[i]);
        }
        return new MessageFormat(bundle().getString(key), language).format(words);
    }

    /** A phrase in this language. */
    public String text(Phrase phrase) {
        return text(phrase.key(), phrase.values().toArray());
    }

    /** The text of a key in this language, or these English words where it has none; nothing is filled in. */
    public String textOr(String key, String english) {
        return !english() && bundle().containsKey(key) ? bundle().getString(key) : english;
    }

    /** Read when first asked for, and kept by the class of bundles: most runs say nothing. */
    private ResourceBundle bundle() {
        return ResourceBundle.getBundle("messages", language, NO_GUESSING);
    }
}
