package dev.kafkaloom.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the rounds of one case came to, ours and theirs of a round side by side. */
final class Figures {
    /**
     * One fork.
     *
     * @param nanos time per operation
     * @param cpu processor time of the measuring thread per operation, in nanoseconds
     * @param bytes allocated per operation
     */
    record Fork(double nanos, double cpu, double bytes) {}

    private final List<Fork> ours = new ArrayList<>();
    private final List<Fork> kafka = new ArrayList<>();

    void add(boolean isOurs, Fork fork) {
        (isOurs ? ours : kafka).add(fork);
    }

    double oursMicros() {
        return median(ours.stream().map(Fork::nanos).toList()) / 1000;
    }

    double kafkaMicros() {
        return median(kafka.stream().map(Fork::nanos).toList()) / 1000;
    }

    double oursBytes() {
        return median(ours.stream().map(Fork::bytes).toList());
    }

    double kafkaBytes() {
        return median(kafka.stream().map(Fork::bytes).toList());
    }

    /** How many times as fast as theirs: the middle one of the rounds' ratios. */
    double faster() {
        return median(ratios(
                kafka.stream().map(Fork::nanos).toList(),
                ours.stream().map(Fork::nanos).toList()));
    }

    /** As {@link #faster}, by processor time. */
    double fasterByCpu() {
        return median(ratios(
                kafka.stream().map(Fork::cpu).toList(),
                ours.stream().map(Fork::cpu).toList()));
    }

    double garbage() {
        return median(ratios(
                ours.stream().map(Fork::bytes).toList(),
                kafka.stream().map(Fork::bytes).toList()));
    }

    boolean meets(Case.Goal goal) {
        return faster() >= goal.faster() && garbage() <= goal.garbage() && oursMicros() <= goal.micros();
    }

    private static List<Double> ratios(List<Double> above, List<Double> below) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(above.size(), below.size()); round++) {
            ratios.add(above.get(round) / below.get(round));
        }
        return ratios;
    }

    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
