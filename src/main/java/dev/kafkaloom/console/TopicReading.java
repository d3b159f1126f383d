package dev.kafkaloom.console;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code consume} without a group: nothing is committed. Belongs to the thread that runs it. */
final class TopicReading {
    private static final Duration PERIOD = Duration.ofMillis(200);

    private final Session session;
    private final ConsumeOrder order;
    private final ReadingProgress progress;
    private long shown;

    TopicReading(Session session, ConsumeOrder order) {
        this.session = session;
        this.order = order;
        this.progress = new ReadingProgress(session.out());
    }

    void run() throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        SortedMap<TopicPartition, Stretch> open = stretches(client);
        open.values().removeIf(stretch -> stretch.start() >= stretch.end());
        if (open.isEmpty()) {
            return;
        }
        Map<TopicPartition, StartAt> starts = new TreeMap<>();
        open.forEach((partition, stretch) -> starts.put(partition, StartAt.offset(stretch.start())));
        ConsumerConfig config = session.loom().consumerConfig().toBuilder()
                .isolation(order.isolation())
                .autoOffsetReset(OffsetReset.NONE) // what is gone is told, not passed over
                .build();
        try (Consumer<byte[], byte[]> consumer =
                Consumer.builder(client, config).scope(session.loom().scope()).assign(starts)) {
            while (shown < order.count() && !reached(consumer, open)) {
                show(consumer, consumer.poll(PERIOD).raw(), open);
                progress.tell(() -> lag(consumer, open));
            }
        } finally {
            progress.end();
        }
    }

    private SortedMap<TopicPartition, Stretch> stretches(KafkaClient client) throws IOException, InterruptedException {
        List<String> notes = new ArrayList<>();
        SortedMap<TopicPartition, Stretch> found =
                order.offsets().in(client, partitions(client), order.isolation(), order.toTheEnd(), notes);
        for (String note : notes) {
            session.out().note(note);
        }
        return found;
    }

    private Collection<TopicPartition> partitions(KafkaClient client) throws InterruptedException {
        SortedSet<String> topics = topics(client, order);
        SortedSet<TopicPartition> all = Topics.partitions(client, topics);
        checkOffsets(all);
        if (order.partitions() == null) {
            return all;
        }
        SortedSet<TopicPartition> wanted = new TreeSet<>();
        for (String topic : topics) {
            order.partitions().forEach(partition -> wanted.add(known(all, topic, partition)));
        }
        return wanted;
    }

    private void checkOffsets(SortedSet<TopicPartition> all) {
        for (int partition : order.offsets().others().keySet()) {
            if (all.stream().noneMatch(each -> each.partition() == partition)) {
                known(all, all.getFirst().topic(), partition);
            }
        }
    }

    private static TopicPartition known(SortedSet<TopicPartition> all, String topic, int partition) {
        TopicPartition wanted = new TopicPartition(topic, partition);
        if (!all.contains(wanted)) {
            long count = all.stream().filter(each -> each.topic().equals(topic)).count();
            throw new KafkaException.InvalidRequest(
                    "topic " + topic + " has partitions 0 to " + (count - 1) + ", not " + partition);
        }
        return wanted;
    }

    /** The topics that are named, and those that the pattern matches now. */
    static SortedSet<String> topics(KafkaClient client, ConsumeOrder order) throws InterruptedException {
        SortedSet<String> topics = new TreeSet<>(order.topics());
        if (order.pattern() != null) {
            for (TopicInfo topic : Topics.list(client)) {
                if (!topic.internal() && order.pattern().matcher(topic.name()).matches()) {
                    topics.add(topic.name());
                }
            }
            if (topics.isEmpty()) {
                throw new KafkaException.InvalidRequest("no topic matches " + String.join(" or ", order.expressions()));
            }
        }
        return topics;
    }

    private void show(Consumer<?, ?> consumer, List<ConsumedRecord> records, Map<TopicPartition, Stretch> open)
            throws IOException {
        Map<TopicPartition, Long> marks = records.isEmpty() ? Map.of() : consumer.highWatermarks();
        for (ConsumedRecord record : records) {
            if (record.offset() >= open.get(record.partition()).end()) {
                continue;
            }
            progress.read(record);
            if (shown < order.count() && order.filter().test(record)) {
                shown++;
                session.out()
                        .show(order.format()
                                .apply(new RecordTemplate.Line(
                                        record, shown, partition -> marks.getOrDefault(partition, -1L))));
            }
        }
        session.out().flush();
    }

    /** Whether each partition is read to its end; never when one has none. */
    static boolean reached(Consumer<?, ?> consumer, Map<TopicPartition, Stretch> open) {
        if (open.values().stream().anyMatch(stretch -> stretch.end() == Long.MAX_VALUE)) {
            return false;
        }
        Map<TopicPartition, Long> positions = consumer.positions();
        return open.entrySet().stream()
                .allMatch(each -> positions.getOrDefault(each.getKey(), 0L)
                        >= each.getValue().end());
    }

    /** How many offsets are left, of what is to be read; negative while a partition has not answered. */
    static long lag(Consumer<?, ?> consumer, Map<TopicPartition, Stretch> open) {
        Map<TopicPartition, Long> positions = consumer.positions();
        Map<TopicPartition, Long> marks = consumer.highWatermarks();
        long lag = 0;
        for (var each : open.entrySet()) {
            Long mark = marks.get(each.getKey());
            if (mark == null || mark < 0) {
                return -1;
            }
            lag += Math.max(
                    0,
                    Math.min(mark, each.getValue().end())
                            - positions.getOrDefault(
                                    each.getKey(), each.getValue().start()));
        }
        return lag;
    }
}
