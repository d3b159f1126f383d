package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.consumer.assignor.Owned;
import dev.kafkaloom.consumer.assignor.Subscriber;
import dev.kafkaloom.consumer.assignor.Topics;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicaRacksTest {
    private static final Map<String, Integer> COUNTS = Map.of("t", 2, "gone", 0);

    @Test
    void aPartitionIsInTheRacksOfItsReplicas() {
        Topics topics = ReplicaRacks.topics(cluster(), COUNTS, List.of(member("east"), member(null)));

        assertThat(topics.partitionCounts()).isEqualTo(COUNTS);
        assertThat(topics.racks())
                .isEqualTo(Map.of(
                        new TopicPartition("t", 0),
                        Set.of("east", "west"),
                        new TopicPartition("t", 1),
                        Set.of("west")));
    }

    @Test
    void nothingIsLookedUpWhereNoMemberHasARack() {
        assertThat(ReplicaRacks.topics(cluster(), COUNTS, List.of(member(null))))
                .isEqualTo(Topics.of(COUNTS));
    }

    private static Subscriber member(String rack) {
        return new Subscriber("m", null, List.of("t"), List.of(), Owned.NO_GENERATION, rack, null);
    }

    /** Broker 3 names no rack. */
    private static Cluster cluster() {
        List<PartitionInfo> partitions = List.of(
                new PartitionInfo(0, 1, 0, List.of(1, 2), List.of(1, 2), ErrorCode.NONE),
                new PartitionInfo(1, 2, 0, List.of(2, 3), List.of(2, 3), ErrorCode.NONE));
        return new Cluster(
                "c",
                1,
                Map.of(),
                Map.of(1, "east", 2, "west"),
                Map.of("t", new TopicInfo("t", Uuid.ZERO, false, ErrorCode.NONE, partitions)),
                1,
                Instant.EPOCH);
    }
}
