package dev.kafkaloom.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.KafkaException.Recovery;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RefreshRetriableException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pins what each code leads to: a change has to be made twice, and with a reason. */
class RecoveriesTest {
    private static final String DECIDED = """
            RETRY_SAME:
                2=CORRUPT_MESSAGE 7=REQUEST_TIMED_OUT 14=COORDINATOR_LOAD_IN_PROGRESS 19=NOT_ENOUGH_REPLICAS
                20=NOT_ENOUGH_REPLICAS_AFTER_APPEND 51=CONCURRENT_TRANSACTIONS 70=FETCH_SESSION_ID_NOT_FOUND
                71=INVALID_FETCH_SESSION_EPOCH 78=OFFSET_NOT_AVAILABLE 88=UNSTABLE_OFFSET_COMMIT 89=THROTTLING_QUOTA_EXCEEDED
                106=FETCH_SESSION_TOPIC_ID_ERROR 122=SHARE_SESSION_NOT_FOUND 123=INVALID_SHARE_SESSION_EPOCH
                133=SHARE_SESSION_LIMIT_REACHED
            REFRESH_METADATA:
                3=UNKNOWN_TOPIC_OR_PARTITION 5=LEADER_NOT_AVAILABLE 6=NOT_LEADER_OR_FOLLOWER 8=BROKER_NOT_AVAILABLE
                9=REPLICA_NOT_AVAILABLE 11=STALE_CONTROLLER_EPOCH 13=NETWORK_EXCEPTION 41=NOT_CONTROLLER 56=KAFKA_STORAGE_ERROR
                72=LISTENER_NOT_FOUND 74=FENCED_LEADER_EPOCH 75=UNKNOWN_LEADER_EPOCH 80=PREFERRED_LEADER_NOT_AVAILABLE
                83=ELIGIBLE_LEADERS_NOT_AVAILABLE 100=UNKNOWN_TOPIC_ID 103=INCONSISTENT_TOPIC_ID 129=REBOOTSTRAP_REQUIRED
            FIND_COORDINATOR:
                15=COORDINATOR_NOT_AVAILABLE 16=NOT_COORDINATOR
            REJOIN_GROUP:
                22=ILLEGAL_GENERATION 25=UNKNOWN_MEMBER_ID 27=REBALANCE_IN_PROGRESS 79=MEMBER_ID_REQUIRED 110=FENCED_MEMBER_EPOCH
                113=STALE_MEMBER_EPOCH
            GIVE_UP:
                -1=UNKNOWN_SERVER_ERROR 0=NONE 1=OFFSET_OUT_OF_RANGE 4=INVALID_FETCH_SIZE 10=MESSAGE_TOO_LARGE
                12=OFFSET_METADATA_TOO_LARGE 17=INVALID_TOPIC_EXCEPTION 18=RECORD_LIST_TOO_LARGE 21=INVALID_REQUIRED_ACKS
                23=INCONSISTENT_GROUP_PROTOCOL 24=INVALID_GROUP_ID 26=INVALID_SESSION_TIMEOUT 28=INVALID_COMMIT_OFFSET_SIZE
                29=TOPIC_AUTHORIZATION_FAILED 30=GROUP_AUTHORIZATION_FAILED 31=CLUSTER_AUTHORIZATION_FAILED 32=INVALID_TIMESTAMP
                33=UNSUPPORTED_SASL_MECHANISM 34=ILLEGAL_SASL_STATE 35=UNSUPPORTED_VERSION 36=TOPIC_ALREADY_EXISTS 37=INVALID_PARTITIONS
                38=INVALID_REPLICATION_FACTOR 39=INVALID_REPLICA_ASSIGNMENT 40=INVALID_CONFIG 42=INVALID_REQUEST
                43=UNSUPPORTED_FOR_MESSAGE_FORMAT 44=POLICY_VIOLATION 45=OUT_OF_ORDER_SEQUENCE_NUMBER 46=DUPLICATE_SEQUENCE_NUMBER
                47=INVALID_PRODUCER_EPOCH 48=INVALID_TXN_STATE 49=INVALID_PRODUCER_ID_MAPPING 50=INVALID_TRANSACTION_TIMEOUT
                52=TRANSACTION_COORDINATOR_FENCED 53=TRANSACTIONAL_ID_AUTHORIZATION_FAILED 54=SECURITY_DISABLED
                55=OPERATION_NOT_ATTEMPTED 57=LOG_DIR_NOT_FOUND 58=SASL_AUTHENTICATION_FAILED 59=UNKNOWN_PRODUCER_ID
                60=REASSIGNMENT_IN_PROGRESS 61=DELEGATION_TOKEN_AUTH_DISABLED 62=DELEGATION_TOKEN_NOT_FOUND
                63=DELEGATION_TOKEN_OWNER_MISMATCH 64=DELEGATION_TOKEN_REQUEST_NOT_ALLOWED 65=DELEGATION_TOKEN_AUTHORIZATION_FAILED
                66=DELEGATION_TOKEN_EXPIRED 67=INVALID_PRINCIPAL_TYPE 68=NON_EMPTY_GROUP 69=GROUP_ID_NOT_FOUND
                73=TOPIC_DELETION_DISABLED 76=UNSUPPORTED_COMPRESSION_TYPE 77=STALE_BROKER_EPOCH 81=GROUP_MAX_SIZE_REACHED
                82=FENCED_INSTANCE_ID 84=ELECTION_NOT_NEEDED 85=NO_REASSIGNMENT_IN_PROGRESS 86=GROUP_SUBSCRIBED_TO_TOPIC
                87=INVALID_RECORD 90=PRODUCER_FENCED 91=RESOURCE_NOT_FOUND 92=DUPLICATE_RESOURCE 93=UNACCEPTABLE_CREDENTIAL
                94=INCONSISTENT_VOTER_SET 95=INVALID_UPDATE_VERSION 96=FEATURE_UPDATE_FAILED 97=PRINCIPAL_DESERIALIZATION_FAILURE
                98=SNAPSHOT_NOT_FOUND 99=POSITION_OUT_OF_RANGE 101=DUPLICATE_BROKER_REGISTRATION 102=BROKER_ID_NOT_REGISTERED
                104=INCONSISTENT_CLUSTER_ID 105=TRANSACTIONAL_ID_NOT_FOUND 107=INELIGIBLE_REPLICA 108=NEW_LEADER_ELECTED
                109=OFFSET_MOVED_TO_TIERED_STORAGE 111=UNRELEASED_INSTANCE_ID 112=UNSUPPORTED_ASSIGNOR 114=MISMATCHED_ENDPOINT_TYPE
                115=UNSUPPORTED_ENDPOINT_TYPE 116=UNKNOWN_CONTROLLER_ID 117=UNKNOWN_SUBSCRIPTION_ID 118=TELEMETRY_TOO_LARGE
                119=INVALID_REGISTRATION 120=TRANSACTION_ABORTABLE 121=INVALID_RECORD_STATE 124=FENCED_STATE_EPOCH 125=INVALID_VOTER_KEY
                126=DUPLICATE_VOTER 127=VOTER_NOT_FOUND 128=INVALID_REGULAR_EXPRESSION 130=STREAMS_INVALID_TOPOLOGY
                131=STREAMS_INVALID_TOPOLOGY_EPOCH 132=STREAMS_TOPOLOGY_FENCED 134=GROUP_DELETION_FAILED
                135=STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED 136=CONTROLLER_ID_NOT_REGISTERED
            """;

    /** Kafka calls this retriable, although the partition has the leader that was asked for. */
    private static final Set<ErrorCode> NOTHING_LEFT_TO_DO = Set.of(ErrorCode.ELECTION_NOT_NEEDED);

    /** Kafka's own clients get these only inside a cluster, or have a way of their own for them. */
    private static final Set<ErrorCode> RETRIED_BY_US_ONLY =
            Set.of(ErrorCode.BROKER_NOT_AVAILABLE, ErrorCode.STALE_CONTROLLER_EPOCH, ErrorCode.REBOOTSTRAP_REQUIRED);

    /** Kafka retries these where they came from; newer metadata is what they wait for. */
    private static final Set<ErrorCode> REFRESHED_BY_US_ONLY =
            Set.of(ErrorCode.NOT_CONTROLLER, ErrorCode.UNKNOWN_LEADER_EPOCH);

    @Test
    void eachCodeLeadsToWhatWasDecided() {
        Map<Recovery, List<String>> actual = new EnumMap<>(Recovery.class);
        for (Recovery recovery : Recovery.values()) {
            actual.put(
                    recovery,
                    Stream.of(ErrorCode.values())
                            .filter(error -> error.recovery() == recovery)
                            .map(error -> error.code() + "=" + error.name())
                            .toList());
        }
        assertThat(actual).isEqualTo(decided());
    }

    private static Map<Recovery, List<String>> decided() {
        Map<Recovery, List<String>> decided = new EnumMap<>(Recovery.class);
        for (String part : DECIDED.split("\n(?=\\S)", -1)) {
            String[] words = part.strip().split(":?\\s+", -1);
            decided.put(Recovery.valueOf(words[0]), List.of(words).subList(1, words.length));
        }
        return decided;
    }

    @ParameterizedTest
    @EnumSource(Errors.class)
    void kafkasOwnClientsDoTheSameButForTheNamedOnes(Errors theirs) {
        ErrorCode ours = ErrorCode.of(theirs.code());
        assertThat(ours.recovery()).isIn(expected(ours, theirs.exception()));
    }

    private static Set<Recovery> expected(ErrorCode ours, RuntimeException theirs) {
        if (NOTHING_LEFT_TO_DO.contains(ours)) {
            return Set.of(Recovery.GIVE_UP);
        }
        if (RETRIED_BY_US_ONLY.contains(ours) || REFRESHED_BY_US_ONLY.contains(ours)) {
            return Set.of(Recovery.REFRESH_METADATA);
        }
        return switch (theirs) {
            case null -> Set.of(Recovery.GIVE_UP);
            case InvalidMetadataException _ -> Set.of(Recovery.REFRESH_METADATA);
            case RefreshRetriableException _ -> Set.of(Recovery.FIND_COORDINATOR);
            case RetriableException _ -> Set.of(Recovery.RETRY_SAME);
            default -> Set.of(Recovery.GIVE_UP, Recovery.REJOIN_GROUP);
        };
    }
}
