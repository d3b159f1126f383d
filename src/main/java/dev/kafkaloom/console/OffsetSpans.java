package dev.kafkaloom.console;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.consumer.IsolationLevel;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which offsets of which partitions are read: one span for all, and others for some by their number. Immutable; looking up blocks on
 * brokers.
 *
 * @param others by partition
 */
record OffsetSpans(OffsetSpan all, SortedMap<Integer, OffsetSpan> others) {
    private static final Pattern OF_SOME = Pattern.compile("(\\d[\\d,-]*)=(.*)");

    /**
     * The offsets to be read of one partition.
     *
     * @param end exclusive; {@link Long#MAX_VALUE} when it goes on for ever
     */
    record Stretch(long start, long end) {}

    /** Reads {@code SPAN} and {@code PARTITIONS=SPAN}; {@link UsageException} with the grammar. */
    static OffsetSpans parse(List<String> words, OffsetSpan byDefault, Instant now) {
        OffsetSpan all = null;
        SortedMap<Integer, OffsetSpan> others = new TreeMap<>();
        for (String word : words) {
            Matcher some = OF_SOME.matcher(word);
            if (some.matches()) {
                OffsetSpan span = OffsetSpan.parse(some.group(2), now);
                for (int partition : PartitionList.parse("-o", some.group(1))) {
                    if (others.put(partition, span) != null) {
                        throw new UsageException("-o names partition " + partition + " twice");
                    }
                }
            } else if (all != null) {
                throw new UsageException(
                        "-o is given twice for the same partitions; PARTITIONS=OFFSET is for some of them");
            } else {
                all = OffsetSpan.parse(word, now);
            }
        }
        return new OffsetSpans(all == null ? byDefault : all, others);
    }

    OffsetSpan of(TopicPartition partition) {
        return others.getOrDefault(partition.partition(), all);
    }

    private boolean asksForTimes() {
        return Stream.concat(Stream.of(all), others.values().stream())
                .anyMatch(span -> span.from() instanceof OffsetSpan.Time);
    }

    /**
     * Finds the offsets.
     *
     * @param toTheEnd whether each ends at the latest where the log ends now
     * @param notes takes what a person should know: where a partition does not hold the offset that others do
     * @throws KafkaException when none of the partitions holds the offset that was asked for; or for a time on brokers before 0.10.1
     */
    SortedMap<TopicPartition, Stretch> in(
            KafkaClient client,
            Collection<TopicPartition> partitions,
            IsolationLevel isolation,
            boolean toTheEnd,
            List<String> notes)
            throws InterruptedException {
        if (asksForTimes()) {
            checkTimes(client);
        }
        Lookup lookup = new Lookup(client, new TreeSet<>(partitions), isolation);
        SortedMap<TopicPartition, Stretch> found = new TreeMap<>();
        int astray = 0;
        for (TopicPartition partition : lookup.partitions) {
            OffsetSpan span = of(partition);
            String doubt = lookup.doubt(partition, span);
            if (!doubt.isEmpty()) {
                astray++;
                notes.add(doubt);
            }
            found.put(partition, lookup.stretch(partition, span, toTheEnd));
        }
        if (astray > 0 && astray == found.size()) {
            throw new KafkaException.InvalidRequest(notes.getFirst());
        }
        return found;
    }

    private static void checkTimes(KafkaClient client) throws InterruptedException {
        boolean onlySegments = client.versions()
                .common(ApiKey.LIST_OFFSETS)
                .map(range -> range.highest() == 0)
                .orElse(true);
        if (onlySegments) {
            throw new KafkaException.UnsupportedVersion(
                    "these brokers cannot look offsets up by time, that exists since Kafka 0.10.1: give offsets to -o");
        }
    }

    /** What brokers say, each thing asked once for all partitions. */
    private static final class Lookup {
        private final KafkaClient client;
        private final SortedSet<TopicPartition> partitions;
        private final Map<TopicPartition, Long> starts;
        private final Map<TopicPartition, Long> ends;
        private final Map<Long, Map<TopicPartition, Long>> byTime = new TreeMap<>();

        Lookup(KafkaClient client, SortedSet<TopicPartition> partitions, IsolationLevel isolation)
                throws InterruptedException {
            this.client = client;
            this.partitions = partitions;
            this.starts = OffsetLookup.list(client, all(OffsetLookup.EARLIEST));
            this.ends = OffsetLookup.ends(client, partitions, isolation.id());
        }

        private Map<TopicPartition, Long> all(long time) {
            Map<TopicPartition, Long> asked = new TreeMap<>();
            partitions.forEach(partition -> asked.put(partition, time));
            return asked;
        }

        String doubt(TopicPartition partition, OffsetSpan span) {
            long start = starts.get(partition);
            long end = ends.get(partition);
            if (!(span.from() instanceof OffsetSpan.Exact(long offset)) || (offset >= start && offset <= end)) {
                return "";
            }
            return partition + " does not hold offset " + offset
                    + (start == end
                            ? ", it is empty: the next one is " + end
                            : ", it holds " + start + " to " + (end - 1));
        }

        Stretch stretch(TopicPartition partition, OffsetSpan span, boolean toTheEnd) throws InterruptedException {
            long logEnd = ends.get(partition);
            long from = Math.clamp(offset(partition, span.from(), 0), starts.get(partition), logEnd);
            long to = span.to() == null ? Long.MAX_VALUE : offset(partition, span.to(), from);
            return new Stretch(from, toTheEnd ? Math.min(to, logEnd) : to);
        }

        private long offset(TopicPartition partition, OffsetSpan.Point point, long from) throws InterruptedException {
            return switch (point) {
                case OffsetSpan.Start(long after) -> starts.get(partition) + after;
                case OffsetSpan.End(long before) -> ends.get(partition) - before;
                case OffsetSpan.Exact(long offset) -> offset;
                case OffsetSpan.Length(long count) -> from + count;
                case OffsetSpan.Time(long millis) -> atTime(partition, millis);
            };
        }

        /** Where nothing is that young, the end as it is now. */
        private long atTime(TopicPartition partition, long millis) throws InterruptedException {
            Map<TopicPartition, Long> offsets = byTime.get(millis);
            if (offsets == null) {
                offsets = OffsetLookup.list(client, all(millis));
                byTime.put(millis, offsets);
            }
            long offset = offsets.get(partition);
            return offset < 0 ? ends.get(partition) : offset;
        }
    }
}
