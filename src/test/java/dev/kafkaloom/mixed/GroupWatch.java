package dev.kafkaloom.mixed;

import dev.kafkaloom.history.CommitWatch;
import dev.kafkaloom.history.HistoryWriter;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.GroupState;

/** Sees the group as the coordinator does. */
final class GroupWatch implements AutoCloseable {
    /** So long it has to be at rest: the members hear of the last rebalance only then. */
    private static final Duration CALM = Duration.ofSeconds(3);

    private final Admin admin;
    private final String group;
    private final HistoryWriter history;
    private final List<TopicPartition> partitions;

    GroupWatch(String bootstrap, String group, String topic, int partitions, HistoryWriter history) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        this.group = group;
        this.history = history;
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(p -> new TopicPartition(topic, p))
                .toList();
    }

    List<TopicPartition> partitions() {
        return partitions;
    }

    /** Waits until so many members own everything and nothing changes for a while, and writes that down. */
    void awaitRest(int members, Duration patience) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        long since = System.nanoTime();
        String before = "";
        while (System.nanoTime() - since < CALM.toNanos() || before.isEmpty()) {
            String now = settled(members);
            if (!now.equals(before) || now.isEmpty()) {
                before = now;
                since = System.nanoTime();
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "the group does not come to rest with " + members + " members: " + describe());
            }
            Thread.sleep(250);
        }
        history.rest(group, partitions);
    }

    private ConsumerGroupDescription describe() throws InterruptedException, ExecutionException, TimeoutException {
        return admin.describeConsumerGroups(List.of(group))
                .all()
                .get(30, TimeUnit.SECONDS)
                .get(group);
    }

    /** Who owns what, empty unless it is stable with so many members that own as much as there is. */
    private String settled(int members) throws Exception {
        ConsumerGroupDescription now = describe();
        int owned = now.members().stream()
                .mapToInt(m -> m.assignment().topicPartitions().size())
                .sum();
        boolean settled = now.groupState() == GroupState.STABLE && now.members().size() == members;
        return settled && owned >= partitions.size()
                ? now.members().stream()
                        .map(m -> m.consumerId() + m.assignment())
                        .sorted()
                        .collect(Collectors.joining())
                : "";
    }

    /** Waits until all that is in the log has been committed. */
    void awaitAllCommitted(CommitWatch commits, Duration patience) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        var ends = admin.listOffsets(partitions.stream()
                        .collect(Collectors.toMap(
                                tp -> new org.apache.kafka.common.TopicPartition(tp.topic(), tp.partition()),
                                _ -> OffsetSpec.latest())))
                .all()
                .get(30, TimeUnit.SECONDS);
        while (true) {
            Map<TopicPartition, Long> now = commits.look();
            boolean all = ends.entrySet().stream()
                    .allMatch(each -> each.getValue().offset()
                            == now.getOrDefault(
                                    new TopicPartition(
                                            each.getKey().topic(), each.getKey().partition()),
                                    0L));
            if (all) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("after " + patience.toSeconds() + " s only " + now + " of "
                        + ends.values().stream().map(it -> it.offset()).toList() + " is committed");
            }
            Thread.sleep(250);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
