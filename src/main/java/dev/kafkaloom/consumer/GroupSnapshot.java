package dev.kafkaloom.consumer;

import java.util.List;

/**
 * The members of one group in this process as they were at one moment. Immutable.
 *
 * @param groupId the group
 * @param rebalances how often the group was rebalanced since this process first had a stable member in it: the number of distinct
 *         generations in which a member of this process got its assignment (SyncGroup answered), less the first one
 * @param lateAcks how often something was reported done after its partition had been taken away: the next owner does it again
 * @param members the members in this process, by index
 */
public record GroupSnapshot(String groupId, int rebalances, long lateAcks, List<MemberSnapshot> members) {

    /** Takes an unmodifiable copy. */
    public GroupSnapshot {
        members = List.copyOf(members);
    }

    /** Without late acks. */
    public GroupSnapshot(String groupId, int rebalances, List<MemberSnapshot> members) {
        this(groupId, rebalances, 0, members);
    }

    /** Whether every member is stable. */
    public boolean stable() {
        return members.stream().allMatch(m -> m.state().equals("stable"));
    }

    /** How many members have failed for good. */
    public int failed() {
        return (int) members.stream().filter(MemberSnapshot::failed).count();
    }
}
