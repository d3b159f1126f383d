package dev.kafkaloom.admin;

import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.message.DeleteGroupsRequest;
import dev.kafkaloom.message.DeleteGroupsResponse.DeletableGroupResult;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Lists, describes, creates and deletes groups of any type. Stateless, any thread. */
public final class Groups {
    private Groups() {}

    /** The groups of all brokers, by name. Brokers before 0.10.1 list only those with members. */
    public static List<GroupListing> list(KafkaClient client) throws InterruptedException {
        var response = client.call(ListGroupsRequest.builder().build());
        Topics.check(response.errorCode(), null, "list groups");
        return response.groups().stream()
                .map(each -> new GroupListing(
                        each.groupId(),
                        each.groupType().toLowerCase(Locale.ROOT),
                        each.protocolType(),
                        each.groupState()))
                .sorted(Comparator.comparing(GroupListing::groupId))
                .toList();
    }

    /**
     * Those of the groups that exist. On brokers before 0.10.1 all are here: there a group without members is {@code Dead}, whether or not
     * it has offsets.
     */
    public static SortedMap<String, GroupDescription> describe(KafkaClient client, Collection<String> groups)
            throws InterruptedException {
        return new GroupDescriber(client, groups).describe();
    }

    /** One group, if it exists. */
    public static Optional<GroupDescription> find(KafkaClient client, String group) throws InterruptedException {
        return Optional.ofNullable(describe(client, List.of(group)).get(group));
    }

    /**
     * Makes a group that has these committed offsets. Kafka has no request for it: a commit makes the group, as {@code classic}, and the
     * first member decides what it becomes.
     *
     * @throws KafkaException.InvalidRequest when the group exists already
     */
    public static void create(KafkaClient client, String group, Map<TopicPartition, Long> offsets)
            throws InterruptedException {
        Optional<GroupDescription> found = find(client, group);
        boolean onlyDead = found.isPresent() && found.get().state().equals("Dead");
        if (found.isPresent() && !onlyDead) {
            throw new KafkaException.InvalidRequest(found.get().inWords() + ": it exists already");
        }
        if (onlyDead && !GroupOffsets.fetch(client, group, offsets.keySet()).isEmpty()) {
            throw new KafkaException.InvalidRequest("group " + group + " exists already: it has committed offsets");
        }
        CommittedOffsets.commit(client, group, offsets);
    }

    /**
     * Deletes a group with its offsets.
     *
     * @throws KafkaException.UnsupportedVersion on brokers before 1.1
     * @throws KafkaException.BrokerError when there is none, it has members, or the broker refuses
     */
    public static void delete(KafkaClient client, String group) throws InterruptedException {
        var response = client.call(
                DeleteGroupsRequest.builder().groupsNames(List.of(group)).build());
        for (DeletableGroupResult result : response.results()) {
            String what = "delete group " + group;
            if (ErrorCode.of(result.errorCode()) == ErrorCode.NON_EMPTY_GROUP) {
                what = find(client, group)
                        .map(found -> found.inWords() + ", stop them before it is deleted")
                        .orElse(what);
            }
            Topics.check(result.errorCode(), result.errorMessage(), what);
        }
    }
}
