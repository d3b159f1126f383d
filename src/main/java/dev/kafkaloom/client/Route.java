package dev.kafkaloom.client;

import dev.kafkaloom.message.AddOffsetsToTxnRequest;
import dev.kafkaloom.message.AddPartitionsToTxnRequest;
import dev.kafkaloom.message.AlterShareGroupOffsetsRequest;
import dev.kafkaloom.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaloom.message.DeleteShareGroupOffsetsRequest;
import dev.kafkaloom.message.EndTxnRequest;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.HeartbeatRequest;
import dev.kafkaloom.message.InitProducerIdRequest;
import dev.kafkaloom.message.JoinGroupRequest;
import dev.kafkaloom.message.LeaveGroupRequest;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetDeleteRequest;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.ShareGroupHeartbeatRequest;
import dev.kafkaloom.message.StreamsGroupHeartbeatRequest;
import dev.kafkaloom.message.StreamsGroupTopologyDescriptionUpdateRequest;
import dev.kafkaloom.message.SyncGroupRequest;
import dev.kafkaloom.message.TxnOffsetCommitRequest;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;

/** Which broker a request has to reach. */
public sealed interface Route {
    /** Any broker will do. */
    record AnyBroker() implements Route {}

    /** This one. */
    record Broker(int nodeId) implements Route {}

    /** The controller; on KRaft clusters the broker that metadata names, which forwards. */
    record Controller() implements Route {}

    /** The leader of a partition. */
    record Leader(TopicPartition of) implements Route {}

    /** The coordinator of a group. */
    record GroupCoordinator(String groupId) implements Route {}

    /** The coordinator of a transactional id. */
    record TransactionCoordinator(String transactionalId) implements Route {}

    /** The leader of a partition of the topic with this id (KIP-516). */
    record LeaderById(Uuid topicId, int partition) implements Route {}

    /** The share coordinator of a partition of a share group; the key is {@code groupId:topicId:partition} (KIP-932). */
    record ShareCoordinator(String key) implements Route {}

    /** What the request names may belong to several brokers: {@link KafkaClient} splits it and joins the answers. */
    record SeveralBrokers() implements Route {}

    /**
     * Only the caller can know: it passes {@link Broker}.
     *
     * @param why a clause that says why, for the error
     */
    record CallerDecides(String why) implements Route {}

    /** Where a request belongs by what it is and says. Exhaustive on purpose: a new API has to be routed here. */
    static Route of(Request<?> request) {
        return switch (request.api()) {
            case METADATA, API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE, DESCRIBE_CLUSTER -> new AnyBroker();
            case DESCRIBE_ACLS, CREATE_ACLS, DELETE_ACLS, DESCRIBE_CLIENT_QUOTAS, DESCRIBE_QUORUM -> new AnyBroker();
            case CREATE_DELEGATION_TOKEN, RENEW_DELEGATION_TOKEN, EXPIRE_DELEGATION_TOKEN -> new AnyBroker();
            case DESCRIBE_DELEGATION_TOKEN, DESCRIBE_USER_SCRAM_CREDENTIALS, UNREGISTER_BROKER -> new AnyBroker();
            case UNREGISTER_CONTROLLER, GET_TELEMETRY_SUBSCRIPTIONS, PUSH_TELEMETRY -> new AnyBroker();
            case LIST_CONFIG_RESOURCES, DESCRIBE_TOPIC_PARTITIONS, ADD_RAFT_VOTER, REMOVE_RAFT_VOTER -> new AnyBroker();
            case CREATE_TOPICS, DELETE_TOPICS, CREATE_PARTITIONS, ELECT_LEADERS -> new Controller();
            case ALTER_PARTITION_REASSIGNMENTS, LIST_PARTITION_REASSIGNMENTS, ALTER_CLIENT_QUOTAS -> new Controller();
            case ALTER_USER_SCRAM_CREDENTIALS, UPDATE_FEATURES -> new Controller();
            case JOIN_GROUP, SYNC_GROUP, HEARTBEAT, LEAVE_GROUP, OFFSET_COMMIT, OFFSET_DELETE -> group(request);
            case TXN_OFFSET_COMMIT, CONSUMER_GROUP_HEARTBEAT, STREAMS_GROUP_HEARTBEAT -> group(request);
            case STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE, SHARE_GROUP_HEARTBEAT -> group(request);
            case ALTER_SHARE_GROUP_OFFSETS, DELETE_SHARE_GROUP_OFFSETS -> group(request);
            case INIT_PRODUCER_ID, ADD_OFFSETS_TO_TXN, END_TXN -> transaction(request);
            case OFFSET_FETCH, FIND_COORDINATOR, ADD_PARTITIONS_TO_TXN, FETCH -> byForm(request);
            // by leader
            case LIST_OFFSETS, OFFSET_FOR_LEADER_EPOCH, DELETE_RECORDS, DESCRIBE_PRODUCERS -> new SeveralBrokers();
            case PRODUCE, WRITE_TXN_MARKERS -> new SeveralBrokers();
            // by coordinator
            case DESCRIBE_GROUPS, DELETE_GROUPS, CONSUMER_GROUP_DESCRIBE, STREAMS_GROUP_DESCRIBE ->
                new SeveralBrokers();
            case SHARE_GROUP_DESCRIBE, DESCRIBE_SHARE_GROUP_OFFSETS, DESCRIBE_TRANSACTIONS -> new SeveralBrokers();
            case INITIALIZE_SHARE_GROUP_STATE, READ_SHARE_GROUP_STATE, WRITE_SHARE_GROUP_STATE -> new SeveralBrokers();
            case DELETE_SHARE_GROUP_STATE, READ_SHARE_GROUP_STATE_SUMMARY -> new SeveralBrokers();
            // by broker
            case LIST_GROUPS, LIST_TRANSACTIONS, DESCRIBE_LOG_DIRS -> new SeveralBrokers();
            case DESCRIBE_CONFIGS, ALTER_CONFIGS, INCREMENTAL_ALTER_CONFIGS -> new SeveralBrokers();
            case SHARE_FETCH, SHARE_ACKNOWLEDGE ->
                new CallerDecides("a share session belongs to the leader that has it");
            case ALTER_REPLICA_LOG_DIRS -> new CallerDecides("the log directories of one broker are meant");
            case LEADER_AND_ISR, STOP_REPLICA, UPDATE_METADATA, CONTROLLED_SHUTDOWN, VOTE -> internal(request);
            case BEGIN_QUORUM_EPOCH, END_QUORUM_EPOCH, ALTER_PARTITION, ENVELOPE, FETCH_SNAPSHOT -> internal(request);
            case BROKER_REGISTRATION, BROKER_HEARTBEAT, ALLOCATE_PRODUCER_IDS -> internal(request);
            case CONTROLLER_REGISTRATION, ASSIGN_REPLICAS_TO_DIRS, UPDATE_RAFT_VOTER -> internal(request);
        };
    }

    private static Route group(Request<?> request) {
        return switch (request) {
            case JoinGroupRequest r -> new GroupCoordinator(r.groupId());
            case SyncGroupRequest r -> new GroupCoordinator(r.groupId());
            case HeartbeatRequest r -> new GroupCoordinator(r.groupId());
            case LeaveGroupRequest r -> new GroupCoordinator(r.groupId());
            case OffsetCommitRequest r -> new GroupCoordinator(r.groupId());
            case OffsetDeleteRequest r -> new GroupCoordinator(r.groupId());
            case TxnOffsetCommitRequest r -> new GroupCoordinator(r.groupId());
            case ConsumerGroupHeartbeatRequest r -> new GroupCoordinator(r.groupId());
            case StreamsGroupHeartbeatRequest r -> new GroupCoordinator(r.groupId());
            case StreamsGroupTopologyDescriptionUpdateRequest r -> new GroupCoordinator(r.groupId());
            case ShareGroupHeartbeatRequest r -> new GroupCoordinator(r.groupId());
            case AlterShareGroupOffsetsRequest r -> new GroupCoordinator(r.groupId());
            case DeleteShareGroupOffsetsRequest r -> new GroupCoordinator(r.groupId());
            default -> internal(request);
        };
    }

    private static Route transaction(Request<?> request) {
        return switch (request) {
            case InitProducerIdRequest r ->
                r.transactionalId() == null ? new AnyBroker() : new TransactionCoordinator(r.transactionalId());
            case AddOffsetsToTxnRequest r -> new TransactionCoordinator(r.transactionalId());
            case EndTxnRequest r -> new TransactionCoordinator(r.transactionalId());
            default -> internal(request);
        };
    }

    /** The older form of these is about one thing, the newer one about several; a session is one broker's. */
    private static Route byForm(Request<?> request) {
        return switch (request) {
            case OffsetFetchRequest r when r.groups().isEmpty() -> new GroupCoordinator(r.groupId());
            case AddPartitionsToTxnRequest r
            when r.transactions().isEmpty() -> new TransactionCoordinator(r.v3AndBelowTransactionalId());
            case FindCoordinatorRequest r when r.coordinatorKeys().isEmpty() -> new AnyBroker();
            case FetchRequest r
            when r.sessionId() != 0
                    || r.sessionEpoch() != FetchRequest.builder().build().sessionEpoch() ->
                new CallerDecides("a fetch session belongs to the broker that opened it");
            default -> new SeveralBrokers();
        };
    }

    private static Route internal(Request<?> request) {
        return new CallerDecides(request.api().apiName() + " is spoken between brokers and controllers");
    }
}
