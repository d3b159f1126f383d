package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shares the partitions of a classic group out among its members, of whatever client; the broker picks one that all members name. Called
 * by several members' threads at the same time: an implementation keeps no state between calls, what it must remember comes back to it in
 * {@link Subscriber}. An exception from any method fails the member that called it.
 */
public interface Assignor {
    /** Its name in the group protocol: members of other clients must use the same name for the same rules. */
    String name();

    /** The rebalance protocols its result is fit for. A member uses the cooperative one only if all its assignors can. */
    default Set<RebalanceProtocol> protocols() {
        return Set.of(RebalanceProtocol.EAGER);
    }

    /**
     * What a member tells the leader's assignor of the same name, besides its topics and, if cooperative, what it owns.
     *
     * @param owned what it was given last
     * @return the bytes from position to limit; null for none
     */
    default ByteBuffer userData(Owned owned) {
        return null;
    }

    /**
     * Decides, on the group's leader only; must not block for long, since the whole group waits.
     *
     * @param topics whatever any member subscribed to
     * @param members all of them, in no particular order
     * @return partitions by member id, an entry for every member; no partition twice
     */
    Map<String, List<TopicPartition>> assign(Topics topics, List<Subscriber> members);
}
