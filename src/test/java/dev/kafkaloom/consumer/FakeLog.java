package dev.kafkaloom.consumer;

import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Topic {@code t} of fake brokers: one batch of one record at each offset, fetch sessions as a real broker keeps them (KIP-227, without its
 * eviction), held fetches, and errors on demand. Thread-safe: brokers call from their connections.
 */
final class FakeLog {
    static final String TOPIC = "t";
    static final Uuid ID = new Uuid(4, 2);

    private final Map<Integer, Integer> leaders = new HashMap<>();
    private final Map<Integer, Integer> followers = new HashMap<>();
    private final Map<Integer, Long> followed = new HashMap<>();
    private final List<Integer> ports = new ArrayList<>();
    private final Map<Integer, List<ByteBuffer>> batches = new TreeMap<>();
    private final Map<Integer, Long> starts = new HashMap<>();
    private final Deque<ErrorCode> refusals = new ArrayDeque<>();
    private final Map<Integer, ErrorCode> errors = new HashMap<>();
    private final Map<Integer, Map<TopicPartition, FetchRequest.FetchPartition>> sessions = new HashMap<>();
    private final Map<Integer, Integer> epochs = new HashMap<>();
    private boolean keepsSessions = true;
    private int maxBatches = 10;
    private int lastSession = 100;

    /** Brokers 1, 2, ... listen at these ports. */
    FakeLog(int partitions, Integer... ports) {
        this.ports.addAll(Arrays.asList(ports));
        for (int i = 0; i < partitions; i++) {
            batches.put(i, new ArrayList<>());
            starts.put(i, 0L);
            leaders.put(i, 1);
        }
    }

    synchronized FakeLog append(int partition, int count) {
        List<ByteBuffer> log = batches.get(partition);
        for (int i = 0; i < count; i++) {
            log.add(Batches.at(log.size(), partition + "/" + log.size()));
        }
        notifyAll();
        return this;
    }

    /** A record for each key; null for none. */
    synchronized FakeLog appendKeys(int partition, String... keys) {
        List<ByteBuffer> log = batches.get(partition);
        for (String key : keys) {
            log.add(Batches.keyed(log.size(), key, partition + "/" + log.size()));
        }
        notifyAll();
        return this;
    }

    /** This broker leads from now on; at first 1 leads all. */
    synchronized void lead(int partition, int node) {
        leaders.put(partition, node);
        notifyAll();
    }

    /** The leader sends consumers of the partition to this follower; it has the records from {@code offset} on. */
    synchronized void follow(int partition, int node, long offset) {
        followers.put(partition, node);
        followed.put(partition, offset);
    }

    synchronized void startAt(int partition, long offset) {
        starts.put(partition, offset);
    }

    /** At most so many records of a partition in one answer. */
    synchronized void maxBatches(int most) {
        maxBatches = most;
    }

    /** The next fetch within a session gets this error. */
    synchronized void refuseNext(ErrorCode error) {
        refusals.add(error);
    }

    /** Each fetch of the partition gets this error; NONE ends it. */
    synchronized void fail(int partition, ErrorCode error) {
        errors.put(partition, error);
        notifyAll();
    }

    synchronized void keepNoSessions() {
        keepsSessions = false;
    }

    /** The answer of every broker to Metadata. */
    synchronized Response metadata(Request<?> request) {
        List<MetadataResponse.MetadataResponsePartition> partitions = new ArrayList<>();
        leaders.forEach((number, leader) -> partitions.add(MetadataResponse.MetadataResponsePartition.builder()
                .partitionIndex(number)
                .leaderId(leader)
                .leaderEpoch(3)
                .replicaNodes(List.of(1))
                .isrNodes(List.of(1))
                .build()));
        List<MetadataResponse.MetadataResponseBroker> brokers = new ArrayList<>();
        for (int port : ports) {
            brokers.add(MetadataResponse.MetadataResponseBroker.builder()
                    .nodeId(brokers.size() + 1)
                    .host("127.0.0.1")
                    .port(port)
                    .build());
        }
        boolean asked = ((MetadataRequest) request).topics() != null
                && !((MetadataRequest) request).topics().isEmpty();
        return MetadataResponse.builder()
                .clusterId("fake")
                .controllerId(1)
                .brokers(brokers)
                .topics(
                        !asked
                                ? List.of()
                                : List.of(MetadataResponse.MetadataResponseTopic.builder()
                                        .name(TOPIC)
                                        .topicId(ID)
                                        .partitions(partitions)
                                        .build()))
                .build();
    }

    /** The answer of broker {@code node} to Fetch. */
    synchronized Response fetch(int node, Request<?> any) {
        FetchRequest request = (FetchRequest) any;
        boolean incremental = request.sessionEpoch() > 0;
        if (incremental && !refusals.isEmpty()) {
            return FetchResponse.builder().errorCode(refusals.poll().code()).build();
        }
        int session = request.sessionId();
        if (incremental && (!sessions.containsKey(session) || epochs.get(session) != request.sessionEpoch())) {
            return FetchResponse.builder()
                    .errorCode(ErrorCode.INVALID_FETCH_SESSION_EPOCH.code())
                    .build();
        }
        if (!incremental) {
            sessions.remove(session);
            session = request.sessionEpoch() == 0 && keepsSessions ? ++lastSession : 0;
            sessions.put(session, new LinkedHashMap<>());
        }
        Map<TopicPartition, FetchRequest.FetchPartition> known = sessions.get(session);
        request.forgottenTopicsData()
                .forEach(
                        topic -> topic.partitions().forEach(number -> known.remove(new TopicPartition(TOPIC, number))));
        request.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(each -> known.put(new TopicPartition(TOPIC, each.partition()), each)));
        epochs.put(session, request.sessionEpoch() < 0 ? 0 : request.sessionEpoch() + 1);
        List<FetchResponse.PartitionData> answers = held(node, known, request.maxWaitMs(), !incremental);
        FetchResponse.FetchableTopicResponse topic = FetchResponse.FetchableTopicResponse.builder()
                .topic(TOPIC)
                .topicId(ID)
                .partitions(answers)
                .build();
        return FetchResponse.builder()
                .sessionId(session)
                .responses(answers.isEmpty() ? List.of() : List.of(topic))
                .build();
    }

    private List<FetchResponse.PartitionData> held(
            int node, Map<TopicPartition, FetchRequest.FetchPartition> known, int maxWaitMs, boolean full) {
        long deadline = System.nanoTime() + maxWaitMs * 1_000_000L;
        while (true) {
            List<FetchResponse.PartitionData> answers = new ArrayList<>();
            boolean news = false;
            for (FetchRequest.FetchPartition each : known.values()) {
                FetchResponse.PartitionData data = answer(node, each);
                boolean worth =
                        data.errorCode() != 0 || data.records().hasRemaining() || data.preferredReadReplica() >= 0;
                news |= worth;
                if (full || worth) {
                    answers.add(data);
                }
            }
            long left = (deadline - System.nanoTime()) / 1_000_000L;
            if (news || left <= 0) {
                return answers;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return answers;
            }
        }
    }

    private FetchResponse.PartitionData answer(int node, FetchRequest.FetchPartition asked) {
        int partition = asked.partition();
        List<ByteBuffer> log = batches.get(partition);
        long offset = asked.fetchOffset();
        int follower = followers.getOrDefault(partition, -1);
        boolean sentAway = follower >= 0 && node != follower && offset >= followed.get(partition);
        ErrorCode error = error(node, partition, offset);
        int from = Math.clamp(offset, 0, log.size());
        List<ByteBuffer> sent = log.subList(from, Math.min(log.size(), from + maxBatches));
        boolean given = error == ErrorCode.NONE && !sentAway;
        return FetchResponse.PartitionData.builder()
                .partitionIndex(partition)
                .errorCode(error.code())
                .highWatermark(error == ErrorCode.NONE ? log.size() : -1)
                .logStartOffset(starts.get(partition))
                .preferredReadReplica(sentAway ? follower : -1)
                .records(given ? Batches.join(sent.toArray(ByteBuffer[]::new)) : ByteBuffer.allocate(0))
                .build();
    }

    private ErrorCode error(int node, int partition, long offset) {
        boolean follows = followers.getOrDefault(partition, -1) == node;
        if (leaders.get(partition) != node && !follows) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        long start = follows ? followed.get(partition) : starts.get(partition);
        boolean outside = offset < start || offset > batches.get(partition).size();
        return outside ? ErrorCode.OFFSET_OUT_OF_RANGE : errors.getOrDefault(partition, ErrorCode.NONE);
    }
}
