package dev.kafkaloom.bench;

import dev.kafkaloom.network.SendBench;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One row of the table: two benchmark methods with one parameter.
 *
 * @param label as in the table
 * @param type the class of the benchmarks
 * @param method what the two methods' names begin with; {@code Ours} and {@code Kafka} follow
 * @param parameter name of the parameter
 * @param value of the parameter
 * @param usual whether it runs when nothing was selected
 */
record Case(String label, Class<?> type, String method, String parameter, String value, Goal goal, boolean usual) {
    private static final double MESSAGES_FASTER = 1.0;
    private static final double MESSAGES_GARBAGE = 0.7;
    private static final double READ_FASTER = 2.0;
    private static final double WRITTEN_FASTER = 1.3;
    private static final double RECORDS_GARBAGE = 0.5;
    private static final double METADATA_MICROS = 600;

    /**
     * What the figures have to be.
     *
     * @param faster how many times as fast as kafka-clients, at least
     * @param garbage bytes allocated relative to kafka-clients, at most
     * @param micros absolute limit in microseconds
     */
    record Goal(double faster, double garbage, double micros) {
        Goal(double faster, double garbage) {
            this(faster, garbage, Double.POSITIVE_INFINITY);
        }

        String text() {
            String absolute = Double.isInfinite(micros) ? "" : String.format(Locale.ROOT, ", ≤ %.0f µs", micros);
            return String.format(Locale.ROOT, "≥ %.1f×, ≤ %.1f", faster, garbage) + absolute;
        }
    }

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (Sample sample : Sample.values()) {
            Goal goal = new Goal(MESSAGES_FASTER, MESSAGES_GARBAGE);
            Goal read = sample.isMetadata() ? new Goal(MESSAGES_FASTER, MESSAGES_GARBAGE, METADATA_MICROS) : goal;
            cases.add(message(sample, "read", read));
            cases.add(message(sample, "write", goal));
        }
        Goal messages = new Goal(MESSAGES_FASTER, MESSAGES_GARBAGE);
        cases.add(new Case(
                "ProduceRequest v12, to the socket", SendBench.class, "send", "version", "12", messages, true));
        for (Codec codec : Codec.values()) {
            cases.add(records(codec, "write", "written", new Goal(WRITTEN_FASTER, RECORDS_GARBAGE)));
            cases.add(records(codec, "view", "read in place", new Goal(READ_FASTER, RECORDS_GARBAGE)));
            cases.add(records(codec, "copies", "keys and values copied", new Goal(READ_FASTER, RECORDS_GARBAGE)));
            cases.add(records(codec, "objects", "read as objects", new Goal(READ_FASTER, RECORDS_GARBAGE)));
        }
        return cases;
    }

    private static Case message(Sample sample, String method, Goal goal) {
        String label = sample.label + ", " + (method.equals("read") ? "read" : "written");
        return new Case(label, MessageBench.class, method, "sample", sample.name(), goal, sample.usual);
    }

    private static Case records(Codec codec, String method, String done, Goal goal) {
        String label = "1000 records, " + codec.name().toLowerCase(Locale.ROOT) + ", " + done;
        return new Case(label, RecordBench.class, method, "codec", codec.name(), goal, true);
    }

    /** Whether all of the words are in the label, whatever their case. */
    boolean matches(String words) {
        String text = label.toLowerCase(Locale.ROOT);
        for (String word : words.strip().toLowerCase(Locale.ROOT).split("\\s+", -1)) {
            if (!text.contains(word)) {
                return false;
            }
        }
        return true;
    }
}
