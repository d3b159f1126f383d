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
    Phrase allowed();

    /** Whether a variable that is set to nothing gives it a value. */
    default boolean mayBeEmpty() {
        return this instanceof NoneOr;
    }

    /** A whole number, arithmetic included; Long. */
    record Whole(long min, long max, String unit) implements Kind {
        @Override
        public Long parse(String text) {
            return inRange(text, Arithmetic.evaluate(text), allowed());
        }

        /** The same of a number that is not the only thing that is allowed. */
        long parse(String text, Phrase allowed) {
            try {
                return inRange(text, Arithmetic.evaluate(text), allowed);
            } catch (Arithmetic.NoNumber e) {
                throw new NotAllowed(Phrase.of("config.not-allowed", text, allowed), e);
            }
        }

        private long inRange(String text, long value, Phrase allowed) {
            if (value < min || value > max) {
                String shown = text.equals(Long.toString(value)) ? text : text + " = " + value;
                throw new NotAllowed(Phrase.of("config.out-of-range", shown, allowed));
            }
            return value;
        }

        @Override
        public Phrase allowed() {
            Phrase range = max == Long.MAX_VALUE
                    ? Phrase.of("config.allowed.least", min)
                    : Phrase.of("config.allowed.range", min, max);
            return unit.isEmpty() ? range : Phrase.of("config.allowed.unit", range, Phrase.of("config.unit." + unit));
        }
    }

    /** Free text; String. */
    record Text(Pattern form, Phrase allowed) implements Kind {
        static final Text ANY = new Text(Pattern.compile("(?s).*"), Phrase.of("config.allowed.any"));

        @Override
        public String parse(String text) {
            if (!form.matcher(text).matches()) {
                throw new NotAllowed(Phrase.of("config.not-allowed", text, allowed));
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

        private String parse(String text, Phrase allowed) {
            String wanted = plain(text);
            for (Option option : options) {
                if (plain(option.value).equals(wanted)
                        || option.spellings.stream().anyMatch(s -> plain(s).equals(wanted))) {
                    if (!option.built) {
                        throw new NotAllowed(Phrase.of("config.not-built.word", text, allowed));
                    }
                    return option.value;
                }
            }
            List<String> words =
                    options.stream().filter(Option::built).map(Option::value).toList();
            throw new NotAllowed(Nearest.hinted(Phrase.of("config.not-allowed", text, allowed), text, words));
        }

        private static String plain(String text) {
            return text.toLowerCase(Locale.ROOT).replaceAll("[ _-]+", "_");
        }

        @Override
        public Phrase allowed() {
            List<Object> words = new ArrayList<>();
            for (Option option : options) {
                if (option.built) {
                    words.add(
                            option.spellings.isEmpty()
                                    ? option.value
                                    : Phrase.of(
                                            "config.allowed.or", option.value, String.join(", ", option.spellings)));
                }
            }
            return Phrase.listed(words);
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
        public Phrase allowed() {
            return Phrase.of("config.allowed.start", words.allowed());
        }
    }

    /** A regular expression; String. */
    record Expression() implements Kind {
        @Override
        public String parse(String text) {
            try {
                return Pattern.compile(text).pattern();
            } catch (PatternSyntaxException e) {
                throw new NotAllowed(Phrase.of("config.no-expression", text, e.getDescription(), e.getIndex() + 1), e);
            }
        }

        @Override
        public Phrase allowed() {
            return Phrase.of("config.allowed.expression");
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
                default -> throw new NotAllowed(Phrase.of("config.not-allowed", text, allowed()));
            };
            if (value ? !mayBeTrue : !mayBeFalse) {
                throw new NotAllowed(Phrase.of("config.not-built.word", text, allowed()));
            }
            return value;
        }

        @Override
        public Phrase allowed() {
            return Phrase.plain(mayBeTrue && mayBeFalse ? "true, false" : mayBeTrue ? "true" : "false");
        }
    }

    /** Comma-separated values of one kind, none twice; List. */
    record ListOf(Kind element) implements Kind {
        @Override
        public List<Object> parse(String text) {
            List<Object> values = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                if (part.isBlank()) {
                    throw new NotAllowed(Phrase.of("config.empty-element", text, allowed()));
                }
                Object value = element.parse(part.strip());
                if (values.contains(value)) {
                    throw new NotAllowed(Phrase.of("config.named-twice", value));
                }
                values.add(value);
            }
            return List.copyOf(values);
        }

        @Override
        public Phrase allowed() {
            return Phrase.of("config.allowed.list", element.allowed());
        }
    }

    /** {@code host:port}, IPv6 in brackets; String. */
    record Address() implements Kind {
        @Override
        public String parse(String text) {
            int scheme = text.indexOf("://");
            if (scheme >= 0 && !text.substring(0, scheme).equalsIgnoreCase("PLAINTEXT")) {
                throw new NotAllowed(Phrase.of("config.not-built", text, "PLAINTEXT"));
            }
            try {
                return HostAndPort.parse(text).toString();
            } catch (KafkaException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        @Override
        public Phrase allowed() {
            return Phrase.of("config.allowed.address");
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
        public Phrase allowed() {
            return Phrase.of("config.allowed.rewriting");
        }
    }

    /** {@code auto} or a number; String. */
    record AutoOr(Whole number) implements Kind {
        @Override
        public String parse(String text) {
            if (text.equalsIgnoreCase("auto")) {
                return "auto";
            }
            return Long.toString(number.parse(text, allowed()));
        }

        @Override
        public Phrase allowed() {
            return Phrase.of("config.allowed.or-auto", number.allowed());
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
            return Long.toString(number.parse(text, allowed()));
        }

        @Override
        public Phrase allowed() {
            return Phrase.of("config.allowed.or-none", number.allowed());
        }
    }
}
