package dev.kafkaloom.consumer;

import dev.kafkaloom.consumer.assignor.Owned;
import dev.kafkaloom.consumer.assignor.Subscriber;
import dev.kafkaloom.message.ConsumerProtocolAssignment;
import dev.kafkaloom.message.ConsumerProtocolSubscription;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes that members of a group of type {@code consumer} give each other through the coordinator, which does not look at them: an
 * int16 version and the message of that version. A version above ours is read as our highest; what it has added is at the end and is
 * passed over, as Kafka's own clients do. Stateless.
 */
final class ConsumerProtocol {
    /** The protocol type of every consumer group. */
    static final String TYPE = "consumer";

    private static final short VERSION = 3;

    private ConsumerProtocol() {}

    /**
     * What a member asks for.
     *
     * @param kept what it owns and keeps while the group rebalances: no partitions with the eager protocol, which gives everything back
     *     first, but the generation nevertheless
     * @param rack {@code client.rack}, null for none
     * @param userData of the assignor it is for, null for none
     */
    static ByteBuffer subscription(Collection<String> topics, Owned kept, String rack, ByteBuffer userData) {
        List<ConsumerProtocolSubscription.TopicPartition> owned = new ArrayList<>();
        byTopic(kept.partitions())
                .forEach((topic, numbers) -> owned.add(ConsumerProtocolSubscription.TopicPartition.builder()
                        .topic(topic)
                        .partitions(numbers)
                        .build()));
        ConsumerProtocolSubscription message = ConsumerProtocolSubscription.builder()
                .topics(topics.stream().sorted().toList())
                .userData(userData)
                .ownedPartitions(owned)
                .generationId(kept.generation())
                .rackId(rack)
                .build();
        WireWriter out = new WireWriter(64);
        out.writeInt16(VERSION);
        message.write(out, VERSION);
        return ByteBuffer.wrap(out.toBytes());
    }

    /**
     * Reads what a member, of whatever client and version, asks for.
     *
     * @throws KafkaException.MalformedMessage if it is no subscription
     */
    static Subscriber subscriber(String memberId, String instanceId, ByteBuffer bytes) {
        WireReader in = new WireReader(bytes.duplicate());
        var message = ConsumerProtocolSubscription.read(in, readVersion(in, "subscription"));
        List<TopicPartition> owned = new ArrayList<>();
        message.ownedPartitions()
                .forEach(topic ->
                        topic.partitions().forEach(number -> owned.add(new TopicPartition(topic.topic(), number))));
        return new Subscriber(
                memberId,
                instanceId,
                message.topics(),
                owned,
                message.generationId(),
                message.rackId(),
                message.userData());
    }

    private static Map<String, List<Integer>> byTopic(Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        partitions.stream()
                .sorted()
                .forEach(tp -> byTopic.computeIfAbsent(tp.topic(), _ -> new ArrayList<>())
                        .add(tp.partition()));
        return byTopic;
    }

    /** What the leader gives to a member. */
    static ByteBuffer assignment(Collection<TopicPartition> partitions) {
        List<ConsumerProtocolAssignment.TopicPartition> assigned = new ArrayList<>();
        byTopic(partitions)
                .forEach((topic, numbers) -> assigned.add(ConsumerProtocolAssignment.TopicPartition.builder()
                        .topic(topic)
                        .partitions(numbers)
                        .build()));
        WireWriter out = new WireWriter(64);
        out.writeInt16(VERSION);
        ConsumerProtocolAssignment.builder()
                .assignedPartitions(assigned)
                .userData(null)
                .build()
                .write(out, VERSION);
        return ByteBuffer.wrap(out.toBytes());
    }

    /** The partitions a member was given, sorted; no bytes at all mean none. */
    static List<TopicPartition> assignedPartitions(ByteBuffer bytes) {
        if (bytes == null || !bytes.hasRemaining()) {
            return List.of();
        }
        WireReader in = new WireReader(bytes.duplicate());
        List<TopicPartition> all = new ArrayList<>();
        for (var topic : ConsumerProtocolAssignment.read(in, readVersion(in, "assignment"))
                .assignedPartitions()) {
            topic.partitions().forEach(partition -> all.add(new TopicPartition(topic.topic(), partition)));
        }
        return all.stream().sorted().distinct().toList();
    }

    private static short readVersion(WireReader in, String what) {
        short version = in.readInt16();
        if (version < 0) {
            throw new KafkaException.MalformedMessage("consumer protocol " + what, "version " + version);
        }
        return version > VERSION ? VERSION : version;
    }
}
