package dev.kafkaloom.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UuidTest {
    @Test
    void theTextIsTheOneKafkaWrites() {
        org.apache.kafka.common.Uuid theirs = org.apache.kafka.common.Uuid.randomUuid();
        Uuid ours = new Uuid(theirs.getMostSignificantBits(), theirs.getLeastSignificantBits());
        assertThat(ours).hasToString(theirs.toString());
        assertThat(Uuid.parse(theirs.toString())).isEqualTo(ours);
        assertThat(Uuid.ZERO).hasToString("AAAAAAAAAAAAAAAAAAAAAA");
    }

    @Test
    void randomIdsNeverLookLikeAFlag() {
        for (int i = 0; i < 500; i++) {
            assertThat(Uuid.random().toString()).hasSize(22).doesNotStartWith("-");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "not base64 at all!!!!!"})
    void anythingElseIsNoId(String text) {
        assertThatThrownBy(() -> Uuid.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void partitionsAreOrderedByTopicThenNumber() {
        assertThat(new TopicPartition("b", 1))
                .isGreaterThan(new TopicPartition("a", 10))
                .isLessThan(new TopicPartition("b", 2))
                .hasToString("b-1");
    }
}
