package dev.kafkaloom.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A parsed command line.
 *
 * @param values the values of each option given, by {@link Flag#key()}
 * @param plain  what is no option
 */
public record Arguments(Map<String, List<String>> values, List<String> plain) {
    public boolean has(String key) {
        return values.containsKey(key);
    }

    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key)).map(List::getLast);
    }

    public List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** A whole number within bounds. */
    public Optional<Integer> number(String key, int lowest) {
        return value(key).map(text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= lowest) {
                    return number;
                }
            } catch (NumberFormatException _) {
                // told below
            }
            throw new UsageException("--" + key + " must be a whole number from " + lowest + " on, not '" + text + "'");
        });
    }
}
