package dev.kafkaloom.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.KafkaException.Recovery;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {
    @ParameterizedTest
    @EnumSource(Errors.class)
    void kafkaCallsItTheSame(Errors theirs) {
        ErrorCode ours = ErrorCode.of(theirs.code());
        assertThat(ours.name()).isEqualTo(theirs.name());
        assertThat(ours.code()).isEqualTo(theirs.code());
        assertThat(ours.isRetriable()).isEqualTo(theirs.exception() instanceof RetriableException);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasAMeaningAndARecovery(ErrorCode error) {
        assertThat(error.meaning()).isNotBlank().doesNotContain("\n");
        assertThat(ErrorCode.of(error.code())).isSameAs(error);
        if (error.isRetriable() && error != ErrorCode.ELECTION_NOT_NEEDED) {
            assertThat(error.recovery()).isNotEqualTo(Recovery.GIVE_UP);
        }
    }

    @Test
    void aCodeOfALaterReleaseIsUnknown() {
        assertThat(ErrorCode.of((short) 9999)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(ErrorCode.of((short) -2)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void recoveriesAreWhatACallerHasToDo() {
        assertThat(ErrorCode.NOT_LEADER_OR_FOLLOWER.recovery()).isEqualTo(Recovery.REFRESH_METADATA);
        assertThat(ErrorCode.NOT_COORDINATOR.recovery()).isEqualTo(Recovery.FIND_COORDINATOR);
        assertThat(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.recovery()).isEqualTo(Recovery.RETRY_SAME);
        assertThat(ErrorCode.ILLEGAL_GENERATION.recovery()).isEqualTo(Recovery.REJOIN_GROUP);
        assertThat(ErrorCode.TOPIC_AUTHORIZATION_FAILED.recovery()).isEqualTo(Recovery.GIVE_UP);
    }
}
