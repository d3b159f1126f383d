package dev.kafkaloom.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a command may be given.
 *
 * @param flags       its options
 * @param argument    what its plain arguments are called, {@code <message>}; null when it takes none
 * @param maxArguments how many plain arguments there may be
 */
public record Usage(List<Flag> flags, String argument, int maxArguments) {
    /** Neither options nor arguments. */
    public static final Usage NONE = new Usage(List.of(), null, 0);

    public Usage {
        flags = List.copyOf(flags);
    }

    /** Sorts the words of a command line into options and arguments; {@link UsageException} says what does not fit. */
    public Arguments parse(List<String> words) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<String> plain = new ArrayList<>();
        boolean onlyPlain = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (onlyPlain || word.equals("-") || !word.startsWith("-")) {
                plain.add(word);
            } else if (word.equals("--")) {
                onlyPlain = true;
            } else {
                i = option(words, i, values);
            }
        }
        if (plain.size() > maxArguments) {
            throw new UsageException("unexpected argument '" + plain.get(maxArguments) + "'");
        }
        return new Arguments(values, List.copyOf(plain));
    }

    /** Takes the option at {@code i}, as {@code -t x}, {@code -tx} or {@code --topic=x}; returns the index of its last word. */
    private int option(List<String> words, int i, Map<String, List<String>> values) {
        String word = words.get(i);
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String name = equals > 0 ? word.substring(0, equals) : word;
        String attached = equals > 0 ? word.substring(equals + 1) : null;
        Flag flag = find(name);
        if (flag == null && !word.startsWith("--") && word.length() > 2) {
            flag = find(word.substring(0, 2));
            attached = word.substring(2);
        }
        if (flag == null) {
            throw new UsageException("unknown option '" + word + "'");
        }
        if (!flag.takesValue()) {
            if (attached != null) {
                throw new UsageException(flag.names().getLast() + " takes no value");
            }
            values.put(flag.key(), List.of(""));
            return i;
        }
        int last = attached == null ? i + 1 : i;
        if (last >= words.size()) {
            throw new UsageException(flag.names().getLast() + " needs a value: " + flag.label());
        }
        List<String> given = values.computeIfAbsent(flag.key(), _ -> new ArrayList<>());
        if (!flag.repeatable() && !given.isEmpty()) {
            throw new UsageException(flag.names().getLast() + " is given twice");
        }
        given.add(attached == null ? words.get(last) : attached);
        return last;
    }

    private Flag find(String name) {
        return flags.stream()
                .filter(flag -> flag.names().contains(name))
                .findFirst()
                .orElse(null);
    }
}
