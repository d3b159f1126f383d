package dev.kafkaloom.console;

import java.util.List;

/** Something that can be typed. Knows no terminal and no command line library; may be run by several threads at once. */
public interface Command {
    String name();

    /** One line for the help. */
    String summary();

    /**
     * Runs until done or interrupted.
     *
     * @param args the words behind the name
     * @return 0 when it did what was asked, 1 when not (and the answers tell why)
     * @throws Exception anything that {@link Failure#of} turns into one line
     */
    int run(Session session, List<String> args) throws Exception;

    /** The options it understands. */
    default Usage usage() {
        return Usage.NONE;
    }

    /** Whether its answer is a state that can be looked at again and again: it ends by itself, and changes nothing. */
    default boolean watchable() {
        return true;
    }

    /** The same of a whole line: what is behind the name may make a difference. */
    default boolean watchable(List<String> args) {
        return watchable();
    }

    /** Command lines that show how it is used, for the help. */
    default List<String> examples() {
        return List.of();
    }

    /**
     * What the next plain argument is called, for the completion; null when there is none.
     *
     * @param before the plain arguments before it
     */
    default String argument(List<String> before) {
        return usage().argument();
    }

    /** Further names. */
    default List<String> aliases() {
        return List.of();
    }
}
