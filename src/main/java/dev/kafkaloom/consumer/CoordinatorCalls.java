package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.consumer.assignor.Assignor;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.HeartbeatRequest;
import dev.kafkaloom.message.JoinGroupRequest;
import dev.kafkaloom.message.JoinGroupResponse;
import dev.kafkaloom.message.LeaveGroupRequest;
import dev.kafkaloom.message.LeaveGroupResponse;
import dev.kafkaloom.message.SyncGroupRequest;
import dev.kafkaloom.message.SyncGroupResponse;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.network.VersionRange;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The four calls of one member to the coordinator of its group, each sent once: what an answer means is the member's to decide. They go
 * over a connection of the member's own, because a broker serves one request of a connection at a time and holds a JoinGroup until
 * everybody has joined. Used by the member's thread only.
 */
final class CoordinatorCalls {
    private static final int STATIC_SINCE = 5; // JoinGroup
    private static final int LONGEST_REASON = 255;
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** {@code group.max.session.timeout.ms} of brokers before 0.10.1. */
    private static final Duration OLD_SESSION_LIMIT = Duration.ofSeconds(30);

    private final KafkaClient client;
    private final ConsumerConfig config;
    private final Route route;
    private final String owner;
    private boolean oneTimeout;

    CoordinatorCalls(KafkaClient client, ConsumerConfig config, String owner) {
        this.client = client;
        this.config = config;
        this.route = new Route.GroupCoordinator(config.groupId());
        this.owner = owner;
    }

    /**
     * Asks what these brokers know: a rebalance timeout (JoinGroup v1, 0.10.1), or the session timeout for both; static members (v5, 2.3).
     *
     * @throws KafkaException.UnsupportedVersion when this member cannot be in a group on them
     */
    void learnBrokers(Membership me) throws InterruptedException {
        VersionRange join = client.versions()
                .common(ApiKey.JOIN_GROUP)
                .orElseThrow(() -> new KafkaException.UnsupportedVersion(
                        "these brokers know no consumer groups in Kafka, they exist since 0.9"));
        if (me.isStatic() && join.highest() < STATIC_SINCE) {
            throw new KafkaException.UnsupportedVersion(
                    "group " + config.groupId() + ": these brokers know no static members (" + me.instanceId()
                            + "), they exist since 2.3: leave group.instance.id empty");
        }
        oneTimeout = join.highest() == 0;
    }

    /** The session timeout as these brokers allow it. */
    Duration sessionTimeout() {
        return oneTimeout ? shorter(config.sessionTimeout(), OLD_SESSION_LIMIT) : config.sessionTimeout();
    }

    /** How long a rebalance waits for a member. */
    Duration rebalanceTimeout() {
        return oneTimeout ? sessionTimeout() : config.rebalanceTimeout();
    }

    /** How long handlers may go on after a rebalance has begun, leaving time to commit and to rejoin. */
    Duration drainTimeout() {
        Duration limit = oneTimeout
                ? sessionTimeout().dividedBy(2)
                : config.rebalanceTimeout().minusSeconds(2);
        return limit.isPositive() ? shorter(config.revokeDrain(), limit) : Duration.ZERO;
    }

    JoinGroupResponse join(Membership me, List<JoinGroupRequest.JoinGroupRequestProtocol> offers, String reason)
            throws InterruptedException {
        return client.callOnce(
                route,
                JoinGroupRequest.builder()
                        .groupId(config.groupId())
                        .sessionTimeoutMs((int) sessionTimeout().toMillis())
                        .rebalanceTimeoutMs((int) rebalanceTimeout().toMillis())
                        .memberId(me.memberId())
                        .groupInstanceId(me.instanceId())
                        .protocolType(ConsumerProtocol.TYPE)
                        .protocols(offers)
                        .reason(cut(reason))
                        .build(),
                held());
    }

    /** {@code assignments} by member id, empty unless this member leads. */
    SyncGroupResponse sync(Membership me, String protocolName, Map<String, ByteBuffer> assignments)
            throws InterruptedException {
        List<SyncGroupRequest.SyncGroupRequestAssignment> all = new ArrayList<>();
        assignments.forEach((member, bytes) -> all.add(SyncGroupRequest.SyncGroupRequestAssignment.builder()
                .memberId(member)
                .assignment(bytes)
                .build()));
        return client.callOnce(
                route,
                SyncGroupRequest.builder()
                        .groupId(config.groupId())
                        .generationId(me.generation())
                        .memberId(me.memberId())
                        .groupInstanceId(me.instanceId())
                        .protocolType(ConsumerProtocol.TYPE)
                        .protocolName(protocolName)
                        .assignments(all)
                        .build(),
                held());
    }

    ErrorCode heartbeat(Membership me) throws InterruptedException {
        Duration timeout = sessionTimeout().dividedBy(3);
        return ErrorCode.of(client.callOnce(
                        route,
                        HeartbeatRequest.builder()
                                .groupId(config.groupId())
                                .generationId(me.generation())
                                .memberId(me.memberId())
                                .groupInstanceId(me.instanceId())
                                .build(),
                        options(timeout))
                .errorCode());
    }

    /** Says good-bye, so that the others need not wait for the session to run out. */
    ErrorCode leave(Membership who, String reason, Duration timeout) throws InterruptedException {
        CallOptions options = options(timeout);
        LeaveGroupRequest.MemberIdentity me = LeaveGroupRequest.MemberIdentity.builder()
                .memberId(who.memberId())
                .groupInstanceId(who.instanceId())
                .reason(cut(reason))
                .build();
        try {
            LeaveGroupRequest request = LeaveGroupRequest.builder()
                    .groupId(config.groupId())
                    .members(List.of(me))
                    .build();
            LeaveGroupResponse answer = client.callOnce(route, request, options);
            return ErrorCode.of(
                    answer.errorCode() == 0 && !answer.members().isEmpty()
                            ? answer.members().getFirst().errorCode()
                            : answer.errorCode());
        } catch (KafkaException.UnsupportedVersion _) { // before v3 (2.4) it names one member
            LeaveGroupRequest request = LeaveGroupRequest.builder()
                    .groupId(config.groupId())
                    .memberId(who.memberId())
                    .build();
            return ErrorCode.of(client.callOnce(route, request, options).errorCode());
        }
    }

    /** Says what an answer means, does what it always demands, and throws what cannot heal. {@code what} names the call of {@code me}. */
    GroupAnswer judge(ErrorCode code, String what, Membership me) {
        GroupAnswer answer = GroupAnswer.of(code);
        if (answer == GroupAnswer.FATAL) {
            throw new KafkaException.BrokerError(code, what + " in group " + config.groupId() + explanation(code, me));
        }
        if (answer == GroupAnswer.MOVED) {
            coordinatorMoved(what + ": " + code);
        }
        return answer;
    }

    private String explanation(ErrorCode code, Membership me) {
        return switch (code) {
            case INVALID_SESSION_TIMEOUT ->
                " with a session timeout of " + sessionTimeout().toMillis()
                        + " ms (group.keep.session.max.ms; the brokers' group.min.session.timeout.ms and group.max.session.timeout.ms bound it)";
            case INCONSISTENT_GROUP_PROTOCOL ->
                " with the assignors "
                        + config.assignors().stream().map(Assignor::name).toList()
                        + ": the members that are there have none of them (partition.assignment.strategy)";
            case FENCED_INSTANCE_ID ->
                " as " + me.instanceId()
                        + ": another process has joined with this group.instance.id, which may only be used once";
            case GROUP_MAX_SIZE_REACHED -> ": it has as many members as group.max.size of the brokers allows";
            default -> "";
        };
    }

    /** Closes this member's connection, because a call on it was given up and occupies it; the next call opens another. */
    void disconnect() {
        client.release(owner);
    }

    /** Does what a failed call demands before the next one. */
    void failed(KafkaException why) {
        if (why instanceof KafkaException.RequestTimedOut) {
            disconnect();
        }
        coordinatorMoved(why.oneLine());
    }

    private void coordinatorMoved(String why) {
        client.coordinatorMoved(config.groupId(), why);
    }

    private CallOptions held() {
        return options(GRACE).hold(rebalanceTimeout()); // hold comes on top of the time-out
    }

    private CallOptions options(Duration timeout) {
        return CallOptions.DEFAULT.lane(Lane.GROUP).owner(owner).timeout(timeout);
    }

    /** What brokers take of a reason (KIP-800). */
    private static String cut(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
