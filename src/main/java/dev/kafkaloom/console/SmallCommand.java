package dev.kafkaloom.console;

import java.util.List;

/** A command whose work fits into one method. */
record SmallCommand(String name, String summary, Usage usage, boolean watchable, Work work) implements Command {
    /** One that shows a state. */
    SmallCommand(String name, String summary, Usage usage, Work work) {
        this(name, summary, usage, true, work);
    }

    interface Work {
        int run(Session session, Arguments arguments) throws Exception;
    }

    @Override
    public int run(Session session, List<String> args) throws Exception {
        return work.run(session, usage.parse(args));
    }
}
