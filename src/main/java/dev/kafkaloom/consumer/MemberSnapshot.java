package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.List;
import java.util.Map;

/**
 * One member of a group as it was at one moment. Immutable.
 *
 * @param index its number in this process, from 0
 * @param memberId what the coordinator calls it; empty before it joined
 * @param state what it is doing: {@code joining}, {@code syncing}, {@code starting}, {@code stable}, {@code draining},
 *         {@code leaving}, {@code left}, {@code failed}
 * @param generation of the group, -1 before it joined
 * @param leader whether this member leads the group
 * @param leaderId the member id of the leader
 * @param groupMembers ids of all members of the group, own and others'; only the leader is told, empty for the others
 * @param partitions the partitions it owns
 * @param committed the committed offset of each of them
 * @param incomplete how many offsets were handed to the handler and are not done
 * @param lastError what went wrong since it was last stable, in one line; empty if nothing did
 * @param failed whether it has given up and will not come back by itself
 */
public record MemberSnapshot(
        int index,
        String memberId,
        String state,
        int generation,
        boolean leader,
        String leaderId,
        List<String> groupMembers,
        List<PartitionSnapshot> partitions,
        Map<TopicPartition, Long> committed,
        long incomplete,
        String lastError,
        boolean failed) {

    /** Takes unmodifiable copies. */
    public MemberSnapshot {
        groupMembers = List.copyOf(groupMembers);
        partitions = List.copyOf(partitions);
        committed = Map.copyOf(committed);
    }
}
