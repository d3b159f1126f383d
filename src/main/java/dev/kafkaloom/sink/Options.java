package dev.kafkaloom.sink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what was given for a sink's options; an {@link IllegalArgumentException} names the setting and what is allowed. */
final class Options {
    static final String SETTING = "sinker.option.";
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})\\s*([kmgKMG]?)");
    private static final String PIECE = "\"[^\"]*\"|'[^']*'|[^\\s\"']+";
    private static final Pattern PART = Pattern.compile(PIECE);
    private static final Pattern WORD = Pattern.compile("(?:" + PIECE + ")+");
    private static final Pattern LINE = Pattern.compile("(?:" + PIECE + "|\\s+)*+");

    private final SinkContext context;
    private final Map<String, SinkOption> known = new TreeMap<>();

    Options(SinkContext context, List<SinkOption> known) {
        this.context = context;
        known.forEach(option -> this.known.put(option.name(), option));
    }

    /** As it was given, or its default. */
    String text(String name) {
        String given = context.options().get(name);
        return given == null ? known.get(name).defaultValue() : given.strip();
    }

    /** A whole number. */
    int number(String name, int least, int most) {
        String text = text(name);
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw wrong(name, "is not a whole number from " + least + " to " + most);
    }

    /** Milliseconds. */
    Duration millis(String name, int least) {
        return Duration.ofMillis(number(name, least, Integer.MAX_VALUE));
    }

    /** Bytes: a number, with k, m or g behind it if wanted (of 1024). */
    long size(String name) {
        Matcher matcher = SIZE.matcher(text(name));
        if (!matcher.matches()) {
            throw wrong(name, "is not a number of bytes; 1048576, 1024k, 64m, 1g");
        }
        int shift = switch (matcher.group(2)) {
            case "k", "K" -> 10;
            case "m", "M" -> 20;
            case "g", "G" -> 30;
            default -> 0;
        };
        long number = Long.parseLong(matcher.group(1));
        if (number < 1 || number > Long.MAX_VALUE >> shift) {
            throw wrong(name, "must be at least 1 byte, and fewer than 2^63");
        }
        return number << shift;
    }

    boolean flag(String name) {
        return word(name, "true", "false").equals("true");
    }

    /** One of these. */
    String word(String name, String... allowed) {
        String text = text(name);
        if (!List.of(allowed).contains(text)) {
            throw wrong(name, "is none of " + String.join(", ", allowed));
        }
        return text;
    }

    /** A file, relative to the home of the project. */
    Path path(String name) {
        try {
            return context.home().resolve(text(name)).normalize();
        } catch (java.nio.file.InvalidPathException e) {
            throw wrong(name, "is no path: " + e.getReason());
        }
    }

    /** What was given under names that begin so; the rest of the name, and the value. */
    Map<String, String> family(String prefix) {
        Map<String, String> found = new TreeMap<>();
        context.options().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value.strip());
            }
        });
        return found;
    }

    /** A command line: words between blanks; quotes of either kind keep blanks together, and nothing else has a meaning. */
    List<String> words(String name) {
        String text = text(name);
        if (!LINE.matcher(text).matches()) {
            throw wrong(name, "has a quote without its end");
        }
        List<String> words = new ArrayList<>();
        for (Matcher word = WORD.matcher(text); word.find(); ) {
            StringBuilder whole = new StringBuilder();
            for (Matcher part = PART.matcher(word.group()); part.find(); ) {
                String found = part.group();
                boolean quoted = found.charAt(0) == '"' || found.charAt(0) == '\'';
                whole.append(quoted ? found.substring(1, found.length() - 1) : found);
            }
            words.add(whole.toString());
        }
        return words;
    }

    /** The error about an option's value, which is shown unless it is a secret. */
    IllegalArgumentException wrong(String name, String why) {
        SinkOption option = known.get(name);
        String value = option == null || option.secret() ? "its value" : "\"" + text(name) + "\"";
        return new IllegalArgumentException(SETTING + name + ": " + value + " " + why);
    }
}
