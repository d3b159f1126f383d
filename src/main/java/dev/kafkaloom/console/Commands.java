package dev.kafkaloom.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands by name. Immutable. */
public final class Commands {
    private final List<Command> commands;
    private final Map<String, Command> byName = new LinkedHashMap<>();

    public Commands(List<Command> commands) {
        this.commands = List.copyOf(commands);
        for (Command command : commands) {
            byName.put(command.name(), command);
            command.aliases().forEach(alias -> byName.put(alias, command));
        }
    }

    public List<Command> all() {
        return commands;
    }

    /** By its name or an alias. */
    public Optional<Command> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Runs a line that was split into words already. */
    public int run(Session session, List<String> words) throws Exception {
        if (words.isEmpty()) {
            throw new UsageException("no command given");
        }
        String name = words.getFirst();
        Command command = find(name).orElseThrow(() -> new UsageException("unknown command '" + name + "': try help"));
        int code = command.run(session, words.subList(1, words.size()));
        session.out().flush();
        return code;
    }
}
