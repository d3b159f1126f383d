package dev.kafkaloom.console;

import java.util.ArrayList;
import java.util.List;

/** Every command there is, in the order of the help. */
public final class StandardCommands {
    private StandardCommands() {}

    public static Commands create() {
        List<Command> commands = new ArrayList<>();
        commands.addAll(GroupCommands.all());
        commands.addAll(ClusterCommands.all());
        commands.addAll(ProcessCommands.all());
        commands.add(new ProduceCommand());
        commands.add(new ConsumeCommand());
        commands.add(ProcessCommands.help(List.copyOf(commands)));
        return new Commands(commands);
    }
}
