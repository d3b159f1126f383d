package dev.kafkaloom.sink;

import java.util.Objects;

/**
 * A setting {@code sinker.option.<name>} of a sink. A name that ends in {@code .*} stands for any name that begins so.
 *
 * @param name without {@code sinker.option.}
 * @param about what it does, in a few words
 * @param defaultValue what holds where it is not given; null when it must be given
 * @param secret whether its value must not be shown
 */
public record SinkOption(String name, String about, String defaultValue, boolean secret) {
    public SinkOption {
        Objects.requireNonNull(name);
        Objects.requireNonNull(about);
    }

    /** One that must be given. */
    public static SinkOption required(String name, String about) {
        return new SinkOption(name, about, null, false);
    }

    /** One that may be left out. */
    public static SinkOption of(String name, String about, String defaultValue) {
        return new SinkOption(name, about, Objects.requireNonNull(defaultValue), false);
    }

    /** The same, but its value is never shown. */
    public SinkOption hidden() {
        return new SinkOption(name, about, defaultValue, true);
    }

    /** Whether a setting of that name is meant. */
    public boolean matches(String given) {
        return name.endsWith(".*")
                ? given.length() >= name.length() && given.startsWith(name.substring(0, name.length() - 1))
                : given.equals(name);
    }
}
