package dev.kafkaloom.console;

import java.util.List;

/** A command whose work fits into one method. */
record SmallCommand(
        String name,
        String summary,
        Usage usage,
        boolean watchable,
        List<String> aliases,
        List<String> examples,
        Work work)
        implements Command {
    /** One that shows a state. */
    SmallCommand(String name, String summary, Usage usage, Work work) {
        this(name, summary, usage, true, work);
    }

    SmallCommand(String name, String summary, Usage usage, boolean watchable, Work work) {
        this(name, summary, usage, watchable, List.of(), List.of(), work);
    }

    interface Work {
        int run(Session session, Arguments arguments) throws Exception;
    }

    /** The same with further names. */
    SmallCommand aka(String... others) {
        return new SmallCommand(name, summary, usage, watchable, List.of(others), examples, work);
    }

    /** The same with lines that show how it is used. */
    SmallCommand suchAs(String... lines) {
        return new SmallCommand(name, summary, usage, watchable, aliases, List.of(lines), work);
    }

    @Override
    public int run(Session session, List<String> args) throws Exception {
        return work.run(session, usage.parse(args));
    }
}
