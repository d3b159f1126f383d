package dev.kafkaloom.consumer;

import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The incremental fetch session with one broker (KIP-227, KIP-516): what is wanted, what of it the broker was told, and so what the next
 * request has to say. A request costs what changed since the last one, however many partitions there are. Where there is no session
 * (Fetch before v7, or a broker whose session cache is full and answers session id 0) every request is a full one, and its order is
 * rotated, because a broker fills an answer in the order of the request.
 *
 * <p>Owned by the thread of one {@link BrokerFetcher}; no I/O.
 */
final class FetchSession {
    /** What a broker is asked for one partition; a session knows it until it is told otherwise. {@code lastEpoch}: of the batch before. */
    record Ask(long offset, int maxBytes, int leaderEpoch, int lastEpoch, Uuid topicId) {}

    /** A partition of an answer under its name, whether the answer named its topic or gave the id. */
    record Answer(TopicPartition partition, FetchResponse.PartitionData data) {}

    /** A partition that the broker is to forget; the id is that of the topic it knows. */
    private record Forgotten(TopicPartition partition, Uuid topicId) {}

    private static final int NO_SESSION = 0;
    private static final int FULL = 0; // asks for a new session, closing that of the id given
    private static final int SESSIONLESS = -1;

    private final Map<TopicPartition, Ask> wanted = new LinkedHashMap<>();
    private final Set<TopicPartition> unsent = new LinkedHashSet<>(); // wanted, and not said so yet
    private final Set<Forgotten> unwanted = new LinkedHashSet<>(); // the broker may still have them
    private final Map<Uuid, String> names = new HashMap<>();
    private int unnamed; // how many are wanted of topics without an id
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

    /** Whether nothing is wanted. */
    boolean isEmpty() {
        return wanted.isEmpty();
    }

    /** How many partitions are wanted. */
    int size() {
        return wanted.size();
    }

    /** So many of those wanted for longest, or never forgotten since; none when the number is not positive. */
    List<TopicPartition> oldest(int count) {
        return wanted.keySet().stream().limit(Math.max(0, count)).toList();
    }

    /** Whether some topic of those wanted has no id. */
    boolean hasNames() {
        return unnamed > 0;
    }

    /** From the next request on this is asked for. */
    void want(TopicPartition partition, Ask ask) {
        Ask before = wanted.put(partition, ask);
        if (ask.equals(before)) {
            return;
        }
        unnamed += isName(ask) - (before == null ? 0 : isName(before));
        unsent.add(partition);
        if (before != null && !before.topicId().equals(ask.topicId())) {
            unwanted.add(new Forgotten(partition, before.topicId())); // the topic was deleted and made again
        }
        if (!unwanted.isEmpty()) {
            unwanted.remove(new Forgotten(partition, ask.topicId()));
        }
    }

    /** From the next request on it is not asked for. */
    void forget(TopicPartition partition) {
        Ask before = wanted.remove(partition);
        if (before != null) {
            unnamed -= isName(before);
            unsent.remove(partition);
            unwanted.add(new Forgotten(partition, before.topicId()));
        }
    }

    private static int isName(Ask ask) {
        return ask.topicId().equals(Uuid.ZERO) ? 1 : 0;
    }

    /**
     * Puts session, topics and forgotten topics into a request.
     *
     * @param sessions false asks without a session, for a broker that would mix names and ids up
     */
    void prepare(FetchRequest.Builder request, boolean sessions) {
        if (!sessions && epoch != SESSIONLESS) {
            epoch = SESSIONLESS;
            sessionId = NO_SESSION;
        } else if (sessions && epoch == SESSIONLESS) {
            epoch = FULL;
        }
        if (isFull()) {
            names.clear();
            unwanted.clear();
        }
        request.sessionId(sessionId)
                .sessionEpoch(epoch)
                .topics(topics(isFull() ? rotated() : List.copyOf(unsent)))
                .forgottenTopicsData(forgotten());
        unsent.clear();
        unwanted.clear();
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

    private List<TopicPartition> rotated() {
        List<TopicPartition> order = new ArrayList<>(wanted.keySet());
        int start = order.size() < 2 ? 0 : Math.floorMod(rotation++, order.size());
        List<TopicPartition> turned = new ArrayList<>(order.subList(start, order.size()));
        turned.addAll(order.subList(0, start));
        return turned;
    }

    /** Neighbours of one topic share an entry; the order is kept, and so a topic may come twice. */
    private List<FetchRequest.FetchTopic> topics(List<TopicPartition> send) {
        List<FetchRequest.FetchTopic> topics = new ArrayList<>();
        List<FetchRequest.FetchPartition> partitions = new ArrayList<>();
        TopicPartition last = null;
        Uuid lastId = Uuid.ZERO;
        for (TopicPartition partition : send) {
            Ask ask = wanted.get(partition);
            if (last != null && !(last.topic().equals(partition.topic()) && lastId.equals(ask.topicId()))) {
                topics.add(topic(last, lastId, partitions));
                partitions = new ArrayList<>();
            }
            partitions.add(FetchRequest.FetchPartition.builder()
                    .partition(partition.partition())
                    .fetchOffset(ask.offset())
                    .partitionMaxBytes(ask.maxBytes())
                    .currentLeaderEpoch(ask.leaderEpoch())
                    .lastFetchedEpoch(ask.lastEpoch())
                    .build());
            last = partition;
            lastId = ask.topicId();
        }
        if (last != null) {
            topics.add(topic(last, lastId, partitions));
        }
        return topics;
    }

    private FetchRequest.FetchTopic topic(TopicPartition of, Uuid id, List<FetchRequest.FetchPartition> partitions) {
        if (!id.equals(Uuid.ZERO)) {
            names.put(id, of.topic());
        }
        return FetchRequest.FetchTopic.builder()
                .topic(of.topic())
                .topicId(id)
                .partitions(partitions)
                .build();
    }

    private List<FetchRequest.ForgottenTopic> forgotten() {
        record Key(String topic, Uuid id) {}
        Map<Key, List<Integer>> byTopic = new LinkedHashMap<>();
        unwanted.forEach(
                each -> byTopic.computeIfAbsent(new Key(each.partition.topic(), each.topicId), _ -> new ArrayList<>())
                        .add(each.partition.partition()));
        return byTopic.entrySet().stream()
                .map(entry -> FetchRequest.ForgottenTopic.builder()
                        .topic(entry.getKey().topic())
                        .topicId(entry.getKey().id())
                        .partitions(entry.getValue())
                        .build())
                .toList();
    }
}
