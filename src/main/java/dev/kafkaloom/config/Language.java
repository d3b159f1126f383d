package dev.kafkaloom.config;

import dev.kafkaloom.config.Kind.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The language that was asked for, found without reading the rest: also what is wrong with a configuration, and the help, are said in it. */
public final class Language {
    private static final String NAME = "APP_LANGUAGE";
    private static final Pattern LINE = Pattern.compile("\\s*(APP_LANGUAGE|APP_LANGUGE)\\s*=\\s*[\"']?([A-Za-z_-]+).*");

    private Language() {}

    /**
     * What {@link AppConfig#server()} would say, or English where nobody asked for a language that is known. Never fails.
     *
     * @param home the folder with .env
     * @param environment the process's environment
     * @param overrides from the command line
     */
    public static Locale of(Path home, Map<String, String> environment, Map<String, String> overrides) {
        List<String> names = KnownSettings.named(NAME).orElseThrow().names();
        return Optional.<String>empty()
                .or(() -> first(names, overrides))
                .or(() -> first(names, environment))
                .or(() -> inFile(home))
                .flatMap(Language::known)
                .orElse(Locale.US);
    }

    /** A word of APP_LANGUAGE, as it is written there. */
    static Locale locale(String word) {
        return Locale.forLanguageTag(word.replace('_', '-'));
    }

    private static Optional<String> first(List<String> names, Map<String, String> values) {
        return names.stream()
                .map(name -> values.getOrDefault(name, "").strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private static Optional<String> inFile(Path home) {
        try {
            return Files.readAllLines(home.resolve(".env")).stream()
                    .map(LINE::matcher)
                    .filter(Matcher::matches)
                    .map(line -> line.group(2))
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty(); // none, or one that cannot be read, which is said by who reads it
        }
    }

    private static Optional<Locale> known(String word) {
        Choice words = (Choice) KnownSettings.named(NAME).orElseThrow().kind();
        try {
            return Optional.of(locale(words.parse(word)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
