package dev.kafkaloom.console;

import java.util.List;

/** A command whose work fits into one method. */
record SmallCommand(String name, String summary, Usage usage, Work work) implements Command {
    interface Work {
        int run(Session session, Arguments arguments) throws Exception;
    }

    @Override
    public int run(Session session, List<String> args) throws Exception {
        return work.run(session, usage.parse(args));
    }
}
