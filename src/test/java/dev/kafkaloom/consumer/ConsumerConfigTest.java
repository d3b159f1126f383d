package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.consumer.assignor.Assignor;
import dev.kafkaloom.consumer.assignor.Assignors;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(config.assignors()).extracting(Assignor::name).containsExactly("range", "cooperative-sticky");
        assertThat(config.newPartitionsReset()).isEqualTo(OffsetReset.EARLIEST);
        assertThat(config.topicPattern()).isNull();
        assertThat(config.excludeInternalTopics()).isTrue();
        assertThat(config.groupInstanceId()).isEmpty();
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
                .topicPattern(Pattern.compile("a.*"))
                .excludeInternalTopics(false)
                .missingTopics(MissingTopics.WAIT)
                .assignors(List.of(Assignors.named("roundrobin"), Assignors.named("range")))
                .groupInstanceId("static")
                .leaveOnClose(LeaveOnClose.NEVER)
                .newPartitionsReset(OffsetReset.byDuration(Duration.ofHours(1)))
                .handling(new Handling(Ordering.KEY, 13, HandlerThreads.PLATFORM, Duration.ofSeconds(14)))
                .build();

        assertThat(config.toBuilder().build()).isEqualTo(config);
    }

    @Test
    void whatCannotWorkIsRefusedByName() {
        assertThatThrownBy(() -> ConsumerConfig.of(" ", "t")).hasMessageContaining("group.id");
        assertThatThrownBy(() -> ConsumerConfig.of("g", "t", "t")).hasMessageContaining("topic.names");
        assertThatThrownBy(() -> ConsumerConfig.of("g", "t").toBuilder()
                        .assignors(List.of())
                        .build())
                .hasMessageContaining("partition.assignment.strategy: [] must name at least one");
        assertThatThrownBy(() -> ConsumerConfig.of("g", "t").toBuilder()
                        .assignors(List.of(Assignors.named("range"), Assignors.named("range")))
                        .build())
                .hasMessageContaining("partition.assignment.strategy: [range, range] names one twice");
        assertThatThrownBy(() -> ConsumerConfig.of("g", "t").toBuilder()
                        .groupInstanceId("a b")
                        .build())
                .hasMessageContaining("group.instance.id: a b must be up to 240 of");
        assertThatThrownBy(() -> Handling.DEFAULT.withMaxInFlight(0))
                .hasMessageContaining("sinker.max.in.flight: 0 must be positive");
        assertThatThrownBy(() -> Handling.DEFAULT.withDeadline(Duration.ZERO))
                .hasMessageContaining("handler.deadline.ms");
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
    void aDurationIsAnOffsetResetToo() {
        assertThat(OffsetReset.parse("by_duration:PT1H30M")).isEqualTo(OffsetReset.byDuration(Duration.ofMinutes(90)));
        assertThat(OffsetReset.parse("By_Duration:p7d")).hasToString("by_duration:PT168H");
        assertThat(OffsetReset.parse(" Smallest ")).isEqualTo(OffsetReset.EARLIEST);
        assertThatThrownBy(() -> OffsetReset.parse("by_duration:1h")).hasMessageContaining("by_duration:PT1H30M");
        assertThatThrownBy(() -> OffsetReset.parse("by_duration:-PT1H")).hasMessageContaining("must not be negative");
        assertThatThrownBy(() -> OffsetReset.parse("middle")).hasMessageContaining("'middle' is not one of earliest");
    }

    @ParameterizedTest
    @CsvSource({"AUTO, false, true", "AUTO, true, false", "ALWAYS, true, true", "NEVER, false, false"})
    void onlyDynamicMembersLeaveUnlessToldTo(LeaveOnClose setting, boolean isStatic, boolean leaves) {
        assertThat(setting.leaves(isStatic)).isEqualTo(leaves);
    }

    @Test
    void membersAreANumberOrAuto() {
        assertThat(MemberCount.parse("auto")).isEqualTo(new MemberCount.Auto());
        assertThat(MemberCount.parse("2")).isEqualTo(new MemberCount.Fixed(2));
        assertThatThrownBy(() -> MemberCount.parse("0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemberCount.parse("many")).hasMessageContaining("'many' is neither a number nor auto");
    }
}
