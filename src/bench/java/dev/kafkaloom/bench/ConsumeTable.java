package dev.kafkaloom.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The rounds of {@link ConsumeBench} as a Markdown table: ratios of neighbours in a round, and of these the middle, lowest and highest. */
final class ConsumeTable {
    private static final double NO_GOAL = Double.POSITIVE_INFINITY;

    private final Map<ConsumeTopic, List<Map<ConsumeSide, ConsumeFigure>>> rounds = new HashMap<>();

    void add(ConsumeTopic topic, Map<ConsumeSide, ConsumeFigure> round) {
        rounds.computeIfAbsent(topic, _ -> new ArrayList<>()).add(round);
    }

    String of(List<ConsumeTopic> topics, boolean librdkafka) {
        StringBuilder text = new StringBuilder(
                "\n| case | client | CPU s per million records | with JIT | records/s | B allocated/record "
                        + "| peak MB | broker CPU s/M | CPU of kafka-loom / this one (lowest to highest) | goal | met |\n"
                        + "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |\n");
        for (ConsumeTopic topic : topics) {
            String label = topic.label() + ", copied";
            double goal = !topic.isPlain() ? 0.7 : topic.valueBytes() < 1000 ? 0.6 : 0.5;
            double bytes = topic.valueBytes() < 1000 ? NO_GOAL : 1200;
            text.append(ours(label, topic, ConsumeSide.OURS, bytes));
            text.append(beside(label, topic, ConsumeSide.OURS, ConsumeSide.KAFKA, goal));
            if (librdkafka) {
                text.append(beside(label, topic, ConsumeSide.OURS, ConsumeSide.RDKAFKA, NO_GOAL));
            }
        }
        for (ConsumeTopic topic : topics.stream().filter(ConsumeTopic::isPlain).toList()) {
            String label = topic.label() + ", nobody copies";
            text.append(ours(label, topic, ConsumeSide.OURS_VIEWS, 100));
            text.append(beside(label, topic, ConsumeSide.OURS_VIEWS, ConsumeSide.KAFKA, NO_GOAL));
            if (librdkafka) {
                text.append(beside(label, topic, ConsumeSide.OURS_VIEWS, ConsumeSide.RDKAFKA_POINTERS, 1));
            }
        }
        for (ConsumeTopic topic : topics.stream().filter(ConsumeTopic::isPlain).toList()) {
            if (rounds.get(topic).getFirst().containsKey(ConsumeSide.KAFKA_AGAIN)) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s, noise | %s | | | | | | | %s | | |%n",
                        topic.label(),
                        "kafka-clients / kafka-clients",
                        spread(ratios(topic, ConsumeSide.KAFKA, ConsumeSide.KAFKA_AGAIN))));
            }
        }
        return text.toString();
    }

    private String ours(String label, ConsumeTopic topic, ConsumeSide side, double bytes) {
        double allocated = median(topic, side, ConsumeFigure::bytesPerRecord);
        String goal = bytes == NO_GOAL ? "" : String.format(Locale.ROOT, "≤ %.0f B", bytes);
        return absolutes(label, topic, side) + " | | " + goal + " | " + met(allocated, bytes) + " |\n";
    }

    private String beside(String label, ConsumeTopic topic, ConsumeSide ours, ConsumeSide other, double goal) {
        List<Double> ratios = ratios(topic, ours, other);
        String wanted = goal == NO_GOAL ? "" : String.format(Locale.ROOT, "≤ %.1f", goal);
        return absolutes(label, topic, other) + " | " + spread(ratios) + " | " + wanted + " | "
                + met(Figures.median(ratios), goal) + " |\n";
    }

    private static String met(double value, double goal) {
        return goal == NO_GOAL ? "" : value <= goal ? "yes" : "NO";
    }

    private String absolutes(String label, ConsumeTopic topic, ConsumeSide side) {
        double allocated = median(topic, side, ConsumeFigure::bytesPerRecord);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f | %.0f k | %s | %.0f | %.2f",
                label,
                side.label,
                median(topic, side, ConsumeFigure::work),
                median(topic, side, ConsumeFigure::total),
                median(topic, side, ConsumeFigure::perSecond) / 1000,
                side.isC() ? "" : String.format(Locale.ROOT, "%.0f", allocated),
                median(topic, side, ConsumeFigure::peak),
                median(topic, side, ConsumeFigure::brokerPerMillion));
    }

    private double median(ConsumeTopic topic, ConsumeSide side, ToDoubleFunction<ConsumeFigure> of) {
        return Figures.median(rounds.get(topic).stream()
                .map(round -> of.applyAsDouble(round.get(side)))
                .toList());
    }

    private List<Double> ratios(ConsumeTopic topic, ConsumeSide above, ConsumeSide below) {
        return rounds.get(topic).stream()
                .map(round -> round.get(above).work() / round.get(below).work())
                .toList();
    }

    private static String spread(List<Double> ratios) {
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f to %.2f)",
                Figures.median(ratios),
                Collections.min(ratios),
                Collections.max(ratios));
    }
}
