package dev.kafkaloom.proof;

import dev.kafkaloom.history.Timeline;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * How long groups took after each kill of a broker. Fetching: from the moment when the partition has another leader and a record is there
 * that was acknowledged after the kill, until that record is delivered. The group: from the kill until an offset behind such a record is
 * committed, in each partition.
 */
record Recovery(List<Taken> taken) {
    private static final Duration FETCHING = Duration.ofSeconds(2);

    /**
     * A broker that was killed.
     *
     * @param at when, as in a history
     * @param ledAgain when the partitions it led had another leader
     * @param coordinated groups that lost their coordinator
     */
    record Kill(int broker, long at, Map<TopicPartition, Long> ledAgain, List<String> coordinated) {
        Duration failover() {
            return Duration.ofNanos(
                    ledAgain.values().stream().mapToLong(it -> it - at).max().orElse(0));
        }
    }

    /** The worst of all partitions and groups; null where there was nothing to recover from. */
    record Taken(Kill kill, Duration fetching, Duration group) {
        @Override
        public String toString() {
            return "broker %d killed, other leaders of %d partitions after %d ms, fetching %s after that; %d groups without coordinator, %s"
                    .formatted(
                            kill.broker(),
                            kill.ledAgain().size(),
                            kill.failover().toMillis(),
                            millis(fetching),
                            kill.coordinated().size(),
                            millis(group));
        }

        private static String millis(Duration it) {
            return it == null ? "-" : it.toMillis() + " ms";
        }
    }

    static Recovery of(Path history, List<Kill> kills, List<String> groups) throws IOException {
        Timeline timeline = Timeline.read(history);
        List<Taken> all = new ArrayList<>();
        for (Kill kill : kills) {
            Duration fetching = null;
            for (Map.Entry<TopicPartition, Long> led : kill.ledAgain().entrySet()) {
                for (String group : groups) {
                    fetching = longer(fetching, fetching(timeline, kill, led.getKey(), led.getValue(), group));
                }
            }
            Duration committing = null;
            for (String group : kill.coordinated()) {
                for (TopicPartition tp : timeline.partitions()) {
                    committing = longer(committing, committing(timeline, kill, tp, group));
                }
            }
            all.add(new Taken(kill, fetching, committing));
        }
        return new Recovery(all);
    }

    private static Duration fetching(Timeline timeline, Kill kill, TopicPartition tp, long ledAgain, String group) {
        Timeline.Acknowledged first = timeline.acknowledgedAfter(tp, kill.at()).orElse(null);
        if (first == null) {
            return Duration.ZERO; // nothing was to be fetched
        }
        OptionalLong delivered = timeline.delivered(group, tp, first.offset());
        long from = Math.max(ledAgain, first.at());
        return Duration.ofNanos(Math.max(0, delivered.orElse(Long.MAX_VALUE) - from));
    }

    private static Duration committing(Timeline timeline, Kill kill, TopicPartition tp, String group) {
        Timeline.Acknowledged first = timeline.acknowledgedAfter(tp, kill.at()).orElse(null);
        if (first == null) {
            return Duration.ZERO;
        }
        OptionalLong committed = timeline.committed(group, tp, first.offset() + 1);
        return Duration.ofNanos(Math.max(0, committed.orElse(Long.MAX_VALUE) - kill.at()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one == null || one.compareTo(other) < 0 ? other : one;
    }

    private Duration worst(Function<Taken, Duration> of) {
        return taken.stream().map(of).reduce(null, (a, b) -> b == null ? a : longer(a, b));
    }

    boolean isInTime() {
        Duration fetching = worst(Taken::fetching);
        Duration group = worst(Taken::group);
        return fetching != null
                && group != null
                && fetching.compareTo(FETCHING) <= 0
                && group.compareTo(KillLoop.SESSION.multipliedBy(2)) <= 0;
    }

    List<String> lines() {
        return taken.stream().map(Taken::toString).toList();
    }

    String figure() {
        return taken.size() + " kills, other leaders after at most "
                + worst(it -> it.kill().failover()).toMillis() + " ms, fetching after that within "
                + Taken.millis(worst(Taken::fetching))
                + ", commits after the coordinator's death within " + Taken.millis(worst(Taken::group));
    }
}
