package dev.kafkaloom.ordeal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@link WorkChecker} found.
 *
 * @param counts how often what was wrong
 * @param examples a line each
 * @param figures how much there was to look at: a history of nothing is always right
 */
record WorkVerdict(Map<Wrong, Long> counts, List<String> examples, Figures figures) {

    /**
     * How much there was.
     *
     * @param again records done more often than once, each time counted
     * @param mostAgain most of them after one kill
     */
    record Figures(
            long logged,
            long done,
            long dead,
            long handed,
            long refused,
            long again,
            long mostAgain,
            long kills,
            long commits) {
        @Override
        public String toString() {
            return "%d records, %d done, %d dead letters, %d times refused, %d done again (most after one of %d kills: %d), %d commits seen"
                    .formatted(logged, done, dead, refused, again, kills, mostAgain, commits);
        }
    }

    boolean isOk() {
        return counts.isEmpty();
    }

    Set<Wrong> kinds() {
        return counts.keySet();
    }

    /** In one line. */
    String line() {
        String wrong = counts.entrySet().stream()
                .map(it -> it.getValue() + " " + it.getKey())
                .collect(Collectors.joining(", "));
        return (wrong.isEmpty() ? "ok" : wrong) + "; " + figures;
    }

    /** With examples, for the message of a failed test. */
    @Override
    public String toString() {
        return line() + "\n" + String.join("\n", examples);
    }
}
