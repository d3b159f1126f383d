package dev.kafkaloom.cli;

import dev.kafkaloom.console.Command;
import dev.kafkaloom.console.Commands;
import dev.kafkaloom.console.Flag;
import dev.kafkaloom.console.Usage;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The tree of sub-commands for picocli, made from the commands' own descriptions. Built in code: annotations would be read by reflection at each start. */
final class Grammar {
    static final String PROGRAM = "kafka-client";
    /** What --format is for, where a command has none of its own. */
    static final String FORMAT = "how the answer looks";

    private static final int WIDE = 140; // an example is one line
    private static final String VERSION = "kafka-loom 0.1.0";

    private Grammar() {}

    /** The whole tree. */
    static CommandLine of(Commands commands) {
        CommandSpec root = spec(
                PROGRAM, "A Kafka client and consumer runtime. Without a sub-command: the runtime and its console.");
        root.addOption(toggle("headless until SIGTERM", "--daemon"));
        CommandLine line = new CommandLine(root);
        line.addSubcommand(start());
        line.addSubcommand(stop());
        line.addSubcommand(demo());
        line.addSubcommand(spec("attach", "the console of a running daemon"));
        line.addSubcommand(rpc(commands));
        line.addSubcommand(jshell());
        line.addSubcommand(broker());
        for (Command command : commands.all()) {
            line.addSubcommand(of(command));
        }
        line.setAbbreviatedOptionsAllowed(false);
        line.setExpandAtFiles(false); // @file is a command's own affair
        return line;
    }

    private static CommandSpec start() {
        CommandSpec start = spec("start", "run the configured consumers, with a console in front");
        start.addOption(toggle("headless until SIGTERM", "--daemon"));
        return start;
    }

    private static CommandSpec stop() {
        CommandSpec stop = spec("stop", "end the daemon of this folder, once it is done with what it has in hand");
        stop.addOption(toggle("at once, without waiting for what is in hand: it is handed out again", "--now"));
        return stop;
    }

    private static CommandSpec demo() {
        CommandSpec demo =
                spec("demo", "a real broker, a stream, two consumers and the console, with nothing installed");
        demo.addOption(value("TIME", "end after this time, such as 20s or 2m", "--duration"));
        demo.addOption(value("VERSION", "the broker's release, such as 4.3.1 or 0.9.0.1", "--kafka-version"));
        return demo;
    }

    private static CommandSpec broker() {
        CommandSpec broker = spec("broker", "run a real Apache Kafka broker until it is told to end");
        broker.addOption(value("VERSION", "its release, such as 4.3.1 or 0.9.0.1", "--kafka-version"));
        broker.addOption(value("PORT", "where it listens; a free port by default", "--port"));
        return broker;
    }

    private static CommandSpec jshell() {
        CommandSpec jshell = spec("jshell", "the JDK's jshell with kafka(), produce(), consume(), lag()");
        jshell.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("scripts to run, such as jshell-scripts/consume.jsh")
                .build());
        return jshell;
    }

    private static CommandSpec rpc(Commands commands) {
        CommandSpec rpc = spec("rpc", "run one command in the daemon of this folder");
        for (Command command : commands.all()) {
            rpc.addSubcommand(command.name(), of(command));
        }
        return rpc;
    }

    private static CommandSpec of(Command command) {
        Usage usage = command.usage();
        boolean ownVersion =
                usage.flags().stream().anyMatch(flag -> flag.names().contains("--version"));
        CommandSpec spec = spec(command.name(), command.summary(), ownVersion);
        spec.aliases(command.aliases().toArray(String[]::new));
        spec.usageMessage()
                .width(command.examples().isEmpty() ? spec.usageMessage().width() : WIDE)
                .footer(command.examples().stream()
                        .map(example -> "example: " + example.replace("%", "%%"))
                        .toArray(String[]::new));
        for (Flag flag : usage.flags()) {
            spec.addOption(option(flag));
        }
        if (usage.flags().stream().noneMatch(flag -> flag.names().contains("--format"))) {
            spec.addOption(value("table|json", FORMAT, "--format"));
        }
        if (usage.argument() != null) {
            spec.addPositional(PositionalParamSpec.builder()
                    .paramLabel(usage.argument())
                    .arity("0.." + usage.maxArguments())
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .build());
        }
        return spec;
    }

    private static OptionSpec option(Flag flag) {
        OptionSpec.Builder builder = OptionSpec.builder(flag.names().toArray(String[]::new))
                .description(flag.about().replace("%", "%%"));
        if (!flag.takesValue()) {
            return builder.type(boolean.class).arity("0").build();
        }
        builder.paramLabel(flag.label()).arity("1");
        return (flag.repeatable() ? builder.type(List.class).auxiliaryTypes(String.class) : builder.type(String.class))
                .build();
    }

    private static CommandSpec spec(String name, String about) {
        return spec(name, about, false);
    }

    /** A sub-command with the options that all have; {@code ownVersion} leaves {@code --version} to the command. */
    private static CommandSpec spec(String name, String about, boolean ownVersion) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage().description(about).sortOptions(false);
        spec.version(VERSION + ", Java " + Runtime.version());
        spec.addOption(value("HOST:PORT", "brokers, instead of the configured ones", "-b", "-l", "--bootstrap-server"));
        spec.addOption(OptionSpec.builder("-X")
                .paramLabel("NAME=VALUE")
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("any setting by its name")
                .build());
        spec.addOption(OptionSpec.builder("--resolve")
                .paramLabel("HOST:PORT=HOST:PORT")
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(
                        "dial the right one where a broker is at the left one: tunnels and port-forwards; repeatable")
                .build());
        spec.addOption(toggle("no remarks on standard error, errors only", "-q", "--quiet"));
        spec.addOption(toggle("every request and response to standard error, decoded and in hex", "--trace"));
        spec.addOption(OptionSpec.builder("-v", "--verbose")
                .arity("0")
                .type(boolean[].class)
                .description("log what happens, and show stack traces and last frames of failures; -vv for more")
                .build());
        spec.addOption(OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .arity("0")
                .usageHelp(true)
                .description("this text")
                .build());
        spec.addOption(OptionSpec.builder("-V", ownVersion ? new String[0] : new String[] {"--version"})
                .type(boolean.class)
                .arity("0")
                .versionHelp(true)
                .description("the version")
                .build());
        return spec;
    }

    private static OptionSpec value(String label, String about, String... names) {
        return OptionSpec.builder(names[0], java.util.Arrays.copyOfRange(names, 1, names.length))
                .paramLabel(label)
                .arity("1")
                .type(String.class)
                .description(about)
                .build();
    }

    private static OptionSpec toggle(String about, String... names) {
        return OptionSpec.builder(names[0], java.util.Arrays.copyOfRange(names, 1, names.length))
                .type(boolean.class)
                .arity("0")
                .description(about)
                .build();
    }
}
