package dev.kafkaloom.console;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes commands, their options, and topics and groups wherever an option or argument is labelled so. */
final class ShellCompleter implements Completer {
    private static final List<String> OF_THE_SHELL = List.of("watch", "records", "cls", "exit");

    private final Commands commands;
    private final Names names;

    ShellCompleter(Commands commands, Names names) {
        this.commands = commands;
        this.names = names;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        complete(line.words().subList(0, line.wordIndex()), line.word())
                .forEach(word -> candidates.add(new Candidate(word)));
    }

    /** What may stand behind {@code before} and begin as {@code begun}. */
    List<String> complete(List<String> before, String begun) {
        boolean wantsCommand = before.isEmpty()
                || (before.size() == 1 && List.of("watch", "help").contains(before.getFirst()));
        if (wantsCommand) {
            boolean watch = before.contains("watch");
            Stream<String> all = commands.all().stream()
                    .filter(it -> !watch || it.watchable())
                    .map(Command::name);
            return Stream.concat(all, before.isEmpty() ? OF_THE_SHELL.stream() : Stream.empty())
                    .toList();
        }
        if (before.getFirst().equals("records")) {
            return before.size() == 1 ? List.of("on", "off") : List.of();
        }
        List<String> words = before.getFirst().equals("watch") ? before.subList(1, before.size()) : before;
        return commands.find(words.getFirst())
                .map(command -> completeFor(command, words, begun))
                .orElse(List.of());
    }

    private List<String> completeFor(Command command, List<String> words, String begun) {
        Usage usage = command.usage();
        Optional<Flag> open = usage.flags().stream()
                .filter(flag -> flag.takesValue() && flag.names().contains(words.getLast()))
                .findFirst();
        if (open.isPresent()) {
            return labelled(open.get().label());
        }
        if (begun.startsWith("-")) {
            return Stream.concat(usage.flags().stream().map(flag -> flag.names().getLast()), Stream.of("--format"))
                    .toList();
        }
        String argument = command.argument(plain(usage, words.subList(1, words.size())));
        return argument == null ? List.of() : labelled(argument);
    }

    private static List<String> plain(Usage usage, List<String> words) {
        try {
            return usage.parse(words).plain();
        } catch (UsageException _) {
            return List.of(); // a line in the making
        }
    }

    private List<String> labelled(String label) {
        return switch (label) {
            case "TOPIC" -> names.of("topics");
            case "GROUP" -> names.of("groups");
            case "SETTING" -> names.of("config");
            case "API" -> ProtocolDefinitions.apiNames();
            case "MESSAGE_NAME" -> ProtocolDefinitions.otherMessages();
            case "COMMAND" -> commands.all().stream().map(Command::name).toList();
            default ->
                label.contains("|")
                        ? Stream.of(label.split("\\|"))
                                .filter(word ->
                                        !word.equals(word.toUpperCase(Locale.ROOT))) // OFFSET stands for another
                                .toList()
                        : List.of();
        };
    }
}
