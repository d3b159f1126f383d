package dev.kafkaloom.console;

import dev.kafkaloom.config.Messages;
import java.util.List;

/** A command that describes itself in another language, as far as that has words for it; what it does and answers is the same. */
record TranslatedCommand(Command original, Messages messages) implements Command {
    /** The command itself where the language is English. */
    static Command of(Command command, Messages messages) {
        return messages.english() ? command : new TranslatedCommand(command, messages);
    }

    /** The key of an option's words; {@code dlq.list} shares those of {@code dlq}. */
    static String key(String command, Flag flag) {
        return "option." + command + "." + flag.key();
    }

    @Override
    public String name() {
        return original.name();
    }

    @Override
    public String summary() {
        return messages.textOr("command." + name(), original.summary());
    }

    @Override
    public Usage usage() {
        Usage usage = original.usage();
        return new Usage(usage.flags().stream().map(this::translated).toList(), usage.argument(), usage.maxArguments());
    }

    private Flag translated(Flag flag) {
        int family = name().lastIndexOf('.');
        String shared =
                family < 0 ? flag.about() : messages.textOr(key(name().substring(0, family), flag), flag.about());
        return new Flag(flag.names(), flag.label(), flag.repeatable(), messages.textOr(key(name(), flag), shared));
    }

    @Override
    public int run(Session session, List<String> args) throws Exception {
        return original.run(session, args);
    }

    @Override
    public boolean watchable() {
        return original.watchable();
    }

    @Override
    public boolean watchable(List<String> args) {
        return original.watchable(args);
    }

    @Override
    public List<String> examples() {
        return original.examples();
    }

    @Override
    public String argument(List<String> before) {
        return original.argument(before);
    }

    @Override
    public List<String> aliases() {
        return original.aliases();
    }
}
