package dev.kafkaloom.config;

import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.network.AddressMap;
import dev.kafkaloom.network.HostAndPort;
import dev.kafkaloom.protocol.KafkaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What a setting's value may be. {@code parse} gives the value or throws an IllegalArgumentException that says what is allowed. */
sealed interface Kind {
    /** The value of this text, which is stripped and not empty. */
    Object parse(String text);

    /** What is allowed, in a few words, for the error and the documentation. */
    String allowed();

    /** Whether a variable that is set to nothing gives it a value. */
    default boolean mayBeEmpty() {
        return this instanceof NoneOr;
    }

    /** A whole number, arithmetic included; Long. */
    record Whole(long min, long max, String unit) implements Kind {
        @Override
        public Long parse(String text) {
            long value = Arithmetic.evaluate(text);
            if (value < min || value > max) {
                String shown = text.equals(Long.toString(value)) ? text : text + " = " + value;
                throw new IllegalArgumentException(shown + " is out of range; allowed: " + allowed());
            }
            return value;
        }

        @Override
        public String allowed() {
            String range = max == Long.MAX_VALUE ? "at least " + min : min + " to " + max;
            return unit.isEmpty() ? range : range + " " + unit;
        }
    }

    /** Free text; String. */
    record Text(Pattern form, String allowed) implements Kind {
        static final Text ANY = new Text(Pattern.compile("(?s).*"), "any text");

        @Override
        public String parse(String text) {
            if (!form.matcher(text).matches()) {
                throw new IllegalArgumentException("'" + text + "' is not allowed; allowed: " + allowed);
            }
            return text;
        }
    }

    /** One of a few words, in any case and with space, dash or underscore between its parts; String, spelled as the option's value. */
    record Choice(List<Option> options) implements Kind {
        static Choice of(Option... options) {
            return new Choice(List.of(options));
        }

        static Choice of(String... values) {
            List<Option> options = new ArrayList<>();
            for (String value : values) {
                options.add(Option.of(value));
            }
            return new Choice(List.copyOf(options));
        }

        @Override
        public String parse(String text) {
            return parse(text, allowed());
        }

        private String parse(String text, String allowed) {
            String wanted = plain(text);
            for (Option option : options) {
                if (plain(option.value).equals(wanted)
                        || option.spellings.stream().anyMatch(s -> plain(s).equals(wanted))) {
                    if (!option.built) {
                        throw new IllegalArgumentException(text + " is not built yet; built: " + allowed);
                    }
                    return option.value;
                }
            }
            throw new IllegalArgumentException("'" + text + "' is not allowed; allowed: " + allowed
                    + Nearest.hint(
                            text,
                            options.stream()
                                    .filter(Option::built)
                                    .map(Option::value)
                                    .toList()));
        }

        private static String plain(String text) {
            return text.toLowerCase(Locale.ROOT).replaceAll("[ _-]+", "_");
        }

        @Override
        public String allowed() {
            List<String> words = new ArrayList<>();
            for (Option option : options) {
                if (option.built) {
                    words.add(
                            option.spellings.isEmpty()
                                    ? option.value
                                    : option.value + " (or " + String.join(", ", option.spellings) + ")");
                }
            }
            return String.join(", ", words);
        }
    }

    /** A word of a {@link Choice}; one that is not built is known, and refused by name. */
    record Option(String value, List<String> spellings, boolean built) {
        static Option of(String value, String... spellings) {
            return new Option(value, List.of(spellings), true);
        }

        static Option notBuilt(String value, String... spellings) {
            return new Option(value, List.of(spellings), false);
        }
    }

    /** Where to start: a word, or {@code by_duration:} and an ISO 8601 duration; String, as {@link OffsetReset#parse} reads it. */
    record Start(Choice words) implements Kind {
        @Override
        public String parse(String text) {
            if (!text.toLowerCase(Locale.ROOT).startsWith("by_duration:")) {
                return words.parse(text, allowed());
            }
            return OffsetReset.parse(text).toString();
        }

        @Override
        public String allowed() {
            return words.allowed() + ", by_duration:P1DT2H (ISO 8601)";
        }
    }

    /** A regular expression; String. */
    record Expression() implements Kind {
        @Override
        public String parse(String text) {
            try {
                return Pattern.compile(text).pattern();
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no regular expression: " + e.getDescription() + " at column "
                                + (e.getIndex() + 1),
                        e);
            }
        }

        @Override
        public String allowed() {
            return "a regular expression";
        }
    }

    /** Yes or no; Boolean. */
    record Flag(boolean mayBeTrue, boolean mayBeFalse) implements Kind {
        static final Flag ANY = new Flag(true, true);

        @Override
        public Boolean parse(String text) {
            boolean value = switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "yes", "on", "1" -> true;
                case "false", "no", "off", "0" -> false;
                default -> throw new IllegalArgumentException("'" + text + "' is not allowed; allowed: " + allowed());
            };
            if (value ? !mayBeTrue : !mayBeFalse) {
                throw new IllegalArgumentException(text + " is not built yet; built: " + allowed());
            }
            return value;
        }

        @Override
        public String allowed() {
            return mayBeTrue && mayBeFalse ? "true, false" : mayBeTrue ? "true" : "false";
        }
    }

    /** Comma-separated values of one kind, none twice; List. */
    record ListOf(Kind element) implements Kind {
        @Override
        public List<Object> parse(String text) {
            List<Object> values = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                if (part.isBlank()) {
                    throw new IllegalArgumentException("'" + text + "' has an empty element; allowed: " + allowed());
                }
                Object value = element.parse(part.strip());
                if (values.contains(value)) {
                    throw new IllegalArgumentException(value + " is named twice");
                }
                values.add(value);
            }
            return List.copyOf(values);
        }

        @Override
        public String allowed() {
            return "a comma-separated list, each: " + element.allowed();
        }
    }

    /** {@code host:port}, IPv6 in brackets; String. */
    record Address() implements Kind {
        @Override
        public String parse(String text) {
            int scheme = text.indexOf("://");
            if (scheme >= 0 && !text.substring(0, scheme).equalsIgnoreCase("PLAINTEXT")) {
                throw new IllegalArgumentException("'" + text + "' is not built yet; built: PLAINTEXT");
            }
            try {
                return HostAndPort.parse(text).toString();
            } catch (KafkaException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        @Override
        public String allowed() {
            return "host:port";
        }
    }

    /** Addresses in place of others; String, as {@link AddressMap#parse} reads it. */
    record Rewriting() implements Kind {
        @Override
        public String parse(String text) {
            try {
                return AddressMap.parse(text).toString();
            } catch (KafkaException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        @Override
        public String allowed() {
            return "from=to[,from=to], each side host:port or host";
        }
    }

    /** {@code auto} or a number; String. */
    record AutoOr(Whole number) implements Kind {
        @Override
        public String parse(String text) {
            if (text.equalsIgnoreCase("auto")) {
                return "auto";
            }
            try {
                return Long.toString(number.parse(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        e.getMessage().contains("allowed:")
                                ? e.getMessage() + ", or auto"
                                : "'" + text + "' is not allowed; allowed: " + allowed(),
                        e);
            }
        }

        @Override
        public String allowed() {
            return number.allowed() + ", or auto";
        }
    }

    /** Nothing, {@code none} or a number; String. */
    record NoneOr(Whole number) implements Kind {
        /** What stands for nothing. */
        static final String NONE = "none";

        @Override
        public String parse(String text) {
            if (text.isEmpty() || text.equalsIgnoreCase(NONE)) {
                return NONE;
            }
            return Long.toString(number.parse(text));
        }

        @Override
        public String allowed() {
            return number.allowed() + ", or none";
        }
    }
}
