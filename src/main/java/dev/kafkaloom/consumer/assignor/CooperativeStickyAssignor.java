package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Kafka's {@code cooperative-sticky} (KIP-429): shares out as {@code sticky} does, but the members keep what they own while they join. A
 * partition that somebody owns and somebody else shall have is given to nobody in this generation: its owner sees that it has lost it,
 * gives it back and joins again, and only then the other one gets it. Stateless.
 */
final class CooperativeStickyAssignor implements Assignor {
    @Override
    public String name() {
        return "cooperative-sticky";
    }

    /** Both, so that a group can be upgraded member by member (KIP-429): first every member has it, then the eager ones are left out. */
    @Override
    public Set<RebalanceProtocol> protocols() {
        return Set.of(RebalanceProtocol.COOPERATIVE, RebalanceProtocol.EAGER);
    }

    /** The generation, for leaders that know no subscription v2. */
    @Override
    public ByteBuffer userData(Owned owned) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(0, owned.generation());
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Topics topics, List<Subscriber> members) {
        List<Subscriber> sorted = members.stream().sorted(Subscriber.ORDER).toList();
        Map<TopicPartition, Integer> owners =
                Claims.settle(sorted.stream().map(Claims::ofCooperativeSticky).toList());
        Map<String, List<TopicPartition>> plan = FairShare.of(topics, sorted, owners);
        withholdWhatMoves(plan, sorted, owners);
        return plan;
    }

    /** Whatever its generation: who says that it owns a partition may be working on it. */
    private static void withholdWhatMoves(
            Map<String, List<TopicPartition>> plan, List<Subscriber> members, Map<TopicPartition, Integer> owners) {
        Set<TopicPartition> claimed = new HashSet<>();
        members.forEach(member -> claimed.addAll(member.ownedPartitions()));
        for (int m = 0; m < members.size(); m++) {
            Integer me = m;
            plan.get(members.get(m).memberId())
                    .removeIf(partition -> claimed.contains(partition) && !me.equals(owners.get(partition)));
        }
    }
}
