package dev.kafkaloom.history;

import dev.kafkaloom.history.Anomaly.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the checker found.
 *
 * @param anomalies of every kind, those that are only counted among them
 * @param figures how much there was to look at: a history of nothing is always right
 */
public record Verdict(List<Anomaly> anomalies, Figures figures) {

    /** How many lines of each sort there were. */
    public record Figures(
            long sent, long acknowledged, long delivered, long done, long commits, long members, long rests) {
        static Figures of(History history) {
            return new Figures(
                    history.of(Event.Send.class).count(),
                    history.of(Event.Ok.class).count(),
                    history.of(Event.Delivered.class).count(),
                    history.of(Event.Done.class).count(),
                    history.of(Event.Committed.class).count(),
                    history.of(Event.Assigned.class)
                            .map(it -> it.group() + " " + it.member())
                            .distinct()
                            .count(),
                    history.of(Event.Rest.class).count());
        }

        @Override
        public String toString() {
            return "%d sent, %d acknowledged, %d delivered, %d commits seen, %d members, %d times at rest"
                    .formatted(sent, acknowledged, delivered, commits, members, rests);
        }
    }

    /** Whether nothing is wrong but what at least once allows. */
    public boolean isOk() {
        return isOk(EnumSet.complementOf(EnumSet.of(Kind.REDELIVERED)));
    }

    boolean isOk(Set<Kind> denied) {
        return anomalies.stream().noneMatch(it -> denied.contains(it.kind()));
    }

    long count(Kind kind) {
        return anomalies.stream().filter(it -> it.kind() == kind).count();
    }

    /** How many records a group got more than once. */
    public long redelivered() {
        return count(Kind.REDELIVERED);
    }

    /** How many deliveries there are. */
    public long delivered() {
        return figures.delivered();
    }

    /** The kinds that were found and are denied. */
    Set<Kind> kinds() {
        return anomalies.stream().map(Anomaly::kind).collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class)));
    }

    /** The verdict in one line. */
    String line(Set<Kind> denied) {
        Map<Kind, Long> wrong = new EnumMap<>(Kind.class);
        Map<Kind, Long> allowed = new EnumMap<>(Kind.class);
        anomalies.forEach(it -> (denied.contains(it.kind()) ? wrong : allowed).merge(it.kind(), 1L, Long::sum));
        String also = allowed.isEmpty() ? "" : ", " + counts(allowed);
        return "history: " + (wrong.isEmpty() ? "ok" : counts(wrong)) + "; " + figures + also;
    }

    private static String counts(Map<Kind, Long> kinds) {
        return kinds.entrySet().stream()
                .map(it -> it.getValue() + " " + it.getKey())
                .collect(Collectors.joining(", "));
    }

    /** The first of each kind that is denied, a line each. */
    List<String> examples(Set<Kind> denied, int ofEach) {
        List<String> lines = new ArrayList<>();
        for (Kind kind : denied) {
            anomalies.stream()
                    .filter(it -> it.kind() == kind)
                    .limit(ofEach)
                    .forEach(it -> lines.add("history: " + kind + ": " + it.what()));
        }
        return lines;
    }

    /** The verdict and examples, for the message of a failed test. */
    @Override
    public String toString() {
        Set<Kind> denied = EnumSet.complementOf(EnumSet.of(Kind.REDELIVERED));
        return line(denied) + "\n" + String.join("\n", examples(denied, 5));
    }
}
