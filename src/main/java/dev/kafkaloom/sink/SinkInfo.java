package dev.kafkaloom.sink;

import java.util.List;

/**
 * A sink that {@code sinker} can name.
 *
 * @param name what {@code sinker} has to say
 * @param summary in one line
 * @param options its settings
 * @param builtIn false for one that a jar on the class path brought along
 */
public record SinkInfo(String name, String summary, List<SinkOption> options, boolean builtIn) {
    /** Copies the options. */
    public SinkInfo {
        options = List.copyOf(options);
    }
}
