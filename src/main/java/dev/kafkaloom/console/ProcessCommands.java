package dev.kafkaloom.console;

import dev.kafkaloom.config.Messages;
import dev.kafkaloom.coroutine.CoroutineInfo;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The commands about this process itself. */
final class ProcessCommands {
    private ProcessCommands() {}

    static List<Command> all() {
        return List.of(new SmallCommand(
                "coroutines",
                "every living coroutine, what it does and waits for",
                Usage.NONE,
                ProcessCommands::coroutines));
    }

    private static int coroutines(Session session, Arguments arguments) throws IOException {
        var table = new Table.Builder("name", "scope", "kind", "state", "age", "restarts", "waiting for");
        for (CoroutineInfo each : CoroutineRegistry.snapshot()) {
            table.row(
                    each.name(),
                    each.scope(),
                    each.virtual() ? "virtual" : "platform",
                    each.state(),
                    age(each.age()),
                    each.restarts(),
                    each.waitingFor());
        }
        session.out().show(table.build());
        return 0;
    }

    /** {@code 0.4s}, {@code 59s}, {@code 3m04s}, {@code 5h00m}. */
    static String age(Duration age) {
        long seconds = age.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1fs", age.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds % 3600 / 60);
    }

    /** What {@code help} and {@code help <command>} say; the shell's own words are listed by the shell. */
    static Command help(List<Command> commands, Messages messages) {
        return new SmallCommand(
                "help", "what can be typed", new Usage(List.of(), "COMMAND", 1), (session, arguments) -> {
                    if (arguments.plain().isEmpty()) {
                        session.out().show(overview(commands, messages));
                        return 0;
                    }
                    String name = arguments.plain().getFirst();
                    Command command = new Commands(commands)
                            .find(name)
                            .orElseThrow(() -> new UsageException("unknown command '" + name + "'"));
                    session.out().show(new Text(describe(command)));
                    return 0;
                });
    }

    private static Table overview(List<Command> commands, Messages messages) {
        var table = new Table.Builder("command", "does");
        commands.forEach(command -> table.row(command.name(), command.summary()));
        table.row("help [command]", messages.text("help.help"));
        table.row("watch <command> [seconds]", messages.text("help.watch"));
        table.row("records on|off", messages.text("help.records"));
        table.row("cls", messages.text("help.cls"));
        table.row("exit", messages.text("help.exit"));
        return table.build();
    }

    static String describe(Command command) {
        Usage usage = command.usage();
        StringBuilder text = new StringBuilder(command.name());
        if (!usage.flags().isEmpty()) {
            text.append(" [options]");
        }
        if (usage.argument() != null) {
            text.append(usage.maxArguments() > 1 ? " [" + usage.argument() + "...]" : " [" + usage.argument() + "]");
        }
        text.append('\n').append("  ").append(command.summary());
        if (!command.aliases().isEmpty()) {
            text.append("; also called ").append(String.join(", ", command.aliases()));
        }
        int width = usage.flags().stream()
                .mapToInt(flag -> spelled(flag).length())
                .max()
                .orElse(0);
        return text.append(usage.flags().stream()
                        .map(flag ->
                                String.format(Locale.ROOT, "%n  %-" + width + "s  %s", spelled(flag), flag.about()))
                        .collect(Collectors.joining()))
                .append(command.examples().stream()
                        .map(example -> String.format(Locale.ROOT, "%n  example: %s", example))
                        .collect(Collectors.joining()))
                .toString();
    }

    private static String spelled(Flag flag) {
        return String.join(", ", flag.names()) + (flag.takesValue() ? " " + flag.label() : "");
    }
}
