package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.GroupBehaviour.numbers;
import static dev.kafkaloom.consumer.GroupBehaviour.within;
import static dev.kafkaloom.consumer.GroupLab.quick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The broker that is everything to a group goes away for less than a session. */
@Timeout(120)
@ExtendWith(Evidence.class)
class CoordinatorRestartIT {

    @Test
    void aGroupOutlivesItsCoordinatorsDeathWithoutARebalance() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(RealBroker.NEWEST, Options.defaults());
                GroupLab lab = new GroupLab(broker)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("outlives");
            ConsumerConfig config =
                    quick(group, topic).sessionTimeout(Duration.ofSeconds(45)).build();
            try (var us = lab.party(config, 2)) {
                assertThat(us.group.awaitStable(Duration.ofSeconds(30))).isTrue();
                lab.produce(topic, 0, 40);
                within(10).untilAsserted(() -> assertThat(us.values()).isEqualTo(numbers(40)));
                GroupSnapshot before = us.group.snapshot();

                broker.kill();
                broker.restart();
                lab.produce(topic, 40, 40);
                within(40).untilAsserted(() -> assertThat(us.values()).isEqualTo(numbers(80)));

                within(20)
                        .untilAsserted(() -> assertThat(lab.committed(group, topic))
                                .isEqualTo(Map.of(0, 20L, 1, 20L, 2, 20L, 3, 20L)));
                GroupSnapshot after = us.group.snapshot();
                assertThat(after.rebalances()).isEqualTo(before.rebalances());
                assertThat(after.stable()).isTrue();
                assertThat(us.seen).as("nobody got one twice").hasSize(80);
            }
        }
    }
}
