package dev.kafkaloom.consumer;

import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.message.OffsetForLeaderEpochRequest;
import dev.kafkaloom.message.OffsetForLeaderEpochResponse;
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

    private static final int BATCH_EPOCH = 12; // where a batch has its leader epoch

    /** A partition of a session, and the topic id that it was asked for by. */
    private record Known(FetchRequest.FetchPartition ask, Uuid topicId) {}

    private final Map<Integer, Integer> leaders = new HashMap<>();
    private final Map<Integer, Integer> followers = new HashMap<>();
    private final Map<Integer, Long> followed = new HashMap<>();
    private final List<Integer> ports = new ArrayList<>();
    private final Map<Integer, List<ByteBuffer>> batches = new TreeMap<>();
    private final Map<Integer, Long> starts = new HashMap<>();
    private final Deque<ErrorCode> refusals = new ArrayDeque<>();
    private final Map<Integer, ErrorCode> errors = new HashMap<>();
    private final Map<Integer, Integer> leaderEpochs = new HashMap<>();
    private final Map<Integer, Map<TopicPartition, Known>> sessions = new HashMap<>();
    private final Map<Integer, Integer> epochs = new HashMap<>();
    private Uuid id = ID;
    private boolean keepsSessions = true;
    private boolean tellsLeaders;
    private boolean metadataLag;
    private int maxBatches = 10;
    private int lastSession = 100;

    /** Brokers 1, 2, ... listen at these ports. */
    FakeLog(int partitions, Integer... ports) {
        this.ports.addAll(Arrays.asList(ports));
        for (int i = 0; i < partitions; i++) {
            batches.put(i, new ArrayList<>());
            starts.put(i, 0L);
            leaders.put(i, 1);
            leaderEpochs.put(i, 3);
        }
    }

    synchronized FakeLog append(int partition, int count) {
        List<ByteBuffer> log = batches.get(partition);
        for (int i = 0; i < count; i++) {
            ByteBuffer batch = Batches.at(log.size(), partition + "/" + log.size());
            log.add(batch.putInt(BATCH_EPOCH, leaderEpochs.get(partition)));
        }
        notifyAll();
        return this;
    }

    /** Offsets that hold nothing to handle: ends of transactions. */
    synchronized FakeLog appendEmpty(int partition, int count) {
        List<ByteBuffer> log = batches.get(partition);
        for (int i = 0; i < count; i++) {
            log.add(Batches.summed(Batches.marker(1, log.size(), true)));
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
        leaderEpochs.merge(partition, 1, Integer::sum);
        notifyAll();
    }

    /** Errors name the leader that there is and where it listens (KIP-951); metadata do not know of it. */
    synchronized void tellLeaders() {
        tellsLeaders = true;
        metadataLag = true;
    }

    /** Another leader takes over, on the same broker, that has the records below {@code end} only. */
    synchronized FakeLog truncate(int partition, int end) {
        List<ByteBuffer> log = batches.get(partition);
        log.subList(end, log.size()).clear();
        leaderEpochs.merge(partition, 1, Integer::sum);
        notifyAll();
        return this;
    }

    /** The topic is deleted and made again, empty. */
    synchronized void recreate() {
        id = id.equals(Uuid.ZERO) ? id : new Uuid(id.mostSignificantBits(), id.leastSignificantBits() + 1);
        batches.values().forEach(List::clear);
        leaderEpochs.replaceAll((_, _) -> 0);
        notifyAll();
    }

    /** Its topic has no id, as before 2.8. */
    synchronized void nameless() {
        id = Uuid.ZERO;
    }

    synchronized Uuid id() {
        return id;
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

    /** The leaders' epoch is this. */
    synchronized void leaderEpoch(int epoch) {
        leaderEpochs.replaceAll((_, _) -> epoch);
    }

    synchronized void keepNoSessions() {
        keepsSessions = false;
    }

    /** The answer of every broker to Metadata. */
    synchronized Response metadata(Request<?> request) {
        List<MetadataResponse.MetadataResponsePartition> partitions = new ArrayList<>();
        leaders.forEach((number, leader) -> partitions.add(MetadataResponse.MetadataResponsePartition.builder()
                .partitionIndex(number)
                .leaderId(metadataLag ? 1 : leader)
                .leaderEpoch(metadataLag ? 3 : leaderEpochs.get(number))
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
                                        .topicId(id)
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
        Map<TopicPartition, Known> known = sessions.get(session);
        request.forgottenTopicsData()
                .forEach(
                        topic -> topic.partitions().forEach(number -> known.remove(new TopicPartition(TOPIC, number))));
        request.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(each -> known.put(
                                new TopicPartition(TOPIC, each.partition()), new Known(each, topic.topicId()))));
        epochs.put(session, request.sessionEpoch() < 0 ? 0 : request.sessionEpoch() + 1);
        Map<Uuid, List<FetchResponse.PartitionData>> answers = held(node, known, request.maxWaitMs(), !incremental);
        return FetchResponse.builder()
                .sessionId(session)
                .responses(answers.entrySet().stream()
                        .map(each -> FetchResponse.FetchableTopicResponse.builder()
                                .topic(TOPIC)
                                .topicId(each.getKey())
                                .partitions(each.getValue())
                                .build())
                        .toList())
                .nodeEndpoints(tellsLeaders ? endpoints() : List.of())
                .build();
    }

    private List<FetchResponse.NodeEndpoint> endpoints() {
        List<FetchResponse.NodeEndpoint> endpoints = new ArrayList<>();
        for (int port : ports) {
            endpoints.add(FetchResponse.NodeEndpoint.builder()
                    .nodeId(endpoints.size() + 1)
                    .host("127.0.0.1")
                    .port(port)
                    .build());
        }
        return endpoints;
    }

    /** The answer of a leader to OffsetForLeaderEpoch. */
    synchronized Response epochEnds(Request<?> any) {
        OffsetForLeaderEpochRequest request = (OffsetForLeaderEpochRequest) any;
        List<OffsetForLeaderEpochResponse.EpochEndOffset> ends = new ArrayList<>();
        request.topics()
                .forEach(topic -> topic.partitions().forEach(each -> {
                    EpochEnd end = epochEnd(each.partition(), each.leaderEpoch());
                    ends.add(OffsetForLeaderEpochResponse.EpochEndOffset.builder()
                            .partition(each.partition())
                            .leaderEpoch(end == null ? -1 : end.epoch)
                            .endOffset(end == null ? -1 : end.offset)
                            .build());
                }));
        return OffsetForLeaderEpochResponse.builder()
                .topics(List.of(OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult.builder()
                        .topic(TOPIC)
                        .partitions(ends)
                        .build()))
                .build();
    }

    private record EpochEnd(int epoch, int offset) {}

    /** As a broker's leader epoch cache tells it; null when it does not know. */
    private EpochEnd epochEnd(int partition, int epoch) {
        if (epoch > leaderEpochs.get(partition)) {
            return null;
        }
        List<ByteBuffer> log = batches.get(partition);
        int largest = 0;
        int end = 0;
        for (ByteBuffer batch : log) {
            if (batch.getInt(BATCH_EPOCH) <= epoch) {
                largest = batch.getInt(BATCH_EPOCH);
                end++;
            }
        }
        return epoch == leaderEpochs.get(partition) ? new EpochEnd(epoch, log.size()) : new EpochEnd(largest, end);
    }

    private Map<Uuid, List<FetchResponse.PartitionData>> held(
            int node, Map<TopicPartition, Known> known, int maxWaitMs, boolean full) {
        long deadline = System.nanoTime() + maxWaitMs * 1_000_000L;
        while (true) {
            Map<Uuid, List<FetchResponse.PartitionData>> answers = new HashMap<>();
            boolean news = false;
            for (Known each : known.values()) {
                FetchResponse.PartitionData data = answer(node, each);
                boolean worth = data.errorCode() != 0
                        || data.records().hasRemaining()
                        || data.preferredReadReplica() >= 0
                        || data.divergingEpoch().endOffset() >= 0;
                news |= worth;
                if (full || worth) {
                    answers.computeIfAbsent(each.topicId(), _ -> new ArrayList<>())
                            .add(data);
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

    private FetchResponse.PartitionData answer(int node, Known known) {
        FetchRequest.FetchPartition asked = known.ask();
        int partition = asked.partition();
        List<ByteBuffer> log = batches.get(partition);
        long offset = asked.fetchOffset();
        int follower = followers.getOrDefault(partition, -1);
        boolean sentAway = follower >= 0 && node != follower && offset >= followed.get(partition);
        ErrorCode error = error(node, known);
        EpochEnd parting = asked.lastFetchedEpoch() < 0 ? null : epochEnd(partition, asked.lastFetchedEpoch());
        boolean parts = error == ErrorCode.NONE
                && parting != null
                && (parting.epoch < asked.lastFetchedEpoch() || parting.offset < offset);
        int from = Math.clamp(offset, 0, log.size());
        List<ByteBuffer> sent = log.subList(from, Math.min(log.size(), from + maxBatches));
        boolean given = error == ErrorCode.NONE && !sentAway && !parts;
        FetchResponse.PartitionData.Builder data = FetchResponse.PartitionData.builder();
        if (parts) {
            data.divergingEpoch(FetchResponse.EpochEndOffset.builder()
                    .epoch(parting.epoch)
                    .endOffset(parting.offset)
                    .build());
        }
        if (tellsLeaders && (error == ErrorCode.NOT_LEADER_OR_FOLLOWER || error == ErrorCode.FENCED_LEADER_EPOCH)) {
            data.currentLeader(FetchResponse.LeaderIdAndEpoch.builder()
                    .leaderId(leaders.get(partition))
                    .leaderEpoch(leaderEpochs.get(partition))
                    .build());
        }
        return data.partitionIndex(partition)
                .errorCode(error.code())
                .highWatermark(error == ErrorCode.NONE ? log.size() : -1)
                .logStartOffset(starts.get(partition))
                .preferredReadReplica(sentAway ? follower : -1)
                .records(given ? Batches.join(sent.toArray(ByteBuffer[]::new)) : ByteBuffer.allocate(0))
                .build();
    }

    private ErrorCode error(int node, Known known) {
        int partition = known.ask().partition();
        long offset = known.ask().fetchOffset();
        int lastEpoch = known.ask().lastFetchedEpoch();
        boolean follows = followers.getOrDefault(partition, -1) == node;
        if (!known.topicId().equals(id) && !known.topicId().equals(Uuid.ZERO)) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
        if (leaders.get(partition) != node && !follows) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        int believed = known.ask().currentLeaderEpoch();
        if (believed >= 0 && believed != leaderEpochs.get(partition)) {
            return believed < leaderEpochs.get(partition)
                    ? ErrorCode.FENCED_LEADER_EPOCH
                    : ErrorCode.UNKNOWN_LEADER_EPOCH;
        }
        EpochEnd end = lastEpoch < 0 ? null : epochEnd(partition, lastEpoch);
        boolean parts =
                end != null && (end.epoch < lastEpoch || end.offset < offset); // said before the offset is looked at
        long start = follows ? followed.get(partition) : starts.get(partition);
        boolean outside = offset < start || offset > batches.get(partition).size();
        return (lastEpoch >= 0 && end == null) || (outside && !parts)
                ? ErrorCode.OFFSET_OUT_OF_RANGE
                : errors.getOrDefault(partition, ErrorCode.NONE);
    }
}
