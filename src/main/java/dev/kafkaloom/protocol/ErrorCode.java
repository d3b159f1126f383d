package dev.kafkaloom.protocol;

import dev.kafkaloom.protocol.KafkaException.Recovery;

/**
 * Every error code a broker can answer with, up to Kafka 4.4. Names, numbers and the retriable flag are Kafka's own.
 *
 * <p>Immutable, any thread.
 */
public enum ErrorCode {
    UNKNOWN_SERVER_ERROR(-1, false, "the broker failed in a way it has no code for"),
    NONE(0, false, "no error"),
    OFFSET_OUT_OF_RANGE(1, false, "the offset lies before the start or after the end of the partition's log"),
    CORRUPT_MESSAGE(2, true, "a record failed its checksum, is too large, or lacks the key a compacted topic needs"),
    UNKNOWN_TOPIC_OR_PARTITION(3, true, "the broker does not host this topic or partition"),
    INVALID_FETCH_SIZE(4, false, "the fetch size is not valid"),
    LEADER_NOT_AVAILABLE(5, true, "the partition has no leader right now, an election is going on"),
    NOT_LEADER_OR_FOLLOWER(6, true, "the broker is neither the leader nor a usable replica of the partition"),
    REQUEST_TIMED_OUT(7, true, "the broker could not finish within the time the request allowed"),
    BROKER_NOT_AVAILABLE(8, false, "the broker is not available"),
    REPLICA_NOT_AVAILABLE(9, true, "the replica is not available on this broker"),
    MESSAGE_TOO_LARGE(10, false, "a record batch is larger than the broker or the topic allows"),
    STALE_CONTROLLER_EPOCH(11, false, "the controller has moved to another broker"),
    OFFSET_METADATA_TOO_LARGE(12, false, "the text stored beside a committed offset is too long"),
    NETWORK_EXCEPTION(13, true, "the connection broke before the answer came"),
    COORDINATOR_LOAD_IN_PROGRESS(14, true, "the coordinator is still loading its state"),
    COORDINATOR_NOT_AVAILABLE(15, true, "there is no coordinator for this group or transaction right now"),
    NOT_COORDINATOR(16, true, "another broker coordinates this group or transaction"),
    INVALID_TOPIC_EXCEPTION(17, false, "the topic's name is not valid, or the operation is not allowed on this topic"),
    RECORD_LIST_TOO_LARGE(18, false, "a record batch is larger than a log segment of the broker"),
    NOT_ENOUGH_REPLICAS(19, true, "fewer replicas are in sync than the topic demands, nothing was written"),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(20, true, "written, but fewer replicas are in sync than the topic demands"),
    INVALID_REQUIRED_ACKS(21, false, "acks must be -1, 0 or 1"),
    ILLEGAL_GENERATION(22, false, "the group has moved on to another generation"),
    INCONSISTENT_GROUP_PROTOCOL(
            23, false, "the group's other members use no common assignor or protocol type with this one"),
    INVALID_GROUP_ID(24, false, "the group id is not valid"),
    UNKNOWN_MEMBER_ID(25, false, "the coordinator does not know this member (any more)"),
    INVALID_SESSION_TIMEOUT(26, false, "the session timeout is outside of what the broker allows"),
    REBALANCE_IN_PROGRESS(27, false, "the group is rebalancing, the member has to rejoin"),
    INVALID_COMMIT_OFFSET_SIZE(28, false, "the offset commit is too large"),
    TOPIC_AUTHORIZATION_FAILED(29, false, "not allowed on this topic"),
    GROUP_AUTHORIZATION_FAILED(30, false, "not allowed on this group"),
    CLUSTER_AUTHORIZATION_FAILED(31, false, "not allowed on this cluster"),
    INVALID_TIMESTAMP(32, false, "a record's timestamp is outside of what the topic accepts"),
    UNSUPPORTED_SASL_MECHANISM(33, false, "the broker does not offer this SASL mechanism"),
    ILLEGAL_SASL_STATE(34, false, "this request is not allowed at this point of the authentication"),
    UNSUPPORTED_VERSION(35, false, "the broker does not speak this version of the request"),
    TOPIC_ALREADY_EXISTS(36, false, "the topic exists already"),
    INVALID_PARTITIONS(37, false, "the number of partitions is not valid"),
    INVALID_REPLICATION_FACTOR(38, false, "the replication factor is below 1 or above the number of brokers"),
    INVALID_REPLICA_ASSIGNMENT(39, false, "the assignment of replicas is not valid"),
    INVALID_CONFIG(40, false, "a configuration value is not valid"),
    NOT_CONTROLLER(41, true, "the broker is not the controller"),
    INVALID_REQUEST(42, false, "the broker could not make sense of the request"),
    UNSUPPORTED_FOR_MESSAGE_FORMAT(43, false, "the topic's message format is too old for this"),
    POLICY_VIOLATION(44, false, "a policy of the broker forbids this"),
    OUT_OF_ORDER_SEQUENCE_NUMBER(45, false, "a batch of this producer is missing before this one"),
    DUPLICATE_SEQUENCE_NUMBER(46, false, "the broker has this batch of the producer already"),
    INVALID_PRODUCER_EPOCH(47, false, "the producer's epoch is an old one"),
    INVALID_TXN_STATE(48, false, "the transaction is not in a state that allows this"),
    INVALID_PRODUCER_ID_MAPPING(49, false, "the producer id does not belong to this transactional id"),
    INVALID_TRANSACTION_TIMEOUT(50, false, "the transaction timeout is above what the broker allows"),
    CONCURRENT_TRANSACTIONS(51, true, "another operation on this transaction is not finished yet"),
    TRANSACTION_COORDINATOR_FENCED(52, false, "the transaction coordinator has been replaced by a newer one"),
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED(53, false, "not allowed with this transactional id"),
    SECURITY_DISABLED(54, false, "the broker has no authorizer"),
    OPERATION_NOT_ATTEMPTED(55, false, "the broker left this part of the request undone"),
    KAFKA_STORAGE_ERROR(56, true, "a disk of the broker failed"),
    LOG_DIR_NOT_FOUND(57, false, "the broker has no such log directory"),
    SASL_AUTHENTICATION_FAILED(58, false, "the broker refused the credentials"),
    UNKNOWN_PRODUCER_ID(59, false, "the broker has forgotten this producer"),
    REASSIGNMENT_IN_PROGRESS(60, false, "the partition is being reassigned"),
    DELEGATION_TOKEN_AUTH_DISABLED(61, false, "delegation tokens are switched off"),
    DELEGATION_TOKEN_NOT_FOUND(62, false, "the broker does not know this delegation token"),
    DELEGATION_TOKEN_OWNER_MISMATCH(63, false, "the delegation token belongs to somebody else"),
    DELEGATION_TOKEN_REQUEST_NOT_ALLOWED(64, false, "delegation tokens cannot be handled over this kind of connection"),
    DELEGATION_TOKEN_AUTHORIZATION_FAILED(65, false, "not allowed on this delegation token"),
    DELEGATION_TOKEN_EXPIRED(66, false, "the delegation token has expired"),
    INVALID_PRINCIPAL_TYPE(67, false, "this type of principal is not supported"),
    NON_EMPTY_GROUP(68, false, "the group still has members"),
    GROUP_ID_NOT_FOUND(69, false, "there is no such group"),
    FETCH_SESSION_ID_NOT_FOUND(70, true, "the broker has dropped this fetch session"),
    INVALID_FETCH_SESSION_EPOCH(71, true, "the fetch session is at another epoch"),
    LISTENER_NOT_FOUND(72, true, "the leader has no listener of the kind the metadata was asked on"),
    TOPIC_DELETION_DISABLED(73, false, "deleting topics is switched off"),
    FENCED_LEADER_EPOCH(74, true, "the client's leader epoch is older than the broker's"),
    UNKNOWN_LEADER_EPOCH(75, true, "the client's leader epoch is newer than the broker's"),
    UNSUPPORTED_COMPRESSION_TYPE(76, false, "the compression is not known to this version of the request"),
    STALE_BROKER_EPOCH(77, false, "the broker was restarted since"),
    OFFSET_NOT_AVAILABLE(78, true, "the new leader does not know its high watermark yet"),
    MEMBER_ID_REQUIRED(79, false, "the member has to join again with the id it was just given"),
    PREFERRED_LEADER_NOT_AVAILABLE(80, true, "the preferred leader is not available"),
    GROUP_MAX_SIZE_REACHED(81, false, "the group has as many members as the broker allows"),
    FENCED_INSTANCE_ID(82, false, "another member has taken over this group.instance.id"),
    ELIGIBLE_LEADERS_NOT_AVAILABLE(83, true, "no replica that may lead is available"),
    ELECTION_NOT_NEEDED(84, true, "the partition has the leader already that was asked for"),
    NO_REASSIGNMENT_IN_PROGRESS(85, false, "the partition is not being reassigned"),
    GROUP_SUBSCRIBED_TO_TOPIC(86, false, "the group is consuming this topic, its offsets cannot be deleted"),
    INVALID_RECORD(87, false, "the broker's validation refused a record"),
    UNSTABLE_OFFSET_COMMIT(88, true, "an offset commit of a transaction is still open"),
    THROTTLING_QUOTA_EXCEEDED(89, true, "a quota is used up for the moment"),
    PRODUCER_FENCED(90, false, "a newer producer with this transactional id has taken over"),
    RESOURCE_NOT_FOUND(91, false, "there is no such resource"),
    DUPLICATE_RESOURCE(92, false, "the same resource is named twice in the request"),
    UNACCEPTABLE_CREDENTIAL(93, false, "the credential does not meet the broker's rules"),
    INCONSISTENT_VOTER_SET(94, false, "sender or receiver is not one of the expected voters"),
    INVALID_UPDATE_VERSION(95, false, "the feature's version is not valid"),
    FEATURE_UPDATE_FAILED(96, false, "the features could not be updated"),
    PRINCIPAL_DESERIALIZATION_FAILURE(
            97, false, "a forwarded request's principal could not be read inside the cluster"),
    SNAPSHOT_NOT_FOUND(98, false, "there is no such snapshot"),
    POSITION_OUT_OF_RANGE(99, false, "the position lies outside of the snapshot"),
    UNKNOWN_TOPIC_ID(100, true, "the broker does not know this topic id"),
    DUPLICATE_BROKER_REGISTRATION(101, false, "this broker id is in use"),
    BROKER_ID_NOT_REGISTERED(102, false, "this broker id is not registered"),
    INCONSISTENT_TOPIC_ID(103, true, "the topic id is not the one of the broker's log"),
    INCONSISTENT_CLUSTER_ID(104, false, "the request is meant for another cluster"),
    TRANSACTIONAL_ID_NOT_FOUND(105, false, "there is no such transactional id"),
    FETCH_SESSION_TOPIC_ID_ERROR(106, true, "the fetch session mixes topic names and topic ids"),
    INELIGIBLE_REPLICA(107, false, "a replica of the new in-sync set may not be in it"),
    NEW_LEADER_ELECTED(108, false, "the partition was altered and has another leader now"),
    OFFSET_MOVED_TO_TIERED_STORAGE(109, false, "the offset is in tiered storage only"),
    FENCED_MEMBER_EPOCH(110, false, "the member's epoch is fenced, it has to give up its partitions and rejoin"),
    UNRELEASED_INSTANCE_ID(111, false, "another living member holds this group.instance.id"),
    UNSUPPORTED_ASSIGNOR(112, false, "the coordinator does not know this assignor"),
    STALE_MEMBER_EPOCH(113, false, "the member's epoch is old, the next heartbeat brings the new one"),
    MISMATCHED_ENDPOINT_TYPE(114, false, "the request went to a broker but is for controllers, or the other way round"),
    UNSUPPORTED_ENDPOINT_TYPE(115, false, "this type of endpoint is not supported"),
    UNKNOWN_CONTROLLER_ID(116, false, "there is no such controller"),
    UNKNOWN_SUBSCRIPTION_ID(117, false, "the telemetry subscription is out of date"),
    TELEMETRY_TOO_LARGE(118, false, "the telemetry is larger than the broker allows"),
    INVALID_REGISTRATION(119, false, "the controller refused the registration"),
    TRANSACTION_ABORTABLE(120, false, "the transaction failed, after an abort the producer can go on"),
    INVALID_RECORD_STATE(121, false, "the record is not in a state in which it can be acknowledged"),
    SHARE_SESSION_NOT_FOUND(122, true, "the broker has dropped this share session"),
    INVALID_SHARE_SESSION_EPOCH(123, true, "the share session is at another epoch"),
    FENCED_STATE_EPOCH(124, false, "the share state has a newer epoch"),
    INVALID_VOTER_KEY(125, false, "the voter's key is not the one of the receiver"),
    DUPLICATE_VOTER(126, false, "the voter is in the set already"),
    VOTER_NOT_FOUND(127, false, "the voter is not in the set"),
    INVALID_REGULAR_EXPRESSION(128, false, "the regular expression is not valid"),
    REBOOTSTRAP_REQUIRED(129, false, "the client's metadata is too old, it has to start from its bootstrap servers"),
    STREAMS_INVALID_TOPOLOGY(130, false, "the topology is not valid"),
    STREAMS_INVALID_TOPOLOGY_EPOCH(131, false, "the topology's epoch is not valid"),
    STREAMS_TOPOLOGY_FENCED(132, false, "the topology's epoch is an old one"),
    SHARE_SESSION_LIMIT_REACHED(133, true, "the broker holds as many share sessions as it may"),
    GROUP_DELETION_FAILED(134, false, "the group could not be deleted whole"),
    STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED(135, false, "the description of the topology could not be stored"),
    CONTROLLER_ID_NOT_REGISTERED(136, false, "this controller id is not registered");

    private static final ErrorCode[] BY_CODE = byCode();

    private final short code;
    private final boolean retriable;
    private final String meaning;

    ErrorCode(int code, boolean retriable, String meaning) {
        this.code = (short) code;
        this.retriable = retriable;
        this.meaning = meaning;
    }

    /** The number on the wire. */
    public short code() {
        return code;
    }

    /** Whether Kafka's own clients may repeat the request after this error. {@link #recovery()} says what has to happen first. */
    public boolean isRetriable() {
        return retriable;
    }

    /** What the code means, one short line. */
    public String meaning() {
        return meaning;
    }

    /** Whether this is an error at all. */
    public boolean isError() {
        return this != NONE;
    }

    /** The constant of a number on the wire; {@link #UNKNOWN_SERVER_ERROR} for a number of a later release. */
    public static ErrorCode of(short code) {
        int index = code + 1;
        return index >= 0 && index < BY_CODE.length ? BY_CODE[index] : UNKNOWN_SERVER_ERROR;
    }

    /** What a caller has to do before it may repeat the request; {@link Recovery#GIVE_UP} where repeating cannot help. */
    public Recovery recovery() {
        return Recoveries.of(this);
    }

    /** An exception for this code; {@code context} says what was being done, for example {@code "create topic orders"}. */
    public KafkaException.BrokerError exception(String context) {
        return new KafkaException.BrokerError(this, context);
    }

    private static ErrorCode[] byCode() {
        ErrorCode[] table = new ErrorCode[values().length];
        for (ErrorCode error : values()) {
            table[error.code + 1] = error; // the codes run from -1 without a hole
        }
        return table;
    }
}
