package dev.kafkaloom.console;

import java.util.List;

/**
 * One option of a command, as data: the shell parses by it, picocli and the completion are told of it.
 *
 * @param names      {@code -t}, {@code --topic}
 * @param label      what its value is called; null for a switch
 * @param repeatable whether it may be given several times
 * @param about      one line for the help
 */
public record Flag(List<String> names, String label, boolean repeatable, String about) {
    public Flag {
        names = List.copyOf(names);
    }

    static Flag value(String names, String label, String about) {
        return new Flag(List.of(names.split(" ")), label, false, about);
    }

    static Flag values(String names, String label, String about) {
        return new Flag(List.of(names.split(" ")), label, true, about);
    }

    static Flag toggle(String names, String about) {
        return new Flag(List.of(names.split(" ")), null, false, about);
    }

    public boolean takesValue() {
        return label != null;
    }

    /** The longest name without its dashes. */
    public String key() {
        return names.getLast().replaceFirst("^-+", "");
    }
}
