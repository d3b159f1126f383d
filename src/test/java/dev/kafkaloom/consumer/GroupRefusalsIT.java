package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.GroupBehaviour.within;
import static dev.kafkaloom.consumer.GroupLab.quick;
import static dev.kafkaloom.testing.RealBroker.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a group does not start with, on a real broker. */
@Timeout(60)
@ExtendWith(Evidence.class)
class GroupRefusalsIT {
    private final GroupLab lab = new GroupLab(RealBroker.NEWEST);

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void moreMembersThanPartitionsAreRefusedWithBothNumbers() throws Exception {
        String topic = lab.createTopic();

        assertThatThrownBy(() -> lab.party(quick(unique("many"), topic).build(), 5))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("5 members")
                .hasMessageContaining("4 partitions");
    }

    @Test
    void anUnknownTopicIsOneClearErrorInTime() {
        assertThatThrownBy(() -> lab.party(
                        quick(unique("lost"), "no topic: its name is illegal").build(), 1))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("no topic: its name is illegal");
    }

    @Test
    void withoutACommittedOffsetNoneIsAFailureByName() throws Exception {
        String topic = lab.createTopic();
        try (var us = lab.party(
                quick(unique("none"), topic).autoOffsetReset(OffsetReset.NONE).build(), 1)) {
            within(10)
                    .untilAsserted(
                            () -> assertThat(us.group.snapshot().failed()).isEqualTo(1));
            assertThat(us.group.snapshot().members().getFirst().lastError())
                    .contains(topic + "-0")
                    .contains("auto.offset.reset is none");
        }
    }
}
