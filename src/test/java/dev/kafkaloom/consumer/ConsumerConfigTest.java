package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsumerConfigTest {

    @Test
    void defaultsAreThoseOfKafkasOwnConsumer() {
        ConsumerConfig config = ConsumerConfig.of("g", "t");

        assertThat(config.sessionTimeout()).hasSeconds(45);
        assertThat(config.heartbeatInterval()).hasSeconds(3);
        assertThat(config.rebalanceTimeout()).hasMinutes(5);
        assertThat(config.autoOffsetReset()).isEqualTo(OffsetReset.LATEST);
        assertThat(config.autoCommitInterval()).hasSeconds(5);
        assertThat(config.maxPartitionFetchBytes()).isEqualTo(1_048_576);
        assertThat(config.assignors()).containsExactly("range");
    }

    @Test
    void aBuilderMadeFromAConfigBuildsTheSame() {
        ConsumerConfig config = ConsumerConfig.builder("g", List.of("a", "b"))
                .sessionTimeout(Duration.ofSeconds(9))
                .rebalanceTimeout(Duration.ofSeconds(11))
                .heartbeatInterval(Duration.ofSeconds(1))
                .autoOffsetReset(OffsetReset.NONE)
                .autoCommitInterval(Duration.ofSeconds(2))
                .commitMode(CommitMode.EVERY_ADVANCE)
                .fetchMinBytes(2)
                .fetchMaxWait(Duration.ofMillis(3))
                .fetchMaxBytes(4)
                .maxPartitionFetchBytes(5)
                .maxBufferedBytes(6)
                .revokeDrain(Duration.ofSeconds(7))
                .progressMaxGap(8)
                .checkCrcs(false)
                .maxPollRecords(10)
                .onCorrupt(OnCorrupt.SKIP)
                .metadataRefresh(Duration.ofSeconds(12))
                .clientRack("r")
                .isolation(IsolationLevel.READ_COMMITTED)
                .build();

        assertThat(config.toBuilder().build()).isEqualTo(config);
    }

    @Test
    void whatCannotWorkIsRefusedByName() {
        assertThatThrownBy(() -> ConsumerConfig.of(" ", "t")).hasMessageContaining("group.id");
        assertThatThrownBy(() -> ConsumerConfig.of("g", "t", "t")).hasMessageContaining("topic.names");
        assertThatThrownBy(() -> ConsumerConfig.of("g", "t").toBuilder()
                        .assignors(List.of("sticky"))
                        .build())
                .hasMessageContaining("partition.assignment.strategy: sticky is not built yet");
        assertThatThrownBy(() -> ConsumerConfig.of("g", "t").toBuilder()
                        .heartbeatInterval(Duration.ofMinutes(1))
                        .build())
                .hasMessageContaining("heartbeat.interval.ms")
                .hasMessageContaining("session timeout");
        assertThatThrownBy(() -> ConsumerConfig.of("g", "t").toBuilder()
                        .maxPollRecords(0)
                        .build())
                .hasMessageContaining("max.poll.records: 0 must be positive");
    }

    @Test
    void membersAreANumberOrAuto() {
        assertThat(MemberCount.parse("auto")).isEqualTo(new MemberCount.Auto());
        assertThat(MemberCount.parse("2")).isEqualTo(new MemberCount.Fixed(2));
        assertThatThrownBy(() -> MemberCount.parse("0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemberCount.parse("many")).hasMessageContaining("'many' is neither a number nor auto");
    }
}
