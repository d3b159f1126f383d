package dev.kafkaloom.cli;

import dev.kafkaloom.config.Messages;
import dev.kafkaloom.config.Nearest;
import dev.kafkaloom.console.Commands;
import dev.kafkaloom.console.Flag;
import dev.kafkaloom.console.Format;
import dev.kafkaloom.console.Usage;
import dev.kafkaloom.console.UsageException;
import dev.kafkaloom.network.AddressMap;
import dev.kafkaloom.protocol.KafkaException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Turns the arguments of the process into an {@link Invocation}, or prints the help that was asked for. */
final class Parser {
    private final Commands commands;
    private final Messages messages;

    Parser(Commands commands) {
        this(commands, Messages.ENGLISH);
    }

    /** @param messages the language of the help, which the commands speak already */
    Parser(Commands commands, Messages messages) {
        this.commands = commands;
        this.messages = messages;
    }

    /** What -X gives, looked up before anything is parsed: the language of the help is among it. */
    static Map<String, String> settings(List<String> args) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < args.size(); i++) {
            String word = args.get(i);
            String text = word.equals("-X") && i + 1 < args.size() ? args.get(i + 1) : word.replaceFirst("^-X", "");
            int equals = text.indexOf('=');
            if (word.startsWith("-X") && equals > 0) {
                settings.put(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        return settings;
    }

    /** Empty when help or the version was asked for, which is printed then; {@link UsageException} in one line. */
    Optional<Invocation> parse(List<String> args, PrintWriter help) {
        CommandLine line = Grammar.of(commands);
        TranslatedHelp.into(messages, line);
        line.setOut(help);
        try {
            ParseResult parsed = line.parseArgs(args.toArray(String[]::new));
            if (CommandLine.printHelpIfRequested(parsed)) {
                help.flush();
                return Optional.empty();
            }
            return Optional.of(invocation(parsed));
        } catch (CommandLine.UnmatchedArgumentException e) {
            throw new UsageException(unmatched(e));
        } catch (CommandLine.ParameterException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static String unmatched(CommandLine.UnmatchedArgumentException e) {
        String first = e.getUnmatched().getFirst();
        String command = e.getCommandLine().getCommandName();
        String what = first.startsWith("-")
                ? "unknown option '"
                : command.equals(Grammar.PROGRAM) || command.equals("rpc")
                        ? "unknown command '"
                        : "unexpected argument '";
        return what + first + "'" + nearest(first, e) + " (see "
                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help)";
    }

    private static String nearest(String written, CommandLine.UnmatchedArgumentException e) {
        if (written.startsWith("--")) {
            return Nearest.hint(written.replaceFirst("=.*", ""), longOptions(e.getCommandLine()));
        }
        List<String> suggestions = written.startsWith("-") ? List.of() : e.getSuggestions();
        return suggestions.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggestions) + "?";
    }

    private static List<String> longOptions(CommandLine command) {
        return command.getCommandSpec().optionsMap().keySet().stream()
                .filter(name -> name.startsWith("--"))
                .sorted()
                .toList();
    }

    private Invocation invocation(ParseResult root) {
        List<ParseResult> path = new ArrayList<>();
        for (ParseResult at = root; at != null; at = at.subcommand()) {
            path.add(at);
        }
        Map<String, String> overrides = new LinkedHashMap<>();
        List<String> resolved = new ArrayList<>();
        int verbosity = 0;
        boolean quiet = false;
        for (ParseResult each : path) {
            each.matchedOptionValue("-X", List.<String>of()).forEach(text -> override(overrides, text));
            if (each.hasMatchedOption("-b")) {
                overrides.put("bootstrap.servers", each.matchedOptionValue("-b", ""));
            }
            each.matchedOptionValue("--resolve", List.<String>of()).forEach(resolved::add);
            verbosity += each.matchedOptionValue("-v", new boolean[0]).length;
            quiet |= each.hasMatchedOption("-q");
        }
        resolve(overrides, resolved);
        ParseResult leaf = path.getLast();
        String name = path.size() == 1 ? "start" : path.get(1).commandSpec().name();
        if (name.equals("rpc") && path.size() == 2) {
            throw new UsageException("rpc needs a command, such as kafka_lag (see kafka-client rpc --help)");
        }
        String leafName = leaf.commandSpec().name();
        boolean ofConsole = commands.find(leafName).isPresent();
        Format format = ofConsole && !hasOwnFormat(leafName) && leaf.hasMatchedOption("--format")
                ? Format.parse(leaf.matchedOptionValue("--format", ""))
                : Format.TABLE;
        return new Invocation(
                name,
                ofConsole ? words(leaf) : leaf.matchedPositionalValue(0, List.of()),
                options(path),
                overrides,
                format,
                verbosity,
                quiet);
    }

    private boolean hasOwnFormat(String name) {
        return commands.find(name).orElseThrow().usage().flags().stream()
                .anyMatch(flag -> flag.names().contains("--format"));
    }

    private static void resolve(Map<String, String> overrides, List<String> rules) {
        if (rules.isEmpty()) {
            return;
        }
        String all = String.join(",", rules);
        try {
            AddressMap _ = AddressMap.parse(all);
        } catch (KafkaException.InvalidRequest e) {
            throw new UsageException("--resolve: " + e.oneLine());
        }
        overrides.put("client.resolve", all);
    }

    private static void override(Map<String, String> overrides, String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new UsageException("-X must be name=value, not '" + text + "'");
        }
        overrides.put(text.substring(0, equals), text.substring(equals + 1));
    }

    private static Map<String, String> options(List<ParseResult> path) {
        Map<String, String> options = new LinkedHashMap<>();
        for (ParseResult each : path) {
            for (OptionSpec option : each.matchedOptions()) {
                options.put(option.longestName().replaceFirst("^-+", ""), String.valueOf(option.<Object>getValue()));
            }
        }
        return options;
    }

    /** The console command's line as the command itself reads it. */
    private List<String> words(ParseResult leaf) {
        String name = leaf.commandSpec().name();
        Usage usage = commands.find(name).orElseThrow().usage();
        List<String> words = new ArrayList<>(List.of(name));
        for (Flag flag : usage.flags()) {
            String key = flag.names().getLast();
            if (leaf.hasMatchedOption(key)) {
                OptionSpec option = leaf.matchedOption(key);
                if (!flag.takesValue()) {
                    words.add(key);
                } else {
                    option.stringValues().forEach(value -> words.addAll(List.of(key, value)));
                }
            }
        }
        if (leaf.hasMatchedPositional(0)) {
            words.add("--");
            words.addAll(leaf.matchedPositionals().getFirst().stringValues());
        }
        return words;
    }
}
