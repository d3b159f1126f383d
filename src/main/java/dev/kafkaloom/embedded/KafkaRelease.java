package dev.kafkaloom.embedded;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A release of Apache Kafka and what starting it needs. Immutable.
 *
 * @param version as Maven Central spells it: {@code 4.3.1}, {@code 0.9.0.1}
 * @param line    the feature line as one number that compares: 0.9 is 900, 0.10.2 is 1002, 2.8 is 20800, 4.3 is 40300
 */
record KafkaRelease(String version, int line) {
    private static final Pattern FORM =
            Pattern.compile("0\\.\\d{1,2}\\.\\d{1,2}\\.\\d{1,2}|[1-9]\\.\\d{1,2}\\.\\d{1,2}");
    private static final int OLDEST = 900;

    static KafkaRelease parse(String version) {
        if (!FORM.matcher(version).matches()) {
            throw new IllegalArgumentException(
                    "'" + version + "' is not a Kafka release; write it like 4.3.1 or 0.9.0.1");
        }
        int[] part =
                Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
        int line = part[0] == 0 ? part[1] * 100 + part[2] : part[0] * 10_000 + part[1] * 100;
        if (line < OLDEST) {
            throw new IllegalArgumentException(
                    "Kafka " + version + " is too old to be started here; 0.9.0.1 is the oldest");
        }
        return new KafkaRelease(version, line);
    }

    boolean atLeast(int otherLine) {
        return line >= otherLine;
    }

    /** The Scala line whose build of the broker is taken: the one that all releases of the Kafka line were published for. */
    String scala() {
        if (line < 10_000) {
            return "2.11";
        }
        return line < 20_600 ? "2.12" : "2.13";
    }

    /** Unless the options say which: ZooKeeper before 3.3, where KRaft was declared ready; KRaft since. */
    Options.Mode modeFor(Options options) {
        if (options.mode() != Options.Mode.DEFAULT) {
            return options.mode();
        }
        return line < 30_300 ? Options.Mode.ZOOKEEPER : Options.Mode.KRAFT;
    }

    /** Whether the release can run in a mode: KRaft came with 2.8, ZooKeeper left with 4.0. */
    boolean runsIn(Options.Mode mode) {
        return switch (mode) {
            case DEFAULT -> true;
            case KRAFT -> line >= 20_800;
            case ZOOKEEPER -> line < 40_000;
        };
    }

    /** Log4j 1.2 came with the broker until 1.0; later ones bring no SLF4J binding at all. */
    boolean bringsLog4j() {
        return line < 10_000;
    }
}
