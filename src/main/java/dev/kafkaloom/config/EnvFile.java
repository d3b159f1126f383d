package dev.kafkaloom.config;

import io.github.cdimascio.dotenv.Dotenv;
import io.github.cdimascio.dotenv.DotenvEntry;
import io.github.cdimascio.dotenv.DotenvException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code .env}: dotenv-java parses it; this adds the line numbers and expands <code>${NAME}</code>, from the real environment
 * first, then from the file itself, wherever in it the name stands, then from the defaults. A value in single quotes is taken as it is.
 */
final class EnvFile {
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*([\\w.\\-]+)\\s*=\\s*(.?).*");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    /** A variable with its expanded value; {@code text} is empty when the file leaves it so. */
    record Entry(String name, String text, String where) {}

    private record Line(int number, boolean literal) {}

    private final String label;
    private final Map<String, String> environment;
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final Map<String, String> raw = new LinkedHashMap<>();
    private final Set<String> referenced = new HashSet<>();

    private EnvFile(String label, Map<String, String> environment) {
        this.label = label;
        this.environment = environment;
    }

    /** Reads the file; one that is not there has no entries. */
    static EnvFile read(Path file, String label, Map<String, String> environment) {
        EnvFile env = new EnvFile(label, environment);
        try {
            env.number(Files.readAllLines(file));
        } catch (NoSuchFileException _) {
            return env;
        } catch (CharacterCodingException e) {
            throw new ConfigException(label, "", Phrase.of("config.file.not-utf8"), e);
        } catch (IOException e) {
            throw new ConfigException(label, "", Phrase.of("config.file.unreadable", e.getMessage()), e);
        }
        env.parse(file);
        return env;
    }

    /** Numbers the lines, and finds what dotenv-java would let pass: a name given twice. */
    private void number(List<String> text) {
        for (int i = 0; i < text.size(); i++) {
            Matcher match = ASSIGNMENT.matcher(text.get(i));
            if (match.matches()) {
                Line twin = lines.putIfAbsent(
                        match.group(1), new Line(i + 1, match.group(2).equals("'")));
                if (twin != null) {
                    throw new ConfigException(
                            label + ":" + (i + 1),
                            match.group(1),
                            Phrase.of("config.twice", label + ":" + twin.number));
                }
            } else if (!text.get(i).isBlank() && !text.get(i).stripLeading().startsWith("#")) {
                throw new ConfigException(label + ":" + (i + 1), "", Phrase.of("config.env.line"));
            }
        }
    }

    private void parse(Path file) {
        try {
            Dotenv dotenv = Dotenv.configure()
                    .directory(file.toAbsolutePath().getParent().toString())
                    .filename(file.getFileName().toString())
                    .load();
            for (DotenvEntry entry : dotenv.entries(Dotenv.Filter.DECLARED_IN_ENV_FILE)) {
                raw.put(entry.getKey(), entry.getValue());
            }
        } catch (DotenvException e) {
            throw new ConfigException(label, "", Phrase.of("config.env.quote", e.getMessage()), e);
        }
        // after a comment sign inside of a quote dotenv-java drops a line without a word
        for (Map.Entry<String, Line> line : lines.entrySet()) {
            if (!raw.containsKey(line.getKey())) {
                throw new ConfigException(where(line.getKey()), line.getKey(), Phrase.of("config.env.whole"));
            }
        }
    }

    /** The entries in the order of the file, expanded. */
    List<Entry> entries() {
        return lines.keySet().stream()
                .map(name -> new Entry(name, expand(name, new ArrayDeque<>()).strip(), where(name)))
                .toList();
    }

    /** Whether another value of the file refers to this name; known only after {@link #entries()}. */
    boolean isReferenced(String name) {
        return referenced.contains(name);
    }

    private String where(String name) {
        return label + ":" + lines.get(name).number;
    }

    private String expand(String name, Deque<String> path) {
        String text = raw.get(name);
        if (lines.get(name).literal) {
            return text.length() > 1 && text.endsWith("'") ? text.substring(1, text.length() - 1) : text;
        }
        path.push(name);
        Matcher match = REFERENCE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (match.find()) {
            match.appendReplacement(expanded, Matcher.quoteReplacement(resolve(match.group(1), path)));
        }
        path.pop();
        return match.appendTail(expanded).toString();
    }

    private String resolve(String name, Deque<String> path) {
        referenced.add(name);
        if (path.contains(name)) {
            throw new ConfigException(where(path.peek()), path.peek(), Phrase.of("config.env.circle", name));
        }
        if (environment.containsKey(name)) {
            return environment.get(name);
        }
        if (!raw.containsKey(name)) {
            Optional<Spec> setting = KnownSettings.ofVariable(name);
            if (setting.isPresent()) {
                return setting.get().fallback();
            }
            throw new ConfigException(where(path.peek()), path.peek(), Phrase.of("config.env.nowhere", name));
        }
        return expand(name, path);
    }
}
