package dev.kafkaloom.console;

import java.util.List;

/** A command that does what the test says. */
record ScriptedCommand(String name, Script script) implements Command {
    interface Script {
        int run(Session session) throws Exception;
    }

    @Override
    public String summary() {
        return "scripted";
    }

    @Override
    public int run(Session session, List<String> args) throws Exception {
        return script.run(session);
    }
}
