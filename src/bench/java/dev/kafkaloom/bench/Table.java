package dev.kafkaloom.bench;

import java.util.Locale;
import java.util.Map;

/** The result as Markdown. */
final class Table {
    private Table() {}

    static String of(Map<Case, Figures> figures) {
        StringBuilder out = new StringBuilder();
        out.append("\n| case | kafka-loom | kafka-clients | times as fast | by CPU | garbage | goal | met |\n");
        out.append("| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |\n");
        figures.forEach((one, found) -> out.append(String.format(
                Locale.ROOT,
                "| %s | %s, %s | %s, %s | %.2f | %.2f | %.2f | %s | %s |%n",
                one.label(),
                time(found.oursMicros()),
                bytes(found.oursBytes()),
                time(found.kafkaMicros()),
                bytes(found.kafkaBytes()),
                found.faster(),
                found.fasterByCpu(),
                found.garbage(),
                one.goal().text(),
                found.meets(one.goal()) ? "yes" : "NO")));
        return out.toString();
    }

    private static String time(double micros) {
        return String.format(Locale.ROOT, micros < 100 ? "%.1f µs" : "%.0f µs", micros);
    }

    private static String bytes(double bytes) {
        return String.format(Locale.ROOT, bytes < 10_000 ? "%.1f kB" : "%.0f kB", bytes / 1000);
    }
}
