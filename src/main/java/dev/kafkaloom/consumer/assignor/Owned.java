package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.List;

/**
 * What a member was given last. Immutable.
 *
 * @param partitions in no particular order
 * @param generation of the group in which it was given them; {@link #NO_GENERATION} before the first one or once it was thrown out
 */
public record Owned(List<TopicPartition> partitions, int generation) {
    /** As the group protocol writes it. */
    public static final int NO_GENERATION = -1;
    /** Of a member that has just come. */
    public static final Owned NOTHING = new Owned(List.of(), NO_GENERATION);

    public Owned {
        partitions = List.copyOf(partitions);
    }
}
