package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What members say that they had, in the forms that the clients write: the Java client's {@code sticky} a previous assignment (schema v0)
 * and, since 2.3, its generation behind it (v1); its {@code cooperative-sticky} nothing but the generation, since what is owned stands in
 * the subscription; librdkafka's {@code cooperative-sticky} the v1 of {@code sticky}. No form names its version. Stateless.
 */
final class Claims {
    private Claims() {}

    /** The v1 of {@code sticky}; null from a member that has not been given anything yet. */
    static ByteBuffer previousAssignment(Owned owned) {
        if (owned.generation() == Owned.NO_GENERATION) {
            return null;
        }
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        owned.partitions().stream()
                .sorted()
                .forEach(tp -> byTopic.computeIfAbsent(tp.topic(), _ -> new ArrayList<>())
                        .add(tp.partition()));
        WireWriter out = new WireWriter(64);
        out.writeInt32(byTopic.size());
        byTopic.forEach((topic, partitions) -> {
            out.writeString(topic, false);
            out.writeInt32(partitions.size());
            partitions.forEach(out::writeInt32);
        });
        out.writeInt32(owned.generation());
        return ByteBuffer.wrap(out.toBytes());
    }

    /** What a member of {@code sticky} had; nothing if its user data is none of the forms. */
    static Owned ofSticky(Subscriber member) {
        if (member.userData() == null || !member.userData().hasRemaining()) {
            return Owned.NOTHING;
        }
        try {
            WireReader in = new WireReader(member.userData().duplicate());
            List<TopicPartition> partitions = new ArrayList<>();
            int topics = in.readArrayLength(false, 6);
            for (int t = 0; t < topics; t++) {
                String topic = in.readString(false);
                int count = in.readArrayLength(false, 4);
                for (int p = 0; p < count; p++) {
                    partitions.add(new TopicPartition(topic, in.readInt32()));
                }
            }
            return new Owned(partitions, in.remaining() >= 4 ? in.readInt32() : Owned.NO_GENERATION);
        } catch (KafkaException.MalformedMessage _) {
            return Owned.NOTHING;
        }
    }

    /** What a member of {@code cooperative-sticky} still has. */
    static Owned ofCooperativeSticky(Subscriber member) {
        int generation = member.generation();
        if (generation == Owned.NO_GENERATION && member.userData() != null) { // a subscription before v2
            ByteBuffer data = member.userData().duplicate();
            generation =
                    data.remaining() == 4 ? data.getInt() : ofSticky(member).generation();
        }
        return new Owned(member.ownedPartitions(), generation);
    }

    /**
     * Decides between members that claim the same partition: the later generation is right. Of two of the same generation neither is, as the
     * Java client has it, too.
     *
     * @return the position in the list of the member that keeps each claimed partition
     */
    static Map<TopicPartition, Integer> settle(List<Owned> claims) {
        Map<TopicPartition, Integer> owners = new HashMap<>();
        Map<TopicPartition, Integer> generations = new HashMap<>();
        for (int member = 0; member < claims.size(); member++) {
            int generation = claims.get(member).generation();
            for (TopicPartition partition : claims.get(member).partitions()) {
                Integer other = generations.get(partition);
                if (other == null || generation > other) {
                    owners.put(partition, member);
                    generations.put(partition, generation);
                } else if (generation == other && !Integer.valueOf(member).equals(owners.get(partition))) {
                    owners.remove(partition);
                }
            }
        }
        return owners;
    }
}
