package dev.kafkaloom.client;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.KafkaException.Recovery;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds offsets by time: ListOffsets, split by leader, sent to all leaders at once, repeated where a leader has changed. */
public final class OffsetLookup {
    /** The timestamp that means the end of the log. */
    public static final long LATEST = -1;
    /** The timestamp that means the start of the log. */
    public static final long EARLIEST = -2;

    private static final int CONSUMER = -1;
    private static final Duration UNKNOWN_TOPIC_PATIENCE = Duration.ofSeconds(2);

    private static final short ISOLATION_SINCE = 2; // Kafka 0.11; there are no transactions before

    private final KafkaClient client;
    private final byte isolationLevel;
    private final Map<TopicPartition, Long> found = new ConcurrentHashMap<>();
    private final Map<TopicPartition, KafkaException> failed = new ConcurrentHashMap<>();

    private OffsetLookup(KafkaClient client, byte isolationLevel) {
        this.client = client;
        this.isolationLevel = isolationLevel;
    }

    /**
     * The offsets of the first records at or after the timestamps.
     *
     * @param timestamps {@link #LATEST}, {@link #EARLIEST} or milliseconds since 1970. Brokers before 0.10.1 look milliseconds up by
     *     log segment: what they find may lie earlier
     * @return for each partition the offset, -1 where no record is that young
     * @throws KafkaException when a partition does not exist, or no answer was had within the client's {@code apiTimeout}
     */
    public static Map<TopicPartition, Long> list(KafkaClient client, Map<TopicPartition, Long> timestamps)
            throws InterruptedException {
        return new OffsetLookup(client, (byte) 0).run(timestamps);
    }

    /**
     * How far a reader gets: the end of the log, or with the isolation level read_committed (1) the last stable offset, behind which an
     * open transaction holds everything back. Errors as {@link #list}.
     */
    public static Map<TopicPartition, Long> ends(
            KafkaClient client, Collection<TopicPartition> partitions, byte isolationLevel)
            throws InterruptedException {
        return new OffsetLookup(client, isolationLevel)
                .run(partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> LATEST)));
    }

    private Map<TopicPartition, Long> run(Map<TopicPartition, Long> timestamps) throws InterruptedException {
        Deadline deadline = Deadline.after(client.config().apiTimeout());
        Deadline patience = Deadline.after(UNKNOWN_TOPIC_PATIENCE);
        Backoff backoff =
                new Backoff(client.config().retryBackoff(), client.config().retryBackoffMax());
        Map<TopicPartition, Long> missing = new HashMap<>(timestamps);
        for (int round = 1; !missing.isEmpty(); round++) {
            failed.clear();
            ask(missing, deadline);
            missing.keySet().removeAll(found.keySet());
            for (KafkaException failure : failed.values()) {
                boolean unknown = failure instanceof KafkaException.BrokerError e
                        && e.code() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
                if (isFinal(failure) || !(unknown ? patience : deadline).allows(backoff.longestAfter(round))) {
                    throw failure;
                }
            }
            if (!missing.isEmpty()) {
                if (deadline.passed()) {
                    throw new KafkaException.RequestTimedOut(
                            "offsets of " + missing.keySet(), client.config().apiTimeout());
                }
                Thread.sleep(backoff.after(round));
                client.refreshCluster("leaders of " + missing.keySet());
            }
        }
        return new TreeMap<>(found);
    }

    private static boolean isFinal(KafkaException failure) {
        return failure.recovery() == Recovery.GIVE_UP || failure.recovery() == Recovery.REJOIN_GROUP;
    }

    private void ask(Map<TopicPartition, Long> missing, Deadline deadline) throws InterruptedException {
        Cluster cluster = client.clusterWith(
                missing.keySet().stream().map(TopicPartition::topic).distinct().toList());
        Map<Integer, List<TopicPartition>> byLeader = new TreeMap<>();
        for (TopicPartition partition : missing.keySet()) {
            PartitionInfo info = cluster.partition(partition).orElse(null);
            if (info == null || info.leaderId() < 0) {
                ErrorCode why = info == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.LEADER_NOT_AVAILABLE;
                failed.put(partition, new KafkaException.BrokerError(why, "offset of " + partition));
            } else {
                byLeader.computeIfAbsent(info.leaderId(), _ -> new ArrayList<>())
                        .add(partition);
            }
        }
        if (byLeader.size() == 1) {
            var only = byLeader.entrySet().iterator().next();
            askLeader(only.getKey(), only.getValue(), missing, deadline);
        } else {
            try (Scope scope = Scope.open("offset-lookup")) {
                byLeader.forEach((leader, partitions) ->
                        scope.go("offsets/broker-" + leader, () -> askLeader(leader, partitions, missing, deadline)));
                scope.join();
            }
        }
    }

    private void askLeader(
            int leader, List<TopicPartition> partitions, Map<TopicPartition, Long> timestamps, Deadline deadline)
            throws InterruptedException {
        try {
            var response = client.callOnce(
                    new Route.Broker(leader),
                    request(partitions, timestamps, isolationOn(leader)),
                    CallOptions.DEFAULT.timeout(deadline.left()));
            response.topics().forEach(topic -> topic.partitions().forEach(each -> take(topic.name(), each)));
        } catch (KafkaException e) {
            partitions.forEach(partition -> failed.put(partition, e));
        }
    }

    private byte isolationOn(int leader) throws InterruptedException {
        boolean known = isolationLevel != 0
                && client.versions(leader, ApiKey.LIST_OFFSETS).highest() >= ISOLATION_SINCE;
        return known ? isolationLevel : 0;
    }

    private static ListOffsetsRequest request(
            List<TopicPartition> partitions, Map<TopicPartition, Long> timestamps, byte isolationLevel) {
        Map<String, List<ListOffsetsPartition>> topics = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            topics.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                    .add(ListOffsetsPartition.builder()
                            .partitionIndex(partition.partition())
                            .timestamp(timestamps.get(partition))
                            .build());
        }
        return ListOffsetsRequest.builder()
                .replicaId(CONSUMER)
                .isolationLevel(isolationLevel)
                .topics(topics.entrySet().stream()
                        .map(topic -> ListOffsetsTopic.builder()
                                .name(topic.getKey())
                                .partitions(topic.getValue())
                                .build())
                        .toList())
                .build();
    }

    private void take(String topic, ListOffsetsPartitionResponse partition) {
        TopicPartition key = new TopicPartition(topic, partition.partitionIndex());
        ErrorCode error = ErrorCode.of(partition.errorCode());
        if (error != ErrorCode.NONE) {
            failed.put(key, new KafkaException.BrokerError(error, "offset of " + key));
        } else {
            // v0 answers with a list, the newest first
            found.put(
                    key,
                    partition.oldStyleOffsets().isEmpty()
                            ? partition.offset()
                            : partition.oldStyleOffsets().getFirst());
        }
    }
}
