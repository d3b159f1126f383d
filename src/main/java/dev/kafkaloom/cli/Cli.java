package dev.kafkaloom.cli;

import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.config.ConfigLoader;
import dev.kafkaloom.config.Language;
import dev.kafkaloom.config.Messages;
import dev.kafkaloom.console.Commands;
import dev.kafkaloom.console.DaemonFiles;
import dev.kafkaloom.console.Failure;
import dev.kafkaloom.console.FrameText;
import dev.kafkaloom.console.Loom;
import dev.kafkaloom.console.OutputGone;
import dev.kafkaloom.console.RpcClient;
import dev.kafkaloom.console.Session;
import dev.kafkaloom.console.StandardCommands;
import dev.kafkaloom.console.StreamOutput;
import dev.kafkaloom.console.UsageException;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.network.FrameLogs;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run of the program: parses, runs, and turns whatever goes wrong into one line and an exit code. */
final class Cli {
    private static final int INTERRUPTED = 130;
    private static final String TRACE = "trace";
    private static final String PROGRESS =
            "kafkaloom.progress"; // the launcher saw that standard error is a terminal, and output is not

    private final Path home;
    private final Map<String, String> environment;
    private final Terminals terminals;

    /** @param home the folder of .env, config/ and the daemon's files */
    Cli(Path home, Map<String, String> environment, Terminals terminals) {
        this.home = home;
        this.environment = environment;
        this.terminals = terminals;
    }

    /** Runs a command line; its exit code. */
    int run(String... args) {
        boolean verbose = false;
        boolean traced = false;
        List<FrameLogs> before = FrameLogs.ofJvm();
        try {
            Messages messages = Messages.in(Language.of(home, environment, Parser.settings(List.of(args))));
            Commands commands = StandardCommands.create(messages);
            PrintWriter help = new PrintWriter(new OutputStreamWriter(terminals.out(), StandardCharsets.UTF_8));
            Optional<Invocation> invocation = new Parser(commands, messages).parse(List.of(args), help);
            if (invocation.isEmpty()) {
                return 0;
            }
            verbose = invocation.get().verbosity() > 0;
            traced = invocation.get().has(TRACE);
            return execute(invocation.get(), commands);
        } catch (OutputGone _) {
            return 0; // head, or whoever read us, has had enough
        } catch (InterruptedException | InterruptedIOException _) {
            return INTERRUPTED; // whoever did it knows
        } catch (Exception | OutOfMemoryError e) {
            Failure failure = Failure.of(e);
            terminals.err().println(Grammar.PROGRAM + ": " + failure.line());
            if (verbose) {
                e.printStackTrace(terminals.err());
                if (!traced) {
                    tellFrames(e, before);
                }
            }
            return failure.exitCode();
        }
    }

    /** What the connections of this run saw last, if one of them is to blame. */
    private void tellFrames(Throwable failure, List<FrameLogs> before) {
        if (failure instanceof KafkaException) {
            List<ConnectionFrames> all = FrameLogs.ofJvm().stream()
                    .filter(logs -> !before.contains(logs))
                    .flatMap(logs -> logs.snapshot().stream())
                    .toList();
            FrameText.behind(failure, all).forEach(each -> terminals.err().println(FrameText.of(each)));
        }
    }

    private int execute(Invocation invocation, Commands commands) throws Exception {
        Logs.prepare(invocation);
        if (invocation.name().equals("rpc") || invocation.name().equals("attach")) {
            refuseDaemonsAffairs(invocation);
        }
        return switch (invocation.name()) {
            case "start" -> new StartProgram(load(invocation), invocation, commands, terminals).run();
            case "stop" -> StopProgram.run(load(invocation), invocation, terminals);
            case "demo" -> new DemoProgram(this, invocation, commands, terminals).run();
            case "broker" -> BrokerProgram.run(invocation, terminals);
            case "attach" -> AttachProgram.run(load(invocation), invocation, commands);
            case "jshell" -> JShellProgram.run(home, load(invocation), invocation);
            case "rpc" -> rpc(load(invocation), invocation);
            default -> oneShot(load(invocation), invocation, commands);
        };
    }

    AppConfig load(Invocation invocation) {
        AppConfig config = ConfigLoader.load(home, environment, invocation.overrides());
        return invocation.has(TRACE) ? Trace.into(config, terminals.err()::println) : config;
    }

    /** What concerns connections cannot be said to a program that has none but to its daemon. */
    private static void refuseDaemonsAffairs(Invocation invocation) {
        for (String option : List.of(TRACE, "resolve")) {
            if (invocation.has(option)) {
                throw new UsageException("--" + option + " is about this process's connections, those of "
                        + invocation.name() + " are the daemon's: give it to start --daemon"
                        + (option.equals(TRACE) ? ", or look at rpc frames" : ""));
            }
        }
    }

    private int oneShot(AppConfig config, Invocation invocation, Commands commands) throws Exception {
        try (Scope scope = Scope.open(invocation.name());
                Loom loom = new Loom(config, scope);
                Interrupting _ = new Interrupting(Thread.currentThread())) {
            return commands.run(new Session(loom, asking(output(invocation)), terminals.in()), invocation.words());
        }
    }

    private int rpc(AppConfig config, Invocation invocation) throws IOException, InterruptedException {
        try (Scope scope = Scope.open("rpc");
                RpcClient daemon = DaemonFiles.connect(config.server().unixDir(), scope);
                Interrupting _ = new Interrupting(Thread.currentThread())) {
            return daemon.run(invocation.words(), asking(output(invocation)));
        }
    }

    /** Lets it ask the person who sits there, if there is one. */
    private StreamOutput asking(StreamOutput out) {
        return terminals.in() instanceof StandardInput && Terminals.interactive()
                ? out.asking(terminals.in(), terminals.err())
                : out;
    }

    private StreamOutput output(Invocation invocation) {
        StreamOutput out =
                new StreamOutput(terminals.out(), invocation.quiet() ? null : terminals.err(), invocation.format());
        return Boolean.getBoolean(PROGRESS) ? out.telling() : out;
    }
}
