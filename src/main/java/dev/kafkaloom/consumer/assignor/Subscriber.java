package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A member of the group, of whatever client, as its leader knows it. Immutable.
 *
 * @param instanceId {@code group.instance.id}, null for a dynamic member
 * @param topics without duplicates
 * @param ownedPartitions what it says that it still owns; empty from members of the eager protocol
 * @param generation in which it was given them; {@link Owned#NO_GENERATION} when unknown
 * @param rack {@code client.rack}, null when not set
 * @param userData what its own assignor of this name wrote, null for nothing; read only, and by {@link ByteBuffer#duplicate()}
 */
public record Subscriber(
        String memberId,
        String instanceId,
        List<String> topics,
        List<TopicPartition> ownedPartitions,
        int generation,
        String rack,
        ByteBuffer userData) {
    /**
     * The order in which Kafka's own assignors look at members, so that any leader of a mixed group decides the same: static ones first, by
     * instance id, which outlives a restart, then the dynamic ones by member id.
     */
    public static final Comparator<Subscriber> ORDER = Comparator.comparing(
                    Subscriber::instanceId, Comparator.nullsLast(Comparator.<String>naturalOrder()))
            .thenComparing(Subscriber::memberId);

    public Subscriber {
        Objects.requireNonNull(memberId, "memberId");
        topics = topics.stream().distinct().toList();
        ownedPartitions = List.copyOf(ownedPartitions);
        userData = userData == null ? null : userData.asReadOnlyBuffer();
    }

    /** A member that has only topics. */
    public static Subscriber of(String memberId, List<String> topics) {
        return new Subscriber(memberId, null, topics, List.of(), Owned.NO_GENERATION, null, null);
    }
}
