package dev.kafkaloom.consumer;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.HeartbeatRequest;
import dev.kafkaloom.message.HeartbeatResponse;
import dev.kafkaloom.message.JoinGroupRequest;
import dev.kafkaloom.message.JoinGroupResponse;
import dev.kafkaloom.message.LeaveGroupRequest;
import dev.kafkaloom.message.LeaveGroupResponse;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetCommitResponse;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.message.SyncGroupRequest;
import dev.kafkaloom.message.SyncGroupResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fake broker that coordinates a group of one: it accepts everything, unless {@link #next} has put an error in its mouth. Its topic
 * {@code orders} has one partition with three records from offset 5 on, and 5 is what the group has committed.
 */
final class ScriptedCoordinator implements AutoCloseable {
    static final String TOPIC = "orders";
    static final String MEMBER = "given-id";

    final FakeBroker broker;
    final KafkaClient client;
    final Scope scope = Scope.open("scripted");
    final AtomicInteger handled = new AtomicInteger();
    private final Map<ApiKey, Queue<ErrorCode>> errors = new ConcurrentHashMap<>();
    private final AtomicInteger generation = new AtomicInteger();
    private ConsumerGroup group;

    ScriptedCoordinator(String release) throws IOException {
        broker = FakeBroker.startAs(release).topic(TOPIC, 1);
        broker.on(ApiKey.JOIN_GROUP, this::join)
                .on(ApiKey.SYNC_GROUP, this::sync)
                .on(ApiKey.HEARTBEAT, this::heartbeat)
                .on(
                        ApiKey.LEAVE_GROUP,
                        _ -> LeaveGroupResponse.builder()
                                .errorCode(error(ApiKey.LEAVE_GROUP))
                                .build())
                .on(ApiKey.OFFSET_FETCH, _ -> committed())
                .on(ApiKey.OFFSET_COMMIT, this::commit)
                .on(ApiKey.FETCH, this::fetch);
        client = KafkaClient.open(ClientConfig.builder(broker.bootstrap())
                .retryBackoff(Duration.ofMillis(5))
                .retryBackoffMax(Duration.ofMillis(20))
                .build());
    }

    static ConsumerConfig.Builder config() {
        return ConsumerConfig.builder("g", List.of(TOPIC))
                .heartbeatInterval(Duration.ofMillis(20))
                .sessionTimeout(Duration.ofMillis(1500))
                .rebalanceTimeout(Duration.ofSeconds(10))
                .autoCommitInterval(Duration.ofHours(1))
                .revokeDrain(Duration.ofSeconds(2));
    }

    /** The next answers of that API are these errors, then it is well again. */
    ScriptedCoordinator next(ApiKey api, ErrorCode... codes) {
        errors.computeIfAbsent(api, _ -> new ConcurrentLinkedQueue<>()).addAll(List.of(codes));
        return this;
    }

    ConsumerGroup start(ConsumerConfig config) throws InterruptedException {
        return start(config, RebalanceListener.NONE);
    }

    ConsumerGroup start(ConsumerConfig config, RebalanceListener listener) throws InterruptedException {
        Work work = PartitionLoop.work((_, records) -> handled.addAndGet(records.size()));
        group = ConsumerGroup.start(client, config, new MemberCount.Fixed(1), work, listener, scope);
        return group;
    }

    MemberSnapshot member() {
        return group.snapshot().members().getFirst();
    }

    List<JoinGroupRequest> joins() {
        return broker.received(ApiKey.JOIN_GROUP).stream()
                .map(r -> (JoinGroupRequest) r.request())
                .toList();
    }

    List<SyncGroupRequest> syncs() {
        return broker.received(ApiKey.SYNC_GROUP).stream()
                .map(r -> (SyncGroupRequest) r.request())
                .toList();
    }

    List<HeartbeatRequest> heartbeats() {
        return broker.received(ApiKey.HEARTBEAT).stream()
                .map(r -> (HeartbeatRequest) r.request())
                .filter(r -> !r.groupId().isEmpty())
                .toList();
    }

    List<LeaveGroupRequest> leaves() {
        return broker.received(ApiKey.LEAVE_GROUP).stream()
                .map(r -> (LeaveGroupRequest) r.request())
                .toList();
    }

    List<OffsetCommitRequest> commits() {
        return broker.received(ApiKey.OFFSET_COMMIT).stream()
                .map(r -> (OffsetCommitRequest) r.request())
                .toList();
    }

    private short error(ApiKey api) {
        Queue<ErrorCode> queue = errors.get(api);
        ErrorCode code = queue == null ? null : queue.poll();
        return code == null ? 0 : code.code();
    }

    private Response join(Request<?> any) {
        JoinGroupRequest request = (JoinGroupRequest) any;
        short error = error(ApiKey.JOIN_GROUP);
        JoinGroupResponse.Builder response = JoinGroupResponse.builder()
                .errorCode(error)
                .protocolName("")
                .leader("")
                .memberId("");
        if (error == ErrorCode.MEMBER_ID_REQUIRED.code()) {
            return response.memberId(MEMBER).build();
        }
        if (error != 0) {
            return response.build();
        }
        String id = request.memberId().isEmpty() ? MEMBER : request.memberId();
        var self = JoinGroupResponse.JoinGroupResponseMember.builder()
                .memberId(id)
                .metadata(request.protocols().getFirst().metadata())
                .build();
        return response.generationId(generation.incrementAndGet())
                .protocolName(request.protocols().getFirst().name())
                .leader(id)
                .memberId(id)
                .members(List.of(self))
                .build();
    }

    private Response sync(Request<?> any) {
        SyncGroupRequest request = (SyncGroupRequest) any;
        short error = error(ApiKey.SYNC_GROUP);
        ByteBuffer mine = request.assignments().isEmpty()
                ? ByteBuffer.allocate(0)
                : request.assignments().getFirst().assignment();
        return SyncGroupResponse.builder()
                .errorCode(error)
                .assignment(error == 0 ? mine : ByteBuffer.allocate(0))
                .build();
    }

    private Response heartbeat(Request<?> any) {
        boolean probe = ((HeartbeatRequest) any).groupId().isEmpty(); // sent to find out whether this is a 0.9
        return HeartbeatResponse.builder()
                .errorCode(probe ? 0 : error(ApiKey.HEARTBEAT))
                .build();
    }

    private Response committed() {
        var partition = OffsetFetchResponse.OffsetFetchResponsePartition.builder()
                .partitionIndex(0)
                .committedOffset(5)
                .metadata("")
                .build();
        var topic = OffsetFetchResponse.OffsetFetchResponseTopic.builder()
                .name(TOPIC)
                .partitions(List.of(partition))
                .build();
        return OffsetFetchResponse.builder().topics(List.of(topic)).build();
    }

    private Response commit(Request<?> any) {
        short error = error(ApiKey.OFFSET_COMMIT);
        return OffsetCommitResponse.builder()
                .topics(((OffsetCommitRequest) any)
                        .topics().stream()
                                .map(topic -> OffsetCommitResponse.OffsetCommitResponseTopic.builder()
                                        .name(topic.name())
                                        .partitions(topic.partitions().stream()
                                                .map(p -> OffsetCommitResponse.OffsetCommitResponsePartition.builder()
                                                        .partitionIndex(p.partitionIndex())
                                                        .errorCode(error)
                                                        .build())
                                                .toList())
                                        .build())
                                .toList())
                .build();
    }

    /** The three records to whom asks for them; further fetches are not answered. */
    private Response fetch(Request<?> any) {
        boolean wanted = ((FetchRequest) any)
                .topics().stream().flatMap(t -> t.partitions().stream()).anyMatch(p -> p.fetchOffset() == 5);
        if (!wanted) {
            return null;
        }
        BatchBuilder batch = BatchBuilder.of((byte) 2, Compression.NONE, 4096);
        for (int i = 0; i < 3; i++) {
            if (!batch.append(1, null, new byte[] {1}, List.of())) {
                throw new IllegalStateException("does not fit");
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(512).put(batch.build()).flip();
        bytes.putLong(0, 5);
        var partition = FetchResponse.PartitionData.builder()
                .partitionIndex(0)
                .highWatermark(8)
                .lastStableOffset(8)
                .logStartOffset(0)
                .abortedTransactions(null)
                .records(bytes)
                .build();
        var topic = FetchResponse.FetchableTopicResponse.builder()
                .topic(TOPIC)
                .partitions(List.of(partition))
                .build();
        return FetchResponse.builder().responses(List.of(topic)).build();
    }

    @Override
    public void close() throws IOException {
        if (group != null) {
            group.close(Duration.ofSeconds(4));
        }
        scope.close();
        client.close();
        broker.close();
    }
}
