package dev.kafkaloom.ordeal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what is wrong: all of it is counted, the first of each kind kept. For one thread. */
final class Findings {
    private static final int EXAMPLES = 5;

    private final Map<Wrong, Long> counts = new EnumMap<>(Wrong.class);
    private final Map<Wrong, List<String>> examples = new EnumMap<>(Wrong.class);

    void add(Wrong kind, String what) {
        counts.merge(kind, 1L, Long::sum);
        List<String> lines = examples.computeIfAbsent(kind, _ -> new ArrayList<>());
        if (lines.size() < EXAMPLES) {
            lines.add(kind + ": " + what);
        }
    }

    Map<Wrong, Long> counts() {
        return counts;
    }

    List<String> examples() {
        return examples.values().stream().flatMap(List::stream).toList();
    }
}
