package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Kafka's {@code sticky} (KIP-54): as balanced as the subscriptions allow, and of what is balanced that which moves little. Members give
 * everything back before they join and tell in their user data what it was. Stateless.
 */
final class StickyAssignor implements Assignor {
    @Override
    public String name() {
        return "sticky";
    }

    @Override
    public ByteBuffer userData(Owned owned) {
        return Claims.previousAssignment(owned);
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Topics topics, List<Subscriber> members) {
        List<Subscriber> sorted = members.stream().sorted(Subscriber.ORDER).toList();
        return FairShare.of(
                topics,
                sorted,
                Claims.settle(sorted.stream().map(Claims::ofSticky).toList()));
    }
}
