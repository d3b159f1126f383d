package dev.kafkaloom.console;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line as it was typed. {@code --format table|json} is understood behind every command that has no such option of its
 * own: how an answer looks is not the command's affair.
 *
 * @param words  the line without it
 * @param format what it asked for
 */
record TypedLine(List<String> words, Format format) {
    private static final String OPTION = "--format";

    static TypedLine of(Commands commands, List<String> typed) {
        boolean ofItsOwn = !typed.isEmpty()
                && commands.find(typed.getFirst())
                        .map(command -> command.usage().flags().stream()
                                .anyMatch(flag -> flag.names().contains(OPTION)))
                        .orElse(false);
        if (ofItsOwn) {
            return new TypedLine(typed, Format.TABLE);
        }
        List<String> rest = new ArrayList<>();
        Format format = Format.TABLE;
        for (int i = 0; i < typed.size(); i++) {
            String word = typed.get(i);
            if (word.equals(OPTION) && i + 1 < typed.size()) {
                format = Format.parse(typed.get(++i));
            } else if (word.startsWith(OPTION + "=")) {
                format = Format.parse(word.substring(OPTION.length() + 1));
            } else {
                rest.add(word);
            }
        }
        return new TypedLine(rest, format);
    }
}
