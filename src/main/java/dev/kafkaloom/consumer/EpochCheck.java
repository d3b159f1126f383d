package dev.kafkaloom.consumer;

import dev.kafkaloom.message.OffsetForLeaderEpochRequest;
import dev.kafkaloom.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import dev.kafkaloom.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import dev.kafkaloom.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a leader whether its log is still the one that was read up to the fetch positions (KIP-320): for brokers before 2.7, whose Fetch
 * does not tell. Used by the thread of one {@link BrokerFetcher}.
 */
final class EpochCheck {
    private static final Logger LOG = LoggerFactory.getLogger(EpochCheck.class);
    private static final int CONSUMER = -1;

    private final Fetchers fetchers;
    private final BrokerFetcher fetcher;

    EpochCheck(Fetchers fetchers, BrokerFetcher fetcher) {
        this.fetchers = fetchers;
        this.fetcher = fetcher;
    }

    /**
     * Asks about all of them at once. Whose log is another one is told by mail; who is not led by this broker leaves it.
     *
     * @throws KafkaException when there is no answer
     */
    void check(List<Seat> seats) throws InterruptedException {
        Map<TopicPartition, Seat> asked = new HashMap<>();
        Map<String, List<OffsetForLeaderPartition>> topics = new HashMap<>();
        for (Seat seat : seats) {
            TopicPartition partition = seat.mailbox.partition();
            seat.asked = seat.mailbox.position();
            if (seat.asked.leaderEpoch() >= 0) {
                asked.put(partition, seat);
                topics.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                        .add(OffsetForLeaderPartition.builder()
                                .partition(partition.partition())
                                .currentLeaderEpoch(seat.placement.leaderEpoch())
                                .leaderEpoch(seat.asked.leaderEpoch())
                                .build());
            }
        }
        if (topics.isEmpty()) {
            return;
        }
        fetchers.call(fetcher.node(), request(topics))
                .topics()
                .forEach(topic -> topic.partitions().forEach(found -> {
                    Seat seat = asked.get(new TopicPartition(topic.topic(), found.partition()));
                    if (seat != null) {
                        take(seat, found);
                    }
                }));
    }

    private static OffsetForLeaderEpochRequest request(Map<String, List<OffsetForLeaderPartition>> topics) {
        return OffsetForLeaderEpochRequest.builder()
                .replicaId(CONSUMER)
                .topics(topics.entrySet().stream()
                        .map(topic -> OffsetForLeaderTopic.builder()
                                .topic(topic.getKey())
                                .partitions(topic.getValue())
                                .build())
                        .toList())
                .build();
    }

    private void take(Seat seat, EpochEndOffset found) {
        ErrorCode error = ErrorCode.of(found.errorCode());
        Position asked = seat.asked;
        if (error != ErrorCode.NONE) {
            if (error.recovery() == KafkaException.Recovery.GIVE_UP) { // before 2.3 it took a right on the cluster
                LOG.debug("{} is not checked for truncation: {}", seat.mailbox.partition(), error);
            } else {
                fetcher.leave(seat, error + " (" + error.meaning() + ")");
            }
        } else if (found.endOffset() < 0 || found.leaderEpoch() < 0) {
            seat.mailbox.receivedLoss(asked, new LostPosition.OutOfRange(asked.at()));
        } else if (found.endOffset() < asked.offset() || found.leaderEpoch() < asked.leaderEpoch()) {
            seat.mailbox.receivedDivergence(asked, found.endOffset(), found.leaderEpoch());
        }
    }
}
