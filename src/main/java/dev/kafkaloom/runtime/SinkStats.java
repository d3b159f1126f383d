package dev.kafkaloom.runtime;

import java.time.Duration;
import java.util.List;

/**
 * What the sink and the sinkers of this process have done so far, and how they stand. Immutable.
 *
 * @param sink its name, as "sinker" has it
 * @param done records that the sink is done with
 * @param bytes keys and values of those
 * @param failedAttempts calls of the sink that left a record not done
 * @param retries how often records had to be handed over again, counted in calls
 * @param rejected records that the sink cannot ever handle
 * @param deadLettered records that went to the dead-letter topic: rejected ones, and those out of attempts
 * @param inFlight records in the sink's hands now
 * @param retrying records that the sink has failed with and that will be handed over again
 * @param paused whether the sinkers are paused by hand
 * @param recordsPerSecond the limit in force; 0: none
 * @param p50Micros of the calls in the last minute or two, as the others; 0 without any
 * @param oldestInHand how long the sink has been trying the record it has been trying longest; zero when it has none
 * @param sinkers how many take from the storage; 0 when there is none
 * @param restarts how often one of these had to be started again
 * @param troubles what keeps records from getting done, a line each; empty when nothing does
 */
public record SinkStats(
        String sink,
        long done,
        long bytes,
        long failedAttempts,
        long retries,
        long rejected,
        long deadLettered,
        long inFlight,
        long retrying,
        boolean paused,
        long recordsPerSecond,
        long p50Micros,
        long p95Micros,
        long p99Micros,
        long maxMicros,
        Duration oldestInHand,
        int sinkers,
        int restarts,
        List<String> troubles) {
    /** Of a sink that nothing has come to. */
    public static final SinkStats NONE =
            new SinkStats("", 0, 0, 0, 0, 0, 0, 0, 0, false, 0, 0, 0, 0, 0, Duration.ZERO, 0, 0, List.of());

    /** Takes an unmodifiable copy. */
    public SinkStats {
        troubles = List.copyOf(troubles);
    }
}
