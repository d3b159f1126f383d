package dev.kafkaloom.embedded;

import dev.kafkaloom.protocol.Uuid;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The KRaft cluster that a broker belongs to; every node is a controller as well. Immutable.
 *
 * @param clusterId what its folders are formatted with
 * @param voters    {@code controller.quorum.voters}
 * @param nodes     how many there are
 */
record Quorum(String clusterId, String voters, int nodes) {
    private static final int REPLICAS = 3;

    /** @param controllers the controller's port of each node id */
    static Quorum of(Map<Integer, Integer> controllers) {
        String voters = new TreeMap<>(controllers)
                .entrySet().stream()
                        .map(each -> each.getKey() + "@127.0.0.1:" + each.getValue())
                        .collect(Collectors.joining(","));
        return new Quorum(Uuid.random().toString(), voters, controllers.size());
    }

    /** Of the internal topics: all that survives the loss of one node, where there are enough. */
    int replicas() {
        return Math.min(REPLICAS, nodes);
    }

    /** {@code min.insync.replicas} of the internal topics: what is left when one node is gone. */
    int inSync() {
        return Math.max(1, replicas() - 1);
    }
}
