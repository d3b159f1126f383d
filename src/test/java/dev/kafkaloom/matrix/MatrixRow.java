package dev.kafkaloom.matrix;

import dev.kafkaloom.embedded.TestedRelease;
import dev.kafkaloom.message.ApiKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured on one release, and its line of the README's matrix.
 *
 * @param started  how long the broker took
 * @param used     the highest version of each API that was used
 * @param outcomes of each check
 */
record MatrixRow(
        TestedRelease release, Duration started, Map<ApiKey, Short> used, Map<Check, MatrixRow.Outcome> outcomes) {
    private static final List<ApiKey> APIS = List.of(
            ApiKey.PRODUCE,
            ApiKey.FETCH,
            ApiKey.METADATA,
            ApiKey.LIST_OFFSETS,
            ApiKey.OFFSET_COMMIT,
            ApiKey.OFFSET_FETCH);

    /** The cell of a check that did not pass. */
    static final String FAILED = "FAILED";

    /** @param failure null when it passed */
    record Outcome(Duration took, Throwable failure) {
        boolean ok() {
            return failure == null;
        }
    }

    boolean ok() {
        return outcomes.values().stream().allMatch(Outcome::ok);
    }

    /** The table's head and the line below it, in Markdown. */
    static List<String> head() {
        List<String> cells = new ArrayList<>(List.of("Kafka", "mode", "start", "codecs"));
        APIS.forEach(api -> cells.add(api.apiName()));
        for (Check check : Check.values()) {
            cells.add(check.title());
        }
        return List.of(line(cells), line(cells.stream().map(cell -> "---").toList()));
    }

    /** Its line, in Markdown: versions, and for each check whether it passed and how long it took. */
    String markdown() {
        List<String> cells = new ArrayList<>();
        cells.add(release.version());
        cells.add(modeOf(release));
        cells.add("%.1f s".formatted(started.toMillis() / 1e3));
        cells.add(RecordChecks.codecs(release).size() == 5 ? "all" : "all but zstd");
        APIS.forEach(api -> cells.add(used.containsKey(api) ? "v" + used.get(api) : "-"));
        for (Check check : Check.values()) {
            Outcome outcome = outcomes.get(check);
            cells.add(outcome.ok() ? "ok, " + outcome.took().toMillis() + " ms" : FAILED);
        }
        return line(cells);
    }

    /** The cell that says the mode. */
    static String modeOf(TestedRelease release) {
        return switch (release.mode()) {
            case ZOOKEEPER -> "ZooKeeper";
            case KRAFT -> "KRaft";
            case DEFAULT -> release.mode().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}
