package dev.kafkaloom.consumer;

import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The incremental fetch session with one broker (KIP-227, KIP-516): what the broker was told last, so that a request need only say what
 * changed. Where there is no session (Fetch before v7, or a broker whose session cache is full and answers session id 0) every request
 * is a full one, and its order is rotated, because a broker fills an answer in the order of the request.
 *
 * <p>Owned by the thread of one {@link BrokerFetcher}; no I/O.
 */
final class FetchSession {
    /** What a broker is asked for one partition; a session knows it until it is told otherwise. */
    record Ask(long offset, int maxBytes, int leaderEpoch, Uuid topicId) {}

    /** A partition of an answer under its name, whether the answer named its topic or gave the id. */
    record Answer(TopicPartition partition, FetchResponse.PartitionData data) {}

    private static final int NO_SESSION = 0;
    private static final int FULL = 0; // asks for a new session, closing that of the id given
    private static final int SESSIONLESS = -1;

    private final Map<TopicPartition, Ask> known =
            new LinkedHashMap<>(); // what the broker has, once it answers without an error
    private final Map<Uuid, String> names = new HashMap<>();
    private int sessionId = NO_SESSION;
    private int epoch = FULL;
    private int rotation;

    /** Whether the next request will be a full one. */
    boolean isFull() {
        return epoch <= FULL;
    }

    int sessionId() {
        return sessionId;
    }

    /**
     * Puts session, topics and forgotten topics into a request.
     *
     * @param wanted all that is to be fetched now; what the session has beyond it is forgotten
     * @param sessions false asks without a session, for a broker that would mix names and ids up
     */
    void prepare(FetchRequest.Builder request, Map<TopicPartition, Ask> wanted, boolean sessions) {
        if (!sessions && epoch != SESSIONLESS) {
            epoch = SESSIONLESS;
            sessionId = NO_SESSION;
        } else if (sessions && epoch == SESSIONLESS) {
            epoch = FULL;
        }
        Map<TopicPartition, Ask> send = new LinkedHashMap<>();
        Map<TopicPartition, Uuid> forget = new LinkedHashMap<>();
        if (isFull()) {
            send.putAll(rotated(wanted));
            names.clear();
        } else {
            changes(wanted, send, forget);
        }
        known.clear();
        known.putAll(wanted);
        send.forEach((partition, ask) -> {
            if (!ask.topicId().equals(Uuid.ZERO)) {
                names.put(ask.topicId(), partition.topic());
            }
        });
        request.sessionId(sessionId).sessionEpoch(epoch).topics(topics(send)).forgottenTopicsData(forgotten(forget));
    }

    private void changes(
            Map<TopicPartition, Ask> wanted, Map<TopicPartition, Ask> send, Map<TopicPartition, Uuid> forget) {
        wanted.forEach((partition, ask) -> {
            Ask before = known.get(partition);
            if (!ask.equals(before)) {
                send.put(partition, ask);
                if (before != null && !before.topicId().equals(ask.topicId())) {
                    forget.put(partition, before.topicId()); // the topic was deleted and made again
                }
            }
        });
        known.forEach((partition, ask) -> {
            if (!wanted.containsKey(partition)) {
                forget.put(partition, ask.topicId());
            }
        });
    }

    /**
     * Takes the answer in.
     *
     * @return the error of the session or of the whole request; the next request is then a full one
     */
    Optional<ErrorCode> answered(FetchResponse response) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        if (error != ErrorCode.NONE) {
            if (error == ErrorCode.FETCH_SESSION_ID_NOT_FOUND) {
                sessionId = NO_SESSION;
            }
            epoch = epoch == SESSIONLESS ? SESSIONLESS : FULL;
            return Optional.of(error);
        }
        if (epoch == SESSIONLESS) {
            return Optional.empty();
        }
        if (response.sessionId() == NO_SESSION) {
            sessionId = NO_SESSION;
            epoch = FULL;
        } else if (epoch == FULL || response.sessionId() != sessionId) {
            sessionId = response.sessionId();
            epoch = 1;
        } else {
            epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        }
        return Optional.empty();
    }

    /** No answer came: what the broker knows is unknown. The next request is full and closes the session, should it still be there. */
    void broken() {
        if (epoch != SESSIONLESS) {
            epoch = FULL;
        }
    }

    /** The partitions of an answer; those of topics that were never asked for are left out. */
    List<Answer> answers(FetchResponse response) {
        List<Answer> answers = new ArrayList<>();
        for (FetchResponse.FetchableTopicResponse topic : response.responses()) {
            String name = topic.topic().isEmpty() ? names.get(topic.topicId()) : topic.topic();
            if (name != null) {
                topic.partitions()
                        .forEach(
                                data -> answers.add(new Answer(new TopicPartition(name, data.partitionIndex()), data)));
            }
        }
        return answers;
    }

    private Map<TopicPartition, Ask> rotated(Map<TopicPartition, Ask> wanted) {
        if (wanted.size() < 2) {
            return wanted;
        }
        List<TopicPartition> order = new ArrayList<>(wanted.keySet());
        int start = Math.floorMod(rotation++, order.size());
        Map<TopicPartition, Ask> turned = new LinkedHashMap<>();
        for (int i = 0; i < order.size(); i++) {
            TopicPartition partition = order.get((start + i) % order.size());
            turned.put(partition, wanted.get(partition));
        }
        return turned;
    }

    /** Neighbours of one topic share an entry; the order is kept, and so a topic may come twice. */
    private static List<FetchRequest.FetchTopic> topics(Map<TopicPartition, Ask> send) {
        List<FetchRequest.FetchTopic> topics = new ArrayList<>();
        List<FetchRequest.FetchPartition> partitions = new ArrayList<>();
        TopicPartition last = null;
        Uuid lastId = Uuid.ZERO;
        for (Map.Entry<TopicPartition, Ask> entry : send.entrySet()) {
            TopicPartition partition = entry.getKey();
            Ask ask = entry.getValue();
            if (last != null && !(last.topic().equals(partition.topic()) && lastId.equals(ask.topicId()))) {
                topics.add(topic(last, lastId, partitions));
                partitions = new ArrayList<>();
            }
            partitions.add(FetchRequest.FetchPartition.builder()
                    .partition(partition.partition())
                    .fetchOffset(ask.offset())
                    .partitionMaxBytes(ask.maxBytes())
                    .currentLeaderEpoch(ask.leaderEpoch())
                    .build());
            last = partition;
            lastId = ask.topicId();
        }
        if (last != null) {
            topics.add(topic(last, lastId, partitions));
        }
        return topics;
    }

    private static FetchRequest.FetchTopic topic(
            TopicPartition of, Uuid id, List<FetchRequest.FetchPartition> partitions) {
        return FetchRequest.FetchTopic.builder()
                .topic(of.topic())
                .topicId(id)
                .partitions(partitions)
                .build();
    }

    private static List<FetchRequest.ForgottenTopic> forgotten(Map<TopicPartition, Uuid> forget) {
        record Key(String topic, Uuid id) {}
        Map<Key, List<Integer>> byTopic = new LinkedHashMap<>();
        forget.forEach(
                (partition, id) -> byTopic.computeIfAbsent(new Key(partition.topic(), id), _ -> new ArrayList<>())
                        .add(partition.partition()));
        return byTopic.entrySet().stream()
                .map(entry -> FetchRequest.ForgottenTopic.builder()
                        .topic(entry.getKey().topic())
                        .topicId(entry.getKey().id())
                        .partitions(entry.getValue())
                        .build())
                .toList();
    }
}
