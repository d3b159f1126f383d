package dev.kafkaloom.client;

import dev.kafkaloom.message.AddOffsetsToTxnRequest;
import dev.kafkaloom.message.AddPartitionsToTxnRequest;
import dev.kafkaloom.message.ConsumerGroupDescribeRequest;
import dev.kafkaloom.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaloom.message.DeleteGroupsRequest;
import dev.kafkaloom.message.DeleteRecordsRequest;
import dev.kafkaloom.message.DescribeGroupsRequest;
import dev.kafkaloom.message.DescribeProducersRequest;
import dev.kafkaloom.message.DescribeTransactionsRequest;
import dev.kafkaloom.message.EndTxnRequest;
import dev.kafkaloom.message.HeartbeatRequest;
import dev.kafkaloom.message.InitProducerIdRequest;
import dev.kafkaloom.message.JoinGroupRequest;
import dev.kafkaloom.message.LeaveGroupRequest;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetDeleteRequest;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetForLeaderEpochRequest;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.ShareGroupDescribeRequest;
import dev.kafkaloom.message.ShareGroupHeartbeatRequest;
import dev.kafkaloom.message.StreamsGroupDescribeRequest;
import dev.kafkaloom.message.StreamsGroupHeartbeatRequest;
import dev.kafkaloom.message.SyncGroupRequest;
import dev.kafkaloom.message.TxnOffsetCommitRequest;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.util.List;
import java.util.function.Function;

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
            case METADATA, FIND_COORDINATOR, API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE -> new AnyBroker();
            case DESCRIBE_ACLS, CREATE_ACLS, DELETE_ACLS, DESCRIBE_CONFIGS, ALTER_CONFIGS -> new AnyBroker();
            case INCREMENTAL_ALTER_CONFIGS, CREATE_DELEGATION_TOKEN, RENEW_DELEGATION_TOKEN -> new AnyBroker();
            case EXPIRE_DELEGATION_TOKEN, DESCRIBE_DELEGATION_TOKEN, DESCRIBE_CLIENT_QUOTAS -> new AnyBroker();
            case DESCRIBE_USER_SCRAM_CREDENTIALS, DESCRIBE_QUORUM, DESCRIBE_CLUSTER -> new AnyBroker();
            case UNREGISTER_BROKER, UNREGISTER_CONTROLLER, GET_TELEMETRY_SUBSCRIPTIONS -> new AnyBroker();
            case PUSH_TELEMETRY, LIST_CONFIG_RESOURCES, DESCRIBE_TOPIC_PARTITIONS, ADD_RAFT_VOTER -> new AnyBroker();
            case REMOVE_RAFT_VOTER -> new AnyBroker();
            case CREATE_TOPICS, DELETE_TOPICS, CREATE_PARTITIONS, ELECT_LEADERS -> new Controller();
            case ALTER_PARTITION_REASSIGNMENTS, LIST_PARTITION_REASSIGNMENTS, ALTER_CLIENT_QUOTAS -> new Controller();
            case ALTER_USER_SCRAM_CREDENTIALS, UPDATE_FEATURES -> new Controller();
            case LIST_OFFSETS, OFFSET_FOR_LEADER_EPOCH, DELETE_RECORDS, DESCRIBE_PRODUCERS -> leader(request);
            case JOIN_GROUP, SYNC_GROUP, HEARTBEAT, LEAVE_GROUP, OFFSET_COMMIT, OFFSET_FETCH -> group(request);
            case OFFSET_DELETE, DESCRIBE_GROUPS, DELETE_GROUPS, TXN_OFFSET_COMMIT -> group(request);
            case CONSUMER_GROUP_HEARTBEAT, CONSUMER_GROUP_DESCRIBE, STREAMS_GROUP_HEARTBEAT -> group(request);
            case STREAMS_GROUP_DESCRIBE, STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE -> group(request);
            case SHARE_GROUP_HEARTBEAT, SHARE_GROUP_DESCRIBE, DESCRIBE_SHARE_GROUP_OFFSETS -> group(request);
            case ALTER_SHARE_GROUP_OFFSETS, DELETE_SHARE_GROUP_OFFSETS -> group(request);
            case INIT_PRODUCER_ID, ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN, END_TXN -> transaction(request);
            case DESCRIBE_TRANSACTIONS -> transaction(request);
            case PRODUCE, FETCH, LIST_GROUPS, LIST_TRANSACTIONS, WRITE_TXN_MARKERS -> undecided(request);
            case ALTER_REPLICA_LOG_DIRS, DESCRIBE_LOG_DIRS, SHARE_FETCH, SHARE_ACKNOWLEDGE -> undecided(request);
            // between brokers and controllers; sent to a broker of the caller's choice, if at all
            case LEADER_AND_ISR, STOP_REPLICA, UPDATE_METADATA, CONTROLLED_SHUTDOWN, VOTE -> undecided(request);
            case BEGIN_QUORUM_EPOCH, END_QUORUM_EPOCH, ALTER_PARTITION, ENVELOPE -> undecided(request);
            case FETCH_SNAPSHOT, BROKER_REGISTRATION, BROKER_HEARTBEAT, ALLOCATE_PRODUCER_IDS -> undecided(request);
            case CONTROLLER_REGISTRATION, ASSIGN_REPLICAS_TO_DIRS, UPDATE_RAFT_VOTER -> undecided(request);
            case INITIALIZE_SHARE_GROUP_STATE, READ_SHARE_GROUP_STATE, WRITE_SHARE_GROUP_STATE -> undecided(request);
            case DELETE_SHARE_GROUP_STATE, READ_SHARE_GROUP_STATE_SUMMARY -> undecided(request);
        };
    }

    private static Route leader(Request<?> request) {
        return switch (request) {
            case ListOffsetsRequest r ->
                leader(r.topics(), t -> t.name(), t -> t.partitions(), p -> p.partitionIndex());
            case OffsetForLeaderEpochRequest r ->
                leader(r.topics(), t -> t.topic(), t -> t.partitions(), p -> p.partition());
            case DeleteRecordsRequest r ->
                leader(r.topics(), t -> t.name(), t -> t.partitions(), p -> p.partitionIndex());
            case DescribeProducersRequest r -> leader(r.topics(), t -> t.name(), t -> t.partitionIndexes(), p -> p);
            default -> undecided(request);
        };
    }

    /** The leader of the first partition named; the others have to be led by the same broker. */
    private static <T, P> Route leader(
            List<T> topics, Function<T, String> name, Function<T, List<P>> partitions, Function<P, Integer> index) {
        for (T topic : topics) {
            if (!partitions.apply(topic).isEmpty()) {
                return new Leader(new TopicPartition(
                        name.apply(topic), index.apply(partitions.apply(topic).getFirst())));
            }
        }
        return new AnyBroker();
    }

    private static Route group(Request<?> request) {
        return switch (request) {
            case JoinGroupRequest r -> new GroupCoordinator(r.groupId());
            case SyncGroupRequest r -> new GroupCoordinator(r.groupId());
            case HeartbeatRequest r -> new GroupCoordinator(r.groupId());
            case LeaveGroupRequest r -> new GroupCoordinator(r.groupId());
            case OffsetCommitRequest r -> new GroupCoordinator(r.groupId());
            case OffsetFetchRequest r ->
                r.groups().isEmpty()
                        ? new GroupCoordinator(r.groupId())
                        : only(r.groups().stream().map(g -> g.groupId()).toList());
            case OffsetDeleteRequest r -> new GroupCoordinator(r.groupId());
            case TxnOffsetCommitRequest r -> new GroupCoordinator(r.groupId());
            case ConsumerGroupHeartbeatRequest r -> new GroupCoordinator(r.groupId());
            case StreamsGroupHeartbeatRequest r -> new GroupCoordinator(r.groupId());
            case ShareGroupHeartbeatRequest r -> new GroupCoordinator(r.groupId());
            case DescribeGroupsRequest r -> only(r.groups());
            case DeleteGroupsRequest r -> only(r.groupsNames());
            case ConsumerGroupDescribeRequest r -> only(r.groupIds());
            case StreamsGroupDescribeRequest r -> only(r.groupIds());
            case ShareGroupDescribeRequest r -> only(r.groupIds());
            default -> undecided(request);
        };
    }

    private static Route transaction(Request<?> request) {
        return switch (request) {
            case InitProducerIdRequest r ->
                r.transactionalId() == null ? new AnyBroker() : new TransactionCoordinator(r.transactionalId());
            case AddPartitionsToTxnRequest r -> new TransactionCoordinator(r.v3AndBelowTransactionalId());
            case AddOffsetsToTxnRequest r -> new TransactionCoordinator(r.transactionalId());
            case EndTxnRequest r -> new TransactionCoordinator(r.transactionalId());
            case DescribeTransactionsRequest r ->
                r.transactionalIds().size() == 1
                        ? new TransactionCoordinator(r.transactionalIds().getFirst())
                        : undecided(request);
            default -> undecided(request);
        };
    }

    /** One group's coordinator; several groups may have several. */
    private static Route only(List<String> groups) {
        return groups.size() == 1
                ? new GroupCoordinator(groups.getFirst())
                : new CallerDecides("several groups may have several coordinators");
    }

    private static CallerDecides undecided(Request<?> request) {
        return new CallerDecides(request.api().apiName() + " may concern several brokers, or some particular one");
    }
}
