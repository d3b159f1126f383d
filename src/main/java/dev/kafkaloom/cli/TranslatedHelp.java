package dev.kafkaloom.cli;

import dev.kafkaloom.config.Messages;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The grammar's own words, of the sub-commands that are no console command and of the options that all have, in another language. */
final class TranslatedHelp {
    private final Messages messages;
    /** The options that all have, with their English: a command may have one of the same name that is something else. */
    private final Map<String, String> common = new HashMap<>();

    private TranslatedHelp(Messages messages, CommandSpec root) {
        this.messages = messages;
        root.options().forEach(option -> common.put(key(option), about(option)));
        common.put("format", Grammar.FORMAT);
    }

    /** Puts what --help says into that language, as far as it has words for it. */
    static void into(Messages messages, CommandLine line) {
        if (!messages.english()) {
            new TranslatedHelp(messages, line.getCommandSpec()).walk(line);
        }
    }

    private void walk(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        String english = String.join("", spec.usageMessage().description());
        spec.usageMessage()
                .description(messages.textOr("command." + spec.name(), english))
                .synopsisHeading(messages.text("help.usage"))
                .commandListHeading(messages.text("help.commands"));
        for (OptionSpec option : List.copyOf(spec.options())) {
            spec.remove(option);
            spec.addOption(OptionSpec.builder(option)
                    .description(about(spec.name(), option))
                    .build());
        }
        line.getSubcommands().values().forEach(this::walk);
    }

    private String about(String command, OptionSpec option) {
        String english = about(option);
        boolean everybodys = english.equals(common.get(key(option)));
        String shared = everybodys ? messages.textOr("option." + key(option), english) : english;
        String words = messages.textOr("option." + command + "." + key(option), shared);
        return words.replace("%", "%%"); // picocli has read the escaped ones already
    }

    private static String about(OptionSpec option) {
        return String.join("", option.description());
    }

    /** Its longest name without dashes. */
    static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }
}
