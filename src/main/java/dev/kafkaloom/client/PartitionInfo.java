package dev.kafkaloom.client;

import dev.kafkaloom.protocol.ErrorCode;
import java.util.List;

/**
 * A partition as metadata describes it.
 *
 * @param leaderId -1 when it has none
 * @param leaderEpoch -1 on brokers before 2.1
 */
public record PartitionInfo(
        int partition, int leaderId, int leaderEpoch, List<Integer> replicas, List<Integer> isr, ErrorCode error) {
    public PartitionInfo {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }

    PartitionInfo leader(PartitionLeader newer) {
        return new PartitionInfo(partition, newer.nodeId(), newer.leaderEpoch(), replicas, isr, ErrorCode.NONE);
    }
}
