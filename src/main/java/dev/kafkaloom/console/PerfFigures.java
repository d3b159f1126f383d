package dev.kafkaloom.console;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns of Kafka's consumer perf tool, from what was counted. Stateless. */
final class PerfFigures {
    /** Titles of the row over the whole run. */
    static final String HEADER = "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec,"
            + " rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec";

    /** Titles of a row for each interval. */
    static final String DETAILED_HEADER =
            "time, threadId, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec,"
                    + " rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec";

    private static final double MEGABYTE = 1024 * 1024;
    private static final String ALONE = "0"; // the thread's number: there is one

    /**
     * What had been counted at some moment.
     *
     * @param rebalanceMillis how long there was no assignment, so far
     */
    record Count(Instant at, long records, long bytes, long rebalanceMillis) {}

    private PerfFigures() {}

    /** The row over everything from {@code start} to {@code end}. */
    static Map<String, Object> summary(Count start, Count end, DateTimeFormatter times) {
        return row(HEADER, times.format(start.at), times.format(end.at), start, end);
    }

    /** The row of one interval: totals so far, speeds in it. */
    static Map<String, Object> interval(Count before, Count now, DateTimeFormatter times) {
        return row(DETAILED_HEADER, times.format(now.at), ALONE, before, now);
    }

    private static Map<String, Object> row(String header, String first, String second, Count from, Count to) {
        double seconds = Math.max(1, to.at.toEpochMilli() - from.at.toEpochMilli()) / 1e3;
        long rebalance = to.rebalanceMillis - from.rebalanceMillis;
        long fetch = Math.max(0, Math.round(seconds * 1e3) - rebalance);
        double fetchSeconds = fetch / 1e3;
        double megabytes = (to.bytes - from.bytes) / MEGABYTE;
        long records = to.records - from.records;
        Object[] cells = {
            first,
            second,
            to.bytes / MEGABYTE,
            megabytes / seconds,
            to.records,
            records / seconds,
            rebalance,
            fetch,
            fetch == 0 ? 0.0 : megabytes / fetchSeconds,
            fetch == 0 ? 0.0 : records / fetchSeconds
        };
        Map<String, Object> row = new LinkedHashMap<>();
        String[] names = header.split(", ", -1);
        for (int i = 0; i < names.length; i++) {
            row.put(names[i], cells[i]);
        }
        return row;
    }

    /** The row as the tool prints it. */
    static String line(Map<String, Object> row) {
        return row.values().stream()
                .map(cell ->
                        cell instanceof Double number ? String.format(Locale.ROOT, "%.4f", number) : cell.toString())
                .collect(Collectors.joining(", "));
    }
}
