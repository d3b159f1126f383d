package dev.kafkaloom.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kafkaloom.admin.NewTopic;
import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.sink.RecordSender;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts records aside in the dead-letter topic, as {@link DeadLetters} describes. Thread-safe. */
final class DeadLetterWriter {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterWriter.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HEADERS_SINCE = 3; // Produce v3, Kafka 0.11
    private static final int LONGEST_ERROR = 2000;
    private static final Set<String> OURS = Set.of(
            DeadLetters.SOURCE_TOPIC,
            DeadLetters.SOURCE_PARTITION,
            DeadLetters.SOURCE_OFFSET,
            DeadLetters.SOURCE_TIMESTAMP,
            DeadLetters.ERROR,
            DeadLetters.ATTEMPTS,
            DeadLetters.GROUP);

    private final RecordSender sender;
    private final String topic;
    private final String group;
    private final boolean headers;

    /** {@code headers}: whether the brokers know such. */
    DeadLetterWriter(RecordSender sender, String topic, String group, boolean headers) {
        this.sender = sender;
        this.topic = topic;
        this.group = group;
        this.headers = headers;
    }

    /**
     * Sees to it that there is the topic.
     *
     * @throws IllegalArgumentException when it is itself consumed
     * @throws KafkaException when it does not exist and cannot be made
     */
    static DeadLetterWriter open(KafkaClient client, RecordSender sender, String topic, ConsumerConfig consumer)
            throws InterruptedException {
        if (consumer.topics().contains(topic)
                || (consumer.topicPattern() != null
                        && consumer.topicPattern().matcher(topic).matches())) {
            throw new IllegalArgumentException("dead.letter.topic " + topic
                    + " is one of those that are consumed: what is put aside there would come again");
        }
        TopicInfo found = client.allTopics().topics().get(topic);
        if (found == null || !found.exists()) {
            create(client, topic);
        }
        boolean headers = client.versions()
                .common(ApiKey.PRODUCE)
                .map(range -> range.highest() >= HEADERS_SINCE)
                .orElse(false);
        return new DeadLetterWriter(sender, topic, consumer.groupId(), headers);
    }

    private static void create(KafkaClient client, String topic) throws InterruptedException {
        try {
            TopicInfo made = Topics.create(client, NewTopic.of(topic));
            LOG.info(
                    "made the dead-letter topic {}, partitions: {}",
                    topic,
                    made.partitions().size());
        } catch (KafkaException.BrokerError e) {
            if (e.code() != ErrorCode.TOPIC_ALREADY_EXISTS) { // another daemon was faster
                throw new KafkaException.InvalidRequest(
                        "dead.letter.topic " + topic + " does not exist and cannot be made: " + e.oneLine());
            }
        }
    }

    /**
     * Returns when all in-sync replicas have it.
     *
     * @throws RuntimeException when it was not taken
     */
    void write(ConsumedRecord record, String error) throws InterruptedException {
        sender.send(List.of(headers ? asItIs(record, error) : envelope(record, error)));
        LOG.warn(
                "{} offset {} went to the dead letters in {}: {}",
                record.partition(),
                record.offset(),
                topic,
                oneLine(error));
    }

    /** What to say when {@link #write} has failed. */
    String failure(ConsumedRecord record, String error, RuntimeException cause) {
        return record.partition() + " offset " + record.offset() + " belongs to the dead letters (" + error + "), but "
                + topic + " does not take it: " + (cause instanceof KafkaException known ? known.oneLine() : cause);
    }

    /** With the time of now: by its own, the topic's retention might take it away at once. */
    private RecordSender.Outgoing asItIs(ConsumedRecord record, String error) {
        List<Header> all = new ArrayList<>(record.headers());
        all.removeIf(header -> OURS.contains(header.key()));
        all.add(header(DeadLetters.SOURCE_TOPIC, record.partition().topic()));
        all.add(header(DeadLetters.SOURCE_PARTITION, record.partition().partition()));
        all.add(header(DeadLetters.SOURCE_OFFSET, record.offset()));
        all.add(header(DeadLetters.SOURCE_TIMESTAMP, record.timestamp()));
        all.add(header(DeadLetters.ERROR, oneLine(error)));
        all.add(header(DeadLetters.ATTEMPTS, record.deliveryCount()));
        all.add(header(DeadLetters.GROUP, group));
        return new RecordSender.Outgoing(topic, -1, -1, record.key(), record.value(), all);
    }

    private RecordSender.Outgoing envelope(ConsumedRecord record, String error) {
        ObjectNode json = JSON.createObjectNode();
        json.put(DeadLetters.SOURCE_TOPIC, record.partition().topic());
        json.put(DeadLetters.SOURCE_PARTITION, record.partition().partition());
        json.put(DeadLetters.SOURCE_OFFSET, record.offset());
        json.put(DeadLetters.SOURCE_TIMESTAMP, record.timestamp());
        json.put(DeadLetters.ERROR, oneLine(error));
        json.put(DeadLetters.ATTEMPTS, record.deliveryCount());
        json.put(DeadLetters.GROUP, group);
        json.put(DeadLetters.KEY, record.key());
        json.put(DeadLetters.VALUE, record.value());
        ArrayNode kept = json.putArray(DeadLetters.HEADERS);
        record.headers().forEach(header -> {
            ObjectNode each = kept.addObject();
            each.put(DeadLetters.KEY, header.key());
            each.put(DeadLetters.VALUE, header.value());
        });
        try {
            return new RecordSender.Outgoing(topic, -1, -1, record.key(), JSON.writeValueAsBytes(json), List.of());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON object of plain fields", e);
        }
    }

    private static Header header(String name, Object value) {
        return new Header(name, value.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s*\\R\\s*", " ");
        return line.length() <= LONGEST_ERROR ? line : line.substring(0, LONGEST_ERROR) + "...";
    }
}
