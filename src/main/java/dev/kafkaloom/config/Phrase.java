package dev.kafkaloom.config;

import java.util.List;

/**
 * Something to be said to a person whose language is not known yet: a key of the message bundles and what is filled in. Immutable.
 *
 * @param values texts, numbers (written without grouping) or other phrases
 */
public record Phrase(String key, List<Object> values) {
    /** Copies the values. */
    public Phrase {
        values = List.copyOf(values);
    }

    /** A phrase of the bundles. */
    public static Phrase of(String key, Object... values) {
        return new Phrase(key, List.of(values));
    }

    /** Words that have no translation. */
    static Phrase plain(String words) {
        return of("plain", words);
    }

    /** Several with commas between them. */
    static Phrase listed(List<Object> several) {
        Phrase all = of("plain", several.getFirst());
        for (Object one : several.subList(1, several.size())) {
            all = of("list", all, one);
        }
        return all;
    }

    /** In English. */
    @Override
    public String toString() {
        return Messages.ENGLISH.text(this);
    }
}
