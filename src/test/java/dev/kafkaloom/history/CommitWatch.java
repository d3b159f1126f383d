package dev.kafkaloom.history;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Asks a group's coordinator again and again what is committed, and writes down what has changed. */
public final class CommitWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final KafkaClient client;
    private final String group;
    private final Supplier<List<TopicPartition>> partitions;
    private final HistoryWriter out;
    private final Scope scope;
    private final Map<TopicPartition, Long> last = new HashMap<>(); // guarded by this

    /** Begins at once; there may be only one for a group. */
    public CommitWatch(String bootstrap, String group, Supplier<List<TopicPartition>> partitions, HistoryWriter out) {
        this.client = KafkaClient.open(ClientConfig.of(bootstrap));
        this.group = group;
        this.partitions = partitions;
        this.out = out;
        this.scope = Scope.open("commits of " + group);
        scope.go("commits of " + group, this::run);
    }

    private void run() throws InterruptedException {
        while (true) {
            try {
                look();
            } catch (KafkaException e) {
                out.note("commits of " + group + ": " + e.oneLine());
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Asks once, now; answers what is committed, -1 for nothing. */
    public synchronized Map<TopicPartition, Long> look() throws InterruptedException {
        List<TopicPartition> all = partitions.get();
        Map<TopicPartition, Long> now = GroupOffsets.fetch(client, group, all);
        for (TopicPartition tp : all) {
            long offset = now.getOrDefault(tp, -1L);
            if (last.getOrDefault(tp, -1L) != offset) {
                out.committed(group, tp, offset);
                last.put(tp, offset);
            }
        }
        return Map.copyOf(last);
    }

    @Override
    public void close() {
        scope.close();
        client.close();
    }
}
