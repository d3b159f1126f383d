package dev.kafkaloom.console;

import dev.kafkaloom.admin.CommittedOffsets;
import dev.kafkaloom.admin.LogRange;
import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.console.OffsetSpans.Stretch;
import dev.kafkaloom.consumer.Consumer;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.consumer.StartAt;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Goes over a dead-letter topic, from where something may be left to do to where it ended at the beginning, and keeps account of what was
 * sent again. Belongs to the thread that runs it.
 */
final class DeadLetterReading {
    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(1); // until something comes

    /** A letter, and the offset behind the record before it: what lies between is no record. */
    record Found(DeadLetter letter, long after) {
        TopicPartition partition() {
            return letter.stored().partition();
        }

        long offset() {
            return letter.stored().offset();
        }
    }

    /** Takes what one poll has brought; false when it wants no more. */
    interface Visitor {
        boolean visit(List<Found> letters) throws IOException, InterruptedException;
    }

    private final Session session;
    private final KafkaClient client;
    private final DeadLetterOrder order;
    private final SortedMap<TopicPartition, Redriven> redriven = new TreeMap<>();
    private final Map<TopicPartition, CommittedOffset> written = new TreeMap<>();

    DeadLetterReading(Session session, DeadLetterOrder order) {
        this.session = session;
        this.client = session.loom().client();
        this.order = order;
    }

    /** Reads; {@link #redriven} says more from now on. */
    void run(Visitor visitor) throws IOException, InterruptedException {
        SortedMap<TopicPartition, Stretch> open = stretches();
        open.values().removeIf(stretch -> stretch.start() >= stretch.end());
        if (open.isEmpty()) {
            return;
        }
        Map<TopicPartition, StartAt> starts = new TreeMap<>();
        Map<TopicPartition, Long> next = new TreeMap<>();
        open.forEach((partition, stretch) -> {
            starts.put(partition, StartAt.offset(stretch.start()));
            next.put(partition, stretch.start());
        });
        ConsumerConfig config = session.loom().consumerConfig().toBuilder()
                .autoOffsetReset(OffsetReset.NONE) // what is gone is told, not passed over
                .build();
        ReadingProgress progress = new ReadingProgress(session.out());
        try (Consumer<byte[], byte[]> consumer =
                Consumer.builder(client, config).scope(session.loom().scope()).assign(starts)) {
            boolean more = true;
            long lastCame = System.nanoTime();
            while (more && !TopicReading.reached(consumer, open)) {
                List<Found> found = found(consumer.poll(PERIOD).raw(), open, next);
                found.forEach(each -> progress.read(each.letter().stored()));
                more = found.isEmpty() || visitor.visit(found);
                if (!found.isEmpty()) {
                    lastCame = System.nanoTime();
                } else if (System.nanoTime() - lastCame > PATIENCE.toNanos()) {
                    throw new KafkaException.RequestTimedOut("reading topic " + order.topic(), PATIENCE);
                }
                progress.tell(() -> TopicReading.lag(consumer, open));
            }
        } finally {
            progress.end();
        }
    }

    private static List<Found> found(
            List<ConsumedRecord> records, Map<TopicPartition, Stretch> open, Map<TopicPartition, Long> next) {
        List<Found> found = new ArrayList<>(records.size());
        for (ConsumedRecord record : records) {
            if (record.offset() < open.get(record.partition()).end()) {
                found.add(new Found(DeadLetter.of(record), next.get(record.partition())));
                next.put(record.partition(), record.offset() + 1);
            }
        }
        return found;
    }

    private SortedMap<TopicPartition, Stretch> stretches() throws IOException, InterruptedException {
        SortedSet<TopicPartition> all = Topics.partitions(client, List.of(order.topic()));
        SortedSet<TopicPartition> wanted =
                all.stream().filter(order::has).collect(Collectors.toCollection(TreeSet::new));
        if (wanted.isEmpty()
                || (order.partitions() != null
                        && wanted.size() < order.partitions().size())) {
            throw new KafkaException.InvalidRequest("topic " + order.topic() + " has partitions 0 to "
                    + (all.size() - 1) + ", not all of those that -p names");
        }
        readProgress(wanted);
        List<String> notes = new ArrayList<>();
        SortedMap<TopicPartition, Stretch> found = order.offsets()
                .in(client, wanted, session.loom().consumerConfig().isolation(), true, notes);
        for (String note : notes) {
            session.out().note(note);
        }
        if (!order.done()) {
            found.replaceAll((partition, stretch) -> new Stretch(
                    Math.max(stretch.start(), redriven.get(partition).below()), stretch.end()));
        }
        return found;
    }

    private void readProgress(SortedSet<TopicPartition> partitions) throws IOException, InterruptedException {
        written.putAll(GroupOffsets.committed(client, order.progressGroup(), partitions));
        for (var log : LogRange.of(client, partitions).entrySet()) {
            TopicPartition partition = log.getKey();
            CommittedOffset committed = written.get(partition);
            Redriven known = committed == null ? Redriven.none() : Redriven.of(committed);
            if (known.below() > log.getValue().end()) {
                session.out()
                        .note("group " + order.progressGroup() + " is at offset " + known.below() + " of " + partition
                                + ", which ends at " + log.getValue().end()
                                + ": the topic was made anew, nothing of it counts as redriven");
                known = Redriven.none();
            }
            known.logBegins(log.getValue().start());
            redriven.put(partition, known);
        }
    }

    /** What was sent again of a partition; to be changed by who sends. */
    Redriven redriven(TopicPartition partition) {
        return redriven.get(partition);
    }

    boolean wasRedriven(Found found) {
        return redriven(found.partition()).contains(found.offset());
    }

    void set(TopicPartition partition, Redriven now) {
        redriven.put(partition, now);
    }

    /**
     * Keeps what was sent again of these partitions.
     *
     * @throws KafkaException.InvalidRequest when somebody else has written meanwhile
     */
    void keep(SortedSet<TopicPartition> partitions) throws InterruptedException {
        SortedMap<TopicPartition, CommittedOffset> changed = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            CommittedOffset now = redriven(partition).committed();
            if (!now.equals(written.get(partition))) {
                changed.put(partition, now);
            }
        }
        if (!changed.isEmpty()) {
            CommittedOffsets.commitWithMetadata(client, order.progressGroup(), changed);
            written.putAll(changed);
        }
    }

    /** Throws when another redrive of the same letters has got further since this one looked last. */
    void refuseIfOthersRedrive(SortedSet<TopicPartition> partitions) throws InterruptedException {
        Map<TopicPartition, CommittedOffset> now = GroupOffsets.committed(client, order.progressGroup(), partitions);
        for (TopicPartition partition : partitions) {
            CommittedOffset mine = written.get(partition);
            CommittedOffset theirs = now.get(partition);
            boolean same = mine == null
                    ? theirs == null
                    : theirs != null
                            && mine.offset() == theirs.offset()
                            && mine.metadata().equals(theirs.metadata());
            if (!same) {
                throw new KafkaException.InvalidRequest(
                        "somebody else redrives " + partition + " for group " + order.group() + " just now ("
                                + order.progressGroup() + " moved): stopped before more is sent twice");
            }
        }
    }
}
