package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** One topic while {@code range} cuts it. One thread. */
final class RangeTopic {
    private final String topic;
    private final int partitions;
    private final List<Subscriber> members;
    private final Map<String, List<TopicPartition>> assignment;
    private final List<Set<String>> racks = new ArrayList<>();
    private final boolean racksMatter;
    private final BitSet given = new BitSet();
    private final Map<String, Integer> sizes = new HashMap<>();
    private final int each;
    /** So many members may have one more still. */
    private int withOneMore;

    RangeTopic(String topic, Topics topics, List<Subscriber> members, Map<String, List<TopicPartition>> assignment) {
        this.topic = topic;
        this.partitions = topics.partitions(topic);
        this.members = members;
        this.assignment = assignment;
        this.each = partitions / members.size();
        this.withOneMore = partitions % members.size();
        for (int p = 0; p < partitions; p++) {
            racks.add(topics.racks().getOrDefault(new TopicPartition(topic, p), Set.of()));
        }
        this.racksMatter = doRacksMatter();
    }

    /** Not when nobody is in a rack that has replicas, nor when all partitions have replicas in all of them. */
    private boolean doRacksMatter() {
        Set<String> all = new HashSet<>();
        racks.forEach(all::addAll);
        boolean known = members.stream().anyMatch(member -> member.rack() != null && all.contains(member.rack()));
        return known && !racks.stream().allMatch(all::equals);
    }

    int partitions() {
        return partitions;
    }

    List<Subscriber> members() {
        return members;
    }

    boolean racksMatter() {
        return racksMatter;
    }

    /** Whether a replica is near the member; one without a rack is near everything. */
    boolean isInRack(Subscriber member, int partition) {
        return member.rack() == null || racks.get(partition).contains(member.rack());
    }

    /** How many more of this topic a member may have. */
    int mayHave(Subscriber member) {
        return Math.max(0, each + (withOneMore > 0 ? 1 : 0) - sizes.getOrDefault(member.memberId(), 0));
    }

    void give(int partition, Subscriber member) {
        given.set(partition);
        assignment.get(member.memberId()).add(new TopicPartition(topic, partition));
        if (sizes.merge(member.memberId(), 1, Integer::sum) > each) {
            withOneMore--;
        }
    }

    /** Gives to each member in turn, as much as it may have, the first of what is left and is for it. */
    void handOut(BiPredicate<Subscriber, Integer> isFor) {
        for (Subscriber member : members) {
            int most = mayHave(member);
            for (int p = given.nextClearBit(0); p < partitions && most > 0; p = given.nextClearBit(p + 1)) {
                if (isFor.test(member, p)) {
                    give(p, member);
                    most--;
                }
            }
        }
    }
}
