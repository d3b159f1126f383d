package dev.kafkaloom.consumer.assignor;

import java.util.List;
import java.util.Locale;

/** The assignors that Kafka's own clients have, under the same names. Stateless. */
public final class Assignors {
    private static final String KAFKAS = "org.apache.kafka.clients.consumer.";
    private static final List<Assignor> ALL = List.of(
            new RangeAssignor(), new RoundRobinAssignor(), new StickyAssignor(), new CooperativeStickyAssignor());

    private Assignors() {}

    /** All of them. */
    public static List<Assignor> all() {
        return ALL;
    }

    /**
     * Finds one by the name of the group protocol ({@code cooperative-sticky}) or by that of the Java client's class, with or without its
     * package and {@code Assignor}; upper and lower case are the same. Nothing is ever loaded by its name.
     *
     * @throws IllegalArgumentException if there is none, naming those that are
     */
    public static Assignor named(String name) {
        String asked = plain(name.startsWith(KAFKAS) ? name.substring(KAFKAS.length()) : name);
        return ALL.stream()
                .filter(assignor -> asked.equals(plain(assignor.name())))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no assignor '" + name + "'; there are "
                        + String.join(", ", ALL.stream().map(Assignor::name).toList())));
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT).replace("-", "");
        return lower.endsWith("assignor") ? lower.substring(0, lower.length() - "assignor".length()) : lower;
    }
}
