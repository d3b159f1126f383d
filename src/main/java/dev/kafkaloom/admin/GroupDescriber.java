package dev.kafkaloom.admin;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ConsumerGroupDescribeRequest;
import dev.kafkaloom.message.ConsumerGroupDescribeResponse;
import dev.kafkaloom.message.ConsumerProtocolAssignment;
import dev.kafkaloom.message.DescribeGroupsRequest;
import dev.kafkaloom.message.DescribeGroupsResponse;
import dev.kafkaloom.message.ShareGroupDescribeRequest;
import dev.kafkaloom.message.ShareGroupDescribeResponse;
import dev.kafkaloom.message.StreamsGroupDescribeRequest;
import dev.kafkaloom.message.StreamsGroupDescribeResponse;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Asks the coordinators for groups of any type. A request for one type does not find the groups of the others, and no broker tells the
 * type of a single group: so one after the other is asked for what is still missing, the usual one first. Belongs to one call.
 */
final class GroupDescriber {
    private static final String DEAD = "Dead";
    private static final String CONSUMER = "consumer";

    private final KafkaClient client;
    private final SortedMap<String, GroupDescription> found = new TreeMap<>();
    private final TreeSet<String> missing;

    GroupDescriber(KafkaClient client, Collection<String> groups) {
        this.client = client;
        this.missing = new TreeSet<>(groups);
    }

    /** The groups that exist. */
    SortedMap<String, GroupDescription> describe() throws InterruptedException {
        ApiVersions versions = client.versions();
        // a group without members is Empty since 0.10.1; until then it was Dead, as one that never was
        classic(!versions.supports(ApiKey.CREATE_TOPICS));
        if (isMissing(versions, ApiKey.CONSUMER_GROUP_DESCRIBE)) {
            consumer();
        }
        if (isMissing(versions, ApiKey.SHARE_GROUP_DESCRIBE)) {
            share();
        }
        if (isMissing(versions, ApiKey.STREAMS_GROUP_DESCRIBE)) {
            streams();
        }
        return found;
    }

    private boolean isMissing(ApiVersions versions, ApiKey api) {
        return !missing.isEmpty() && versions.supports(api);
    }

    /** Sees to what a coordinator said of one group; whether it has that group. */
    private static boolean exists(String group, short code, String message) {
        if (ErrorCode.of(code) == ErrorCode.GROUP_ID_NOT_FOUND) {
            return false;
        }
        Topics.check(code, message, "describe group " + group);
        return true;
    }

    private void take(GroupDescription group) {
        found.put(group.groupId(), group);
        missing.remove(group.groupId());
    }

    private void classic(boolean deadMayExist) throws InterruptedException {
        if (missing.isEmpty()) {
            return;
        }
        var response = client.call(
                DescribeGroupsRequest.builder().groups(List.copyOf(missing)).build());
        for (DescribeGroupsResponse.DescribedGroup group : response.groups()) {
            if (exists(group.groupId(), group.errorCode(), group.errorMessage())
                    && (deadMayExist || !group.groupState().equals(DEAD))) {
                take(new GroupDescription(
                        group.groupId(),
                        "classic",
                        group.groupState(),
                        group.protocolType(),
                        group.protocolData(),
                        group.members().stream()
                                .map(member -> new MemberDescription(
                                        member.memberId(),
                                        member.groupInstanceId(),
                                        member.clientId(),
                                        member.clientHost(),
                                        assignment(group, member.memberAssignment())))
                                .sorted(Comparator.comparing(MemberDescription::memberId))
                                .toList()));
            }
        }
    }

    /** Only consumers are known to write their assignments so; what cannot be read is not worth an error. */
    private static Map<String, List<Integer>> assignment(
            DescribeGroupsResponse.DescribedGroup group, ByteBuffer bytes) {
        if (!group.protocolType().equals(CONSUMER) || bytes == null || bytes.remaining() < 2) {
            return Map.of();
        }
        try {
            return ConsumerAssignment.read(bytes);
        } catch (KafkaException.MalformedMessage _) {
            return Map.of();
        }
    }

    private void consumer() throws InterruptedException {
        var response = client.call(ConsumerGroupDescribeRequest.builder()
                .groupIds(List.copyOf(missing))
                .build());
        for (ConsumerGroupDescribeResponse.DescribedGroup group : response.groups()) {
            if (exists(group.groupId(), group.errorCode(), group.errorMessage())) {
                take(new GroupDescription(
                        group.groupId(),
                        CONSUMER,
                        group.groupState(),
                        CONSUMER,
                        group.assignorName(),
                        group.members().stream()
                                .map(member -> new MemberDescription(
                                        member.memberId(),
                                        member.instanceId(),
                                        member.clientId(),
                                        member.clientHost(),
                                        byTopic(member.assignment().topicPartitions())))
                                .sorted(Comparator.comparing(MemberDescription::memberId))
                                .toList()));
            }
        }
    }

    private static Map<String, List<Integer>> byTopic(List<ConsumerGroupDescribeResponse.TopicPartitions> topics) {
        Map<String, List<Integer>> assignment = new TreeMap<>();
        topics.forEach(topic -> assignment.put(topic.topicName(), sorted(topic.partitions())));
        return assignment;
    }

    private void share() throws InterruptedException {
        var response = client.call(ShareGroupDescribeRequest.builder()
                .groupIds(List.copyOf(missing))
                .build());
        for (ShareGroupDescribeResponse.DescribedGroup group : response.groups()) {
            if (exists(group.groupId(), group.errorCode(), group.errorMessage())) {
                take(new GroupDescription(
                        group.groupId(),
                        "share",
                        group.groupState(),
                        "share",
                        group.assignorName(),
                        group.members().stream()
                                .map(GroupDescriber::member)
                                .sorted(Comparator.comparing(MemberDescription::memberId))
                                .toList()));
            }
        }
    }

    private static MemberDescription member(ShareGroupDescribeResponse.Member member) {
        Map<String, List<Integer>> assignment = new TreeMap<>();
        member.assignment()
                .topicPartitions()
                .forEach(topic -> assignment.put(topic.topicName(), sorted(topic.partitions())));
        return new MemberDescription(member.memberId(), null, member.clientId(), member.clientHost(), assignment);
    }

    private void streams() throws InterruptedException {
        var response = client.call(StreamsGroupDescribeRequest.builder()
                .groupIds(List.copyOf(missing))
                .build());
        for (StreamsGroupDescribeResponse.DescribedGroup group : response.groups()) {
            if (exists(group.groupId(), group.errorCode(), group.errorMessage())) {
                take(new GroupDescription(
                        group.groupId(),
                        "streams",
                        group.groupState(),
                        "streams",
                        group.assignorName() == null ? "" : group.assignorName(),
                        group.members().stream()
                                .map(GroupDescriber::member)
                                .sorted(Comparator.comparing(MemberDescription::memberId))
                                .toList()));
            }
        }
    }

    private static MemberDescription member(StreamsGroupDescribeResponse.Member member) {
        Map<String, List<Integer>> tasks = new TreeMap<>();
        member.assignment().activeTasks().forEach(task -> tasks.put(task.subtopologyId(), sorted(task.partitions())));
        return new MemberDescription(
                member.memberId(), member.instanceId(), member.clientId(), member.clientHost(), tasks);
    }

    private static List<Integer> sorted(List<Integer> partitions) {
        return partitions.stream().sorted().toList();
    }

    /** The bytes that the leader of a consumer group gives each member: an int16 version and the message of that version. */
    private static final class ConsumerAssignment {
        private ConsumerAssignment() {}

        /** A version above ours is read as our highest: what it has added stands at the end. */
        static Map<String, List<Integer>> read(ByteBuffer bytes) {
            WireReader in = new WireReader(bytes.duplicate());
            int version = Math.clamp(in.readInt16(), 0, ConsumerProtocolAssignment.HIGHEST_VERSION);
            Map<String, List<Integer>> assignment = new TreeMap<>();
            for (var topic :
                    ConsumerProtocolAssignment.read(in, (short) version).assignedPartitions()) {
                assignment
                        .computeIfAbsent(topic.topic(), _ -> new ArrayList<>())
                        .addAll(topic.partitions());
            }
            assignment.replaceAll((_, partitions) -> sorted(partitions));
            return assignment;
        }
    }
}
