package dev.kafkaloom.admin;

import java.util.List;
import java.util.TreeSet;

/**
 * What a coordinator tells of a group.
 *
 * @param type {@code classic}, {@code consumer} (KIP-848), {@code share} (KIP-932) or {@code streams} (KIP-1071)
 * @param state {@code Stable}, {@code Empty} and so on; {@code Dead} on brokers before 0.10.1 is one without members, which may or may not
 *              have committed offsets
 * @param protocolType {@code consumer}, {@code connect} and the like; {@code share} or {@code streams} where the type says it
 * @param protocol the assignor the group agreed on; empty when it has no members
 * @param members sorted by their id
 */
public record GroupDescription(
        String groupId,
        String type,
        String state,
        String protocolType,
        String protocol,
        List<MemberDescription> members) {
    private static final int MOST_NAMED = 3;

    public GroupDescription {
        members = List.copyOf(members);
    }

    /** Whether somebody is in it, who would commit over whatever is done to it. */
    public boolean isLive() {
        return !members.isEmpty();
    }

    /** {@code group g is Stable with 2 members (billing at /10.0.0.7, billing at /10.0.0.8)}. */
    public String inWords() {
        List<String> who = members.stream()
                .map(each -> each.clientId() + " at " + each.host())
                .distinct()
                .toList();
        String some = String.join(", ", who.subList(0, Math.min(MOST_NAMED, who.size())));
        String more = who.size() > MOST_NAMED ? ", ..." : "";
        String count = members.size() == 1 ? "1 member" : members.size() + " members";
        return "group " + groupId + " is " + state + (isLive() ? " with " + count + " (" + some + more + ")" : "");
    }

    /** The topics that members own partitions of; empty for a streams group. */
    public TreeSet<String> assignedTopics() {
        TreeSet<String> topics = new TreeSet<>();
        if (!type.equals("streams")) {
            members.forEach(member -> topics.addAll(member.assignment().keySet()));
        }
        return topics;
    }
}
