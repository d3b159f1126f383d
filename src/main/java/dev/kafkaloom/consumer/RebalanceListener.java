package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.Collection;

/**
 * Is told which partitions a member of a group gets and gives back. All calls for one member come one after another, on a coroutine of
 * that member which may block: heartbeats go on meanwhile, but nobody else gets a partition before {@link #revoked} has returned (or the
 * rebalance timeout is over). Members of one process call at the same time.
 *
 * <p>The epoch is that of the assignment in which the partitions came; it never comes twice in a process and later ones are larger. With
 * cooperative rebalancing a partition that the member keeps is not mentioned and keeps its epoch.
 *
 * <p>What a method throws fails the member, visibly and for good.
 */
public interface RebalanceListener {
    /** Does nothing. */
    RebalanceListener NONE = new RebalanceListener() {};

    /** The member owns these from now on; they begin when this has returned: until then a seek says where, whatever is committed. */
    default void assigned(Collection<TopicPartition> partitions, long epoch) throws Exception {}

    /** The member gives these back: their handlers have ended, what is done is committed after this has returned. */
    default void revoked(Collection<TopicPartition> partitions, long epoch) throws Exception {}

    /** These have been lost: they may be somebody else's already, and nothing can be committed for them any more. */
    default void lost(Collection<TopicPartition> partitions, long epoch) throws Exception {}
}
