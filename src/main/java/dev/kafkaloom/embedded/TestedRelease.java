package dev.kafkaloom.embedded;

import dev.kafkaloom.embedded.Options.Mode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A release of Apache Kafka, in one of its modes, that kafka-loom is tested on. The one list that the demo, the tests and the README's
 * matrix share.
 *
 * @param version as Maven Central spells it: {@code 4.3.1}, {@code 0.9.0.1}
 * @param mode    {@link Mode#ZOOKEEPER} or {@link Mode#KRAFT}
 */
public record TestedRelease(String version, Mode mode) {
    /** The oldest that is supported: no ApiVersions, message sets v0, no topics by request. */
    public static final TestedRelease OLDEST = new TestedRelease("0.9.0.1", Mode.ZOOKEEPER);
    /** One of the years between: the first with flexible versions (KIP-482) and with ApiVersions v3 (KIP-511). */
    public static final TestedRelease MIDDLE = new TestedRelease("2.4.1", Mode.ZOOKEEPER);

    public static final TestedRelease NEWEST = new TestedRelease("4.4.0", Mode.KRAFT);

    private static final List<TestedRelease> ALL = List.of(
            OLDEST,
            new TestedRelease("0.10.0.1", Mode.ZOOKEEPER),
            new TestedRelease("0.10.2.2", Mode.ZOOKEEPER),
            new TestedRelease("0.11.0.3", Mode.ZOOKEEPER),
            new TestedRelease("1.1.1", Mode.ZOOKEEPER),
            new TestedRelease("2.0.1", Mode.ZOOKEEPER),
            MIDDLE,
            new TestedRelease("2.8.2", Mode.ZOOKEEPER),
            new TestedRelease("2.8.2", Mode.KRAFT),
            new TestedRelease("3.3.2", Mode.ZOOKEEPER),
            new TestedRelease("3.3.2", Mode.KRAFT),
            new TestedRelease("3.9.2", Mode.ZOOKEEPER),
            new TestedRelease("3.9.2", Mode.KRAFT),
            new TestedRelease("4.1.2", Mode.KRAFT),
            new TestedRelease("4.3.1", Mode.KRAFT),
            NEWEST);

    /** All of them, oldest first; of one release ZooKeeper before KRaft. */
    public static List<TestedRelease> all() {
        return ALL;
    }

    /**
     * What a selection names: {@code all}; {@code quick}, which is the oldest, one in the middle and the newest; or a list such as
     * {@code 0.9.0.1,2.8.2} (every mode of it) {@code ,3.9.2-kraft}.
     *
     * @throws IllegalArgumentException a name that is not on the list; the message has those that are
     */
    public static List<TestedRelease> select(String selection) {
        return switch (selection.strip()) {
            case "all" -> ALL;
            case "quick", "" -> List.of(OLDEST, MIDDLE, NEWEST);
            default ->
                Arrays.stream(selection.strip().split("\\s*,\\s*"))
                        .flatMap(name -> named(name).stream())
                        .distinct()
                        .toList();
        };
    }

    private static List<TestedRelease> named(String name) {
        List<TestedRelease> found = ALL.stream()
                .filter(each -> each.version().equals(name) || each.name().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("'" + name + "' is not among the releases that are tested: all, quick, "
                    + ALL.stream().map(TestedRelease::name).collect(Collectors.joining(", ")));
        }
        return found;
    }

    /** {@code 2.8.2-kraft}: the release and its mode. */
    public String name() {
        return version + "-" + mode.name().toLowerCase(Locale.ROOT);
    }

    /** Whether the release has at least the features of another one. */
    public boolean since(String other) {
        return KafkaRelease.parse(version).atLeast(KafkaRelease.parse(other).line());
    }

    /** {@link EmbeddedBroker#start} of this release in this mode. */
    public EmbeddedBroker start(Options options) throws IOException, InterruptedException {
        return EmbeddedBroker.start(version, options.withMode(mode));
    }

    @Override
    public String toString() {
        return name();
    }
}
