package dev.kafkaloom.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A command whose first argument says what it does, {@code topics create orders}; without one it does the first of its words, which
 * shows a state.
 */
record CommandFamily(String name, String summary, List<SmallCommand> words) implements Command {
    CommandFamily {
        words = List.copyOf(words);
    }

    @Override
    public Usage usage() {
        Map<String, Flag> flags = new LinkedHashMap<>();
        words.forEach(word -> word.usage().flags().forEach(flag -> flags.putIfAbsent(flag.key(), flag)));
        String label = words.stream().map(CommandFamily::spelled).collect(Collectors.joining("|"));
        int most = words.stream()
                        .mapToInt(word -> word.usage().maxArguments())
                        .max()
                        .orElse(0)
                + 1;
        return new Usage(new ArrayList<>(flags.values()), label, most);
    }

    private static String spelled(SmallCommand word) {
        Usage usage = word.usage();
        return word.name() + (usage.argument() == null ? "" : " " + usage.argument());
    }

    @Override
    public List<String> examples() {
        return words.stream().flatMap(word -> word.examples().stream()).toList();
    }

    @Override
    public boolean watchable(List<String> args) {
        return word(usage().parse(args).plain()).watchable();
    }

    @Override
    public String argument(List<String> before) {
        if (before.isEmpty()) {
            return words.stream().map(SmallCommand::name).collect(Collectors.joining("|"));
        }
        return words.stream()
                .filter(word -> word.name().equals(before.getFirst()))
                .findFirst()
                .map(word -> word.argument(before.subList(1, before.size())))
                .orElse(null);
    }

    @Override
    public int run(Session session, List<String> args) throws Exception {
        Arguments given = usage().parse(args);
        SmallCommand word = word(given.plain());
        List<String> rest = given.plain().isEmpty()
                ? List.of()
                : given.plain().subList(1, given.plain().size());
        for (Flag flag : usage().flags()) {
            if (given.has(flag.key())
                    && word.usage().flags().stream().noneMatch(own -> own.key().equals(flag.key()))) {
                throw new UsageException(name + " " + word.name() + " takes no --" + flag.key());
            }
        }
        if (rest.size() > word.usage().maxArguments()) {
            throw new UsageException(
                    "unexpected argument '" + rest.get(word.usage().maxArguments()) + "'");
        }
        return word.work().run(session, new Arguments(given.values(), List.copyOf(rest)));
    }

    private SmallCommand word(List<String> plain) {
        if (plain.isEmpty()) {
            return words.getFirst();
        }
        return words.stream()
                .filter(word -> word.name().equals(plain.getFirst()))
                .findFirst()
                .orElseThrow(() -> new UsageException(name + " " + plain.getFirst() + " is unknown, there are "
                        + words.stream().map(SmallCommand::name).collect(Collectors.joining(", "))));
    }
}
