package dev.kafkaloom.console;

import dev.kafkaloom.admin.LogRange;
import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.consumer.PartitionReader;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** {@code consume} without a group: nothing is committed. Belongs to the thread that runs it. */
final class TopicReading {
    private static final Duration PERIOD = Duration.ofMillis(200);

    private final Session session;
    private final ConsumeCommand.Order order;

    TopicReading(Session session, ConsumeCommand.Order order) {
        this.session = session;
        this.order = order;
    }

    void run() throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        Collection<TopicPartition> partitions = partitions(client);
        long from = order.from() == OffsetReset.LATEST ? OffsetLookup.LATEST : OffsetLookup.EARLIEST;
        Map<TopicPartition, Long> starts = LogRange.at(client, partitions, from);
        var fetch = session.loom().consumerConfig().fetch();
        Map<TopicPartition, Long> ends = order.toTheEnd()
                ? OffsetLookup.ends(client, partitions, fetch.isolation().id())
                : Map.of();
        long left = order.count();
        try (PartitionReader reader =
                PartitionReader.open(client, starts, fetch, session.loom().scope())) {
            while (left > 0 && !(order.toTheEnd() && reached(reader.positions(), ends))) {
                left -= show(reader.poll(PERIOD), ends, left);
            }
        }
    }

    private Collection<TopicPartition> partitions(KafkaClient client) throws InterruptedException {
        Collection<TopicPartition> all = Topics.partitions(client, List.of(order.topic()));
        if (order.partition() == null) {
            return all;
        }
        TopicPartition wanted = new TopicPartition(order.topic(), order.partition());
        if (!all.contains(wanted)) {
            throw new KafkaException.InvalidRequest("topic " + order.topic() + " has partitions 0 to "
                    + (all.size() - 1) + ", not " + order.partition());
        }
        return List.of(wanted);
    }

    private long show(List<ConsumedRecord> records, Map<TopicPartition, Long> ends, long most) throws IOException {
        long shown = 0;
        for (ConsumedRecord record : records) {
            boolean younger = record.offset() >= ends.getOrDefault(record.partition(), Long.MAX_VALUE);
            if (shown < most && !younger) {
                session.out().show(order.format().apply(record));
                shown++;
            }
        }
        session.out().flush();
        return shown;
    }

    private static boolean reached(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }
}
