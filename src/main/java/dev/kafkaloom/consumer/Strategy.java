package dev.kafkaloom.consumer;

import dev.kafkaloom.consumer.assignor.Assignor;
import dev.kafkaloom.consumer.assignor.Owned;
import dev.kafkaloom.consumer.assignor.RebalanceProtocol;
import dev.kafkaloom.message.JoinGroupRequest.JoinGroupRequestProtocol;
import dev.kafkaloom.protocol.KafkaException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The assignors of a member, {@code partition.assignment.strategy}, and what follows from them: how it rebalances is the most that all of
 * them can, as in the Java client, whichever of them the group then picks. So a group goes from {@code range} by {@code [range,
 * cooperative-sticky]} (eager still) to {@code cooperative-sticky}, one member after the other. Immutable.
 */
final class Strategy {
    private final ConsumerConfig config;
    private final RebalanceProtocol protocol;

    /** An {@link KafkaException.InvalidRequest} when the assignors have no rebalance protocol in common. */
    Strategy(ConsumerConfig config) {
        this.config = config;
        Set<RebalanceProtocol> common = EnumSet.allOf(RebalanceProtocol.class);
        config.assignors().forEach(assignor -> common.retainAll(assignor.protocols()));
        if (common.isEmpty()) {
            throw new KafkaException.InvalidRequest("group " + config.groupId() + ": the assignors " + names()
                    + " have no rebalance protocol in common (partition.assignment.strategy)");
        }
        protocol = common.contains(RebalanceProtocol.COOPERATIVE)
                ? RebalanceProtocol.COOPERATIVE
                : RebalanceProtocol.EAGER;
    }

    /** Whether partitions are kept while the group rebalances (KIP-429). */
    boolean cooperative() {
        return protocol == RebalanceProtocol.COOPERATIVE;
    }

    /**
     * The one that the group has picked.
     *
     * @throws KafkaException.InvalidRequest when this member does not have it: the coordinator let it in nevertheless
     */
    Assignor named(String chosen) {
        return config.assignors().stream()
                .filter(assignor -> assignor.name().equals(chosen))
                .findFirst()
                .orElseThrow(() -> new KafkaException.InvalidRequest("group " + config.groupId()
                        + " uses the assignor '" + chosen + "', this member knows " + names()));
    }

    /** What a member proposes in JoinGroup, in order of preference. {@code last} is what it was assigned last and still may have. */
    List<JoinGroupRequestProtocol> offers(Collection<String> topics, Owned last) {
        Owned kept = cooperative() ? last : new Owned(List.of(), last.generation());
        String rack = config.clientRack().isEmpty() ? null : config.clientRack();
        List<JoinGroupRequestProtocol> offers = new ArrayList<>();
        for (Assignor assignor : config.assignors()) {
            offers.add(JoinGroupRequestProtocol.builder()
                    .name(assignor.name())
                    .metadata(ConsumerProtocol.subscription(topics, kept, rack, assignor.userData(last)))
                    .build());
        }
        return offers;
    }

    private List<String> names() {
        return config.assignors().stream().map(Assignor::name).toList();
    }
}
