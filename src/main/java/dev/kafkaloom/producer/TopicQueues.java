package dev.kafkaloom.producer;

import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.protocol.Uuid;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** The partitions of one topic. Changed under the accumulator's lock; what it tells may be read without. */
final class TopicQueues {
    private final String name;
    private volatile PartitionQueue[] partitions = {};
    private volatile Uuid id = Uuid.ZERO;
    private volatile int sticky = -1;

    TopicQueues(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    Uuid id() {
        return id;
    }

    PartitionQueue partition(int number) {
        return partitions[number];
    }

    PartitionQueue[] partitions() {
        return partitions;
    }

    /** Where records without a key go until their batch is full. */
    int sticky() {
        return sticky;
    }

    /** Moves on from {@code from}, if nobody has yet, to another partition that has a leader; whether it is another one now. */
    boolean moveSticky(int from) {
        if (sticky == from) {
            int[] others = candidates(from);
            sticky = others.length == 0
                    ? Math.max(from, 0)
                    : others[ThreadLocalRandom.current().nextInt(others.length)];
        }
        return sticky != from;
    }

    private int[] candidates(int from) {
        return Arrays.stream(partitions)
                .filter(each -> each.leader() != PartitionQueue.NO_LEADER)
                .mapToInt(each -> each.partition().partition())
                .filter(number -> number != from)
                .toArray();
    }

    /** Takes over what a snapshot says. */
    void observe(TopicInfo topic, long generation) {
        if (!topic.id().equals(Uuid.ZERO)) {
            id = topic.id();
        }
        int count = topic.partitions().stream()
                        .mapToInt(PartitionInfo::partition)
                        .max()
                        .orElse(-1)
                + 1;
        if (count > partitions.length) {
            PartitionQueue[] more = Arrays.copyOf(partitions, count);
            for (int i = partitions.length; i < count; i++) {
                more[i] = new PartitionQueue(this, i);
            }
            partitions = more;
        }
        for (PartitionInfo info : topic.partitions()) {
            partitions[info.partition()].leader(info.leaderId(), generation);
        }
        if (sticky < 0 || sticky >= partitions.length) {
            sticky = -1;
            boolean moved = moveSticky(-1);
            assert moved;
        }
    }
}
