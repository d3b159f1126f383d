package dev.kafkaloom.producer;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceRequest.PartitionProduceData;
import dev.kafkaloom.message.ProduceRequest.TopicProduceData;
import dev.kafkaloom.message.ProduceResponse;
import dev.kafkaloom.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaloom.message.ProduceResponse.TopicProduceResponse;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.KafkaException.Recovery;
import dev.kafkaloom.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends the batches of one leader broker: takes what is ready, sends it in one request, gives each batch its answer, one request at a
 * time. Owned by the coroutine that runs it.
 */
final class LeaderSender {
    private static final short ACKS_ALL = -1;

    private final int leader;
    private final KafkaClient client;
    private final Accumulator accumulator;
    private final Destinations destinations;
    private final CallOptions options;
    private final int brokerTimeoutMs;

    LeaderSender(
            int leader,
            KafkaClient client,
            Accumulator accumulator,
            Destinations destinations,
            Duration requestTimeout) {
        this.leader = leader;
        this.client = client;
        this.accumulator = accumulator;
        this.destinations = destinations;
        this.options = CallOptions.DEFAULT.lane(Lane.PRODUCE).timeout(requestTimeout);
        // a little less than our own patience, so that a broker that waits for its replicas still gets to say so
        this.brokerTimeoutMs = Math.clamp(requestTimeout.toMillis() * 3 / 4, 1, Integer.MAX_VALUE);
    }

    void run() throws InterruptedException {
        for (List<Batch> batches = accumulator.take(leader); !batches.isEmpty(); batches = accumulator.take(leader)) {
            send(batches);
        }
    }

    private void send(List<Batch> batches) throws InterruptedException {
        Map<TopicPartition, Batch> asked = new LinkedHashMap<>();
        try {
            MessageFormat format = destinations.ask(leader);
            Map<TopicQueues, List<PartitionProduceData>> topics = new LinkedHashMap<>();
            for (Batch batch : batches) {
                ByteBuffer records = encode(batch, format);
                if (records != null) {
                    asked.put(batch.partition(), batch);
                    topics.computeIfAbsent(batch.queue().topic(), _ -> new ArrayList<>())
                            .add(PartitionProduceData.builder()
                                    .index(batch.partition().partition())
                                    .records(records)
                                    .build());
                }
            }
            if (!asked.isEmpty()) {
                answered(client.callOnce(new Route.Broker(leader), request(topics), options), asked);
            }
        } catch (KafkaException e) {
            batches.forEach(batch -> failedWhole(batch, e));
        }
    }

    /** Null: the batch has failed, because this broker could not read it in any form. */
    private ByteBuffer encode(Batch batch, MessageFormat format) {
        try {
            ByteBuffer records = batch.encode(format);
            accumulator.recharge(batch);
            return records;
        } catch (KafkaException e) {
            accumulator.failed(batch, e);
            return null;
        }
    }

    private ProduceRequest request(Map<TopicQueues, List<PartitionProduceData>> topics) {
        List<TopicProduceData> data = new ArrayList<>();
        topics.forEach((topic, partitions) -> data.add(TopicProduceData.builder()
                .name(topic.name())
                .topicId(topic.id())
                .partitionData(partitions)
                .build()));
        return ProduceRequest.builder()
                .acks(ACKS_ALL)
                .timeoutMs(brokerTimeoutMs)
                .topicData(data)
                .build();
    }

    private void answered(ProduceResponse response, Map<TopicPartition, Batch> asked) {
        Map<TopicPartition, Batch> open = new HashMap<>(asked);
        for (TopicProduceResponse topic : response.responses()) {
            for (PartitionProduceResponse answer : topic.partitionResponses()) {
                Batch batch = open.remove(new TopicPartition(nameOf(topic, asked), answer.index()));
                if (batch != null) {
                    answered(batch, answer);
                }
            }
        }
        open.values()
                .forEach(batch -> accumulator.failed(
                        batch,
                        new KafkaException.MalformedMessage(
                                "Produce response of broker " + leader, "no answer to " + batch.what())));
    }

    /** From v13 on topics are named by their id. */
    private static String nameOf(TopicProduceResponse answer, Map<TopicPartition, Batch> asked) {
        if (!answer.name().isEmpty()) {
            return answer.name();
        }
        return asked.values().stream()
                .map(batch -> batch.queue().topic())
                .filter(topic -> topic.id().equals(answer.topicId()))
                .map(TopicQueues::name)
                .findFirst()
                .orElse("");
    }

    private void answered(Batch batch, PartitionProduceResponse answer) {
        ErrorCode error = ErrorCode.of(answer.errorCode());
        if (error == ErrorCode.NONE) {
            accumulator.delivered(batch, answer.baseOffset(), answer.logAppendTimeMs());
            return;
        }
        KafkaException why = new KafkaException.BrokerError(error, context(batch, error, answer));
        switch (error.recovery()) {
            case RETRY_SAME -> accumulator.retry(batch, why, false);
            case REFRESH_METADATA -> accumulator.retry(batch, why, true);
            case FIND_COORDINATOR, REJOIN_GROUP, GIVE_UP -> accumulator.failed(batch, why);
        }
    }

    private String context(Batch batch, ErrorCode error, PartitionProduceResponse answer) {
        String context = batch.what() + " at broker " + leader;
        if (error == ErrorCode.MESSAGE_TOO_LARGE || error == ErrorCode.RECORD_LIST_TOO_LARGE) {
            context += ", more than its message.max.bytes or the topic's max.message.bytes allows";
        }
        return answer.errorMessage() == null ? context : context + ", which says '" + answer.errorMessage() + "'";
    }

    private void failedWhole(Batch batch, KafkaException why) {
        if (why.recovery() == Recovery.RETRY_SAME || why.recovery() == Recovery.REFRESH_METADATA) {
            accumulator.retry(batch, why, why.recovery() == Recovery.REFRESH_METADATA);
        } else {
            accumulator.failed(batch, why);
        }
    }
}
