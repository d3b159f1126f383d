package dev.kafkaloom.admin;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A member of a group.
 *
 * @param instanceId {@code group.instance.id}; empty when it has none
 * @param host where it connects from, with the slash that brokers put in front
 * @param assignment the partitions it owns, by topic and sorted (in a streams group: tasks, by subtopology)
 */
public record MemberDescription(
        String memberId, String instanceId, String clientId, String host, Map<String, List<Integer>> assignment) {
    public MemberDescription {
        instanceId = instanceId == null ? "" : instanceId;
        assignment = Collections.unmodifiableMap(new TreeMap<>(assignment));
    }
}
