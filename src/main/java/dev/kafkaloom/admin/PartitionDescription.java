package dev.kafkaloom.admin;

import java.util.List;

/**
 * A partition as the brokers see it now.
 *
 * @param leader the node that leads it; -1 when none does
 * @param replicas the nodes that should have it, the preferred leader first
 * @param isr those of them that are in sync
 * @param offline those of them that are down or have lost their disk; brokers before 1.0 do not tell
 */
public record PartitionDescription(
        int partition, int leader, List<Integer> replicas, List<Integer> isr, List<Integer> offline) {
    public PartitionDescription {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        offline = List.copyOf(offline);
    }
}
