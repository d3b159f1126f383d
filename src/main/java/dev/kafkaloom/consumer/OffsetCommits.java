package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetCommitResponse;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits offsets of a group as one of its members, until the coordinator has taken them or they can no longer be taken. Thread-safe. */
final class OffsetCommits {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetCommits.class);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(50);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);
    /** How long partitions are tried that metadata does not know: the coordinator and who answered may not be of one mind yet. */
    private static final Duration GONE = Duration.ofSeconds(1);

    private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

    private final KafkaClient client;
    private final String groupId;

    OffsetCommits(KafkaClient client, String groupId) {
        this.client = client;
        this.groupId = groupId;
    }

    /** Gets what was taken, as soon as it was. */
    interface Taken {
        void taken(TopicPartition partition, CommittedOffset what);
    }

    /**
     * Commits, and again what was not taken, until the deadline.
     *
     * @throws Rejoin when the coordinator says that the membership is over or the group is rebalancing past it
     * @throws KafkaException when it cannot be done: not allowed, too large, no coordinator within the time
     */
    void commit(Membership as, Map<TopicPartition, CommittedOffset> offsets, Duration timeout, Taken taken)
            throws InterruptedException {
        Map<TopicPartition, CommittedOffset> left = new TreeMap<>(offsets);
        long begun = System.nanoTime();
        long deadline = begun + timeout.toNanos();
        Duration backOff = FIRST_BACK_OFF;
        while (!left.isEmpty()) {
            KafkaException why = attempt(as, left, deadline, taken);
            if (left.isEmpty()) {
                return;
            }
            boolean timeIsOver = System.nanoTime() + backOff.toNanos() >= deadline;
            if (timeIsOver || (System.nanoTime() - begun > GONE.toNanos() && areGone(left.keySet(), why))) {
                throw why;
            }
            Thread.sleep(backOff);
            backOff = backOff.multipliedBy(2).compareTo(LONGEST_BACK_OFF) < 0
                    ? backOff.multipliedBy(2)
                    : LONGEST_BACK_OFF;
        }
    }

    /** Whether there is no use in waiting, because these partitions were deleted. */
    private boolean areGone(Collection<TopicPartition> partitions, KafkaException why) throws InterruptedException {
        if (!(why instanceof KafkaException.BrokerError error)
                || error.code() != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            return false;
        }
        try {
            client.refreshCluster("the coordinator does not know " + partitions);
            Cluster now = client.clusterWith(
                    partitions.stream().map(TopicPartition::topic).distinct().toList());
            return partitions.stream().allMatch(tp -> now.partition(tp).isEmpty());
        } catch (KafkaException e) {
            LOG.debug("group {}: cannot see whether {} are there: {}", groupId, partitions, e.oneLine());
            return false;
        }
    }

    /** One request; takes out of {@code left} what was accepted and returns why something stays, null if nothing does. */
    private KafkaException attempt(Membership as, Map<TopicPartition, CommittedOffset> left, long deadline, Taken taken)
            throws InterruptedException {
        Duration remaining = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        CallOptions options = CallOptions.DEFAULT
                .lane(Lane.COMMIT)
                .timeout(remaining.compareTo(LONGEST_CALL) < 0 ? remaining : LONGEST_CALL);
        OffsetCommitResponse response;
        try {
            response = client.callOnce(new Route.GroupCoordinator(groupId), request(as, left), options);
        } catch (KafkaException e) {
            if (e.recovery() == KafkaException.Recovery.GIVE_UP) {
                throw e;
            }
            client.coordinatorMoved(groupId, e.oneLine());
            return e;
        }
        KafkaException why = null;
        for (var topic : response.topics()) {
            for (var partition : topic.partitions()) {
                TopicPartition tp = new TopicPartition(topic.name(), partition.partitionIndex());
                CommittedOffset what = left.get(tp);
                if (what == null) {
                    continue; // not asked for
                }
                ErrorCode code = ErrorCode.of(partition.errorCode());
                if (GroupAnswer.of(code) == GroupAnswer.OK) {
                    left.remove(tp);
                    taken.taken(tp, what);
                } else {
                    why = refused(tp, code);
                }
            }
        }
        return why != null
                ? why
                : new KafkaException.MalformedMessage("OffsetCommitResponse", "does not name " + left.keySet());
    }

    /** Returns what may pass, throws what cannot. */
    private KafkaException refused(TopicPartition tp, ErrorCode code) {
        KafkaException.BrokerError error =
                new KafkaException.BrokerError(code, "commit of " + tp + " in group " + groupId);
        GroupAnswer answer = GroupAnswer.of(code);
        switch (answer) {
            case REBALANCE, GENERATION_PASSED, FORGOTTEN, ID_GIVEN -> throw new Rejoin(answer, error.oneLine());
            case FATAL -> throw error;
            case MOVED -> client.coordinatorMoved(groupId, error.oneLine());
            case TRY_AGAIN, OK -> {}
        }
        return error;
    }

    private OffsetCommitRequest request(Membership as, Map<TopicPartition, CommittedOffset> offsets) {
        Map<String, List<OffsetCommitRequest.OffsetCommitRequestPartition>> byTopic = new HashMap<>();
        offsets.forEach((tp, what) -> byTopic.computeIfAbsent(tp.topic(), _ -> new ArrayList<>())
                .add(OffsetCommitRequest.OffsetCommitRequestPartition.builder()
                        .partitionIndex(tp.partition())
                        .committedOffset(what.offset())
                        .committedLeaderEpoch(what.leaderEpoch())
                        .committedMetadata(what.metadata())
                        .build()));
        List<OffsetCommitRequest.OffsetCommitRequestTopic> topics = new ArrayList<>();
        byTopic.forEach((topic, partitions) -> topics.add(OffsetCommitRequest.OffsetCommitRequestTopic.builder()
                .name(topic)
                .partitions(partitions)
                .build()));
        return OffsetCommitRequest.builder()
                .groupId(groupId)
                .generationIdOrMemberEpoch(as.generation())
                .memberId(as.memberId())
                .groupInstanceId(as.instanceId())
                .topics(topics)
                .build();
    }
}
