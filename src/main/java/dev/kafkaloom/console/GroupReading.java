package dev.kafkaloom.console;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.ConsumerGroup;
import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * {@code consume -g}: one member of a group. The partitions' threads print under a lock, the thread that runs this watches for the
 * end.
 */
final class GroupReading {
    /** A handler that was stopped in the middle never ends: it must not hold up the end. */
    private static final Duration DRAIN = Duration.ofMillis(200);

    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final int UNKNOWN_GENERATION = -1;

    /** The record that stopped the printing in the middle of what was handed over, if it did. */
    private record Cut(TopicPartition partition, long next) {}

    private final Session session;
    private final ConsumeOrder order;
    private final ReentrantLock printing = new ReentrantLock();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReadingProgress progress; // guarded by printing, as the next three
    private long shown;
    private IOException broken;
    private Cut cut;
    private volatile ConsumerGroup group;

    GroupReading(Session session, ConsumeOrder order) {
        this.session = session;
        this.order = order;
        this.progress = new ReadingProgress(session.out());
    }

    void run() throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        ConsumerConfig config = session.loom().consumerConfig().toBuilder()
                .groupId(order.group())
                .topics(order.topics())
                .topicPattern(order.pattern())
                .autoOffsetReset(order.reset())
                .isolation(order.isolation())
                .revokeDrain(DRAIN)
                .build();
        Map<TopicPartition, Long> ends = order.toTheEnd()
                ? OffsetLookup.ends(
                        client,
                        Topics.partitions(client, TopicReading.topics(client, order)),
                        config.isolation().id())
                : Map.of();
        group = ConsumerGroup.start(
                client,
                config,
                new MemberCount.Fixed(1),
                this::print,
                session.loom().scope());
        try {
            while (!ended.await(100, TimeUnit.MILLISECONDS)) {
                MemberSnapshot member = member(group.snapshot());
                tell(member);
                if (order.toTheEnd() && atTheEnd(member, ends)) {
                    break;
                }
            }
        } finally {
            progress.end();
            group.close(CLOSE);
        }
        commitCut(client);
        if (broken != null) {
            throw broken;
        }
    }

    private void tell(MemberSnapshot member) throws IOException, InterruptedException {
        long lag = member.partitions().stream()
                .mapToLong(PartitionSnapshot::lag)
                .reduce((a, b) -> a < 0 || b < 0 ? -1 : a + b)
                .orElse(-1);
        printing.lockInterruptibly();
        try {
            progress.tell(() -> lag);
        } finally {
            printing.unlock();
        }
    }

    private long highWatermark(TopicPartition partition) {
        ConsumerGroup running = group;
        return running == null
                ? -1
                : running.snapshot().members().stream()
                        .flatMap(member -> member.partitions().stream())
                        .filter(each -> each.partition().equals(partition))
                        .mapToLong(PartitionSnapshot::highWatermark)
                        .findFirst()
                        .orElse(-1);
    }

    private static MemberSnapshot member(GroupSnapshot group) {
        MemberSnapshot member = group.members().getFirst();
        if (member.failed()) {
            throw new KafkaException.Closed(member.lastError());
        }
        return member;
    }

    private static boolean atTheEnd(MemberSnapshot member, Map<TopicPartition, Long> ends) {
        return member.state().equals("stable")
                && member.incomplete() == 0
                && !member.partitions().isEmpty()
                && member.partitions().stream().allMatch(each -> isPast(each, ends));
    }

    private static boolean isPast(PartitionSnapshot partition, Map<TopicPartition, Long> ends) {
        return partition.position() >= ends.getOrDefault(partition.partition(), 0L);
    }

    /** The handler: returning means done. Once enough is printed it does not return, so that the rest stays with the group. */
    private void print(TopicPartition partition, List<ConsumedRecord> records) throws InterruptedException {
        if (!printAll(partition, records)) {
            ended.countDown();
            while (!isGivenBack(partition)) {
                Thread.sleep(POLL);
            }
            throw new CancellationException(
                    "enough is printed"); // thrown earlier it would be a failure of the partition
        }
    }

    private boolean isGivenBack(TopicPartition partition) {
        return group != null
                && group.snapshot().members().stream()
                        .flatMap(member -> member.partitions().stream())
                        .filter(each -> each.partition().equals(partition))
                        .allMatch(each -> each.state().equals("draining"));
    }

    private boolean printAll(TopicPartition partition, List<ConsumedRecord> records) throws InterruptedException {
        printing.lockInterruptibly();
        try {
            for (ConsumedRecord record : records) {
                if (shown == order.count() || broken != null) {
                    return false;
                }
                progress.read(record);
                if (order.filter().test(record)) {
                    shown++;
                    session.out()
                            .show(order.format().apply(new RecordTemplate.Line(record, shown, this::highWatermark)));
                    if (shown == order.count()) {
                        cut = new Cut(partition, record.offset() + 1);
                    }
                }
            }
            session.out().flush();
            return shown < order.count();
        } catch (IOException e) {
            broken = e;
            return false;
        } finally {
            printing.unlock();
        }
    }

    /** What was printed of the last hand-over is committed here: the member itself commits only whole ones. */
    private void commitCut(KafkaClient client) throws IOException, InterruptedException {
        if (cut == null) {
            return;
        }
        session.out().flush();
        var partition = OffsetCommitRequestPartition.builder()
                .partitionIndex(cut.partition().partition())
                .committedOffset(cut.next())
                .committedMetadata("")
                .build();
        var topic = OffsetCommitRequestTopic.builder()
                .name(cut.partition().topic())
                .partitions(List.of(partition))
                .build();
        var response = client.call(OffsetCommitRequest.builder()
                .groupId(order.group())
                .generationIdOrMemberEpoch(UNKNOWN_GENERATION)
                .memberId("")
                .topics(List.of(topic))
                .build());
        boolean refused = response.topics().stream()
                .flatMap(each -> each.partitions().stream())
                .anyMatch(each -> each.errorCode() != 0);
        if (refused) {
            session.out()
                    .note("other members are in group " + order.group() + ": some of these records will be seen again");
        }
    }
}
