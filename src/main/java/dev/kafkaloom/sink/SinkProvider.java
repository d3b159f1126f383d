package dev.kafkaloom.sink;

import java.util.List;

/**
 * Makes a sink that the setting {@code sinker} can name. Found by {@link java.util.ServiceLoader}: a jar with a
 * {@code META-INF/services/dev.kafkaloom.sink.SinkProvider} on the class path is enough. No class name from a configuration is ever loaded.
 */
public interface SinkProvider {
    /** What {@code sinker} has to say: lower case letters, digits and dashes. */
    String name();

    /** One line, for the help. */
    String summary();

    /** The settings {@code sinker.option.<name>} that it reads; any other one that is given is refused at start. */
    default List<SinkOption> options() {
        return List.of();
    }

    /**
     * Makes the sink; called once, at start, before anything is consumed. It validates everything that can be.
     *
     * @throws IllegalArgumentException naming the {@code sinker.option} that is wrong and what is allowed
     */
    Sink open(SinkContext context) throws Exception;
}
