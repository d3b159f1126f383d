package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.CreateTopicsRequest;
import dev.kafkaloom.message.DeleteRecordsRequest;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.Compression;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;

/** Fills topics of a real broker with the bare requests, so that fetching is tested against nothing but the broker. */
final class Seed {
    private static final int BATCH = 16 << 10;

    private final KafkaClient client;
    private final boolean old;
    private final Compression compression;

    private Seed(KafkaClient client, boolean old, Compression compression) {
        this.client = client;
        this.old = old;
        this.compression = compression;
    }

    /** {@code version} is the broker's release; 0.9 gets message sets, others batches. */
    static Seed into(KafkaClient client, String version) {
        return new Seed(client, version.startsWith("0.9"), Compression.NONE);
    }

    Seed compressed(Compression with) {
        return new Seed(client, old, with);
    }

    /** Makes a topic; on 0.9 it gets as many partitions as the broker's own num.partitions says. */
    void topic(String name, int partitions) throws InterruptedException {
        if (old) {
            client.call(MetadataRequest.builder()
                    .topics(List.of(MetadataRequest.MetadataRequestTopic.builder()
                            .name(name)
                            .build()))
                    .build());
        } else {
            client.call(CreateTopicsRequest.builder()
                    .timeoutMs(10_000)
                    .topics(List.of(CreateTopicsRequest.CreatableTopic.builder()
                            .name(name)
                            .numPartitions(partitions)
                            .replicationFactor((short) 1)
                            .build()))
                    .build());
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            client.refreshCluster("new topic");
            Cluster cluster = client.clusterWith(List.of(name));
            return cluster.topics().get(name).partitions().size() == partitions
                    && cluster.topics().get(name).partitions().stream().allMatch(each -> each.leaderId() >= 0);
        });
    }

    /** Appends the values, in batches of about 16 KiB, several a request. */
    void records(TopicPartition to, int count, IntFunction<String> value) throws InterruptedException {
        int done = 0;
        while (done < count) {
            BatchBuilder batch = BatchBuilder.of((byte) (old ? 0 : 2), compression, BATCH);
            while (done < count
                    && batch.append(System.currentTimeMillis(), null, bytes(value.apply(done)), List.of())) {
                done++;
            }
            append(to, batch.build());
        }
    }

    void append(TopicPartition to, ByteBuffer batch) throws InterruptedException {
        Uuid id =
                client.clusterWith(List.of(to.topic())).topics().get(to.topic()).id();
        ProduceRequest request = ProduceRequest.builder()
                .acks((short) 1)
                .timeoutMs(10_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name(to.topic())
                        .topicId(id)
                        .partitionData(List.of(ProduceRequest.PartitionProduceData.builder()
                                .index(to.partition())
                                .records(batch)
                                .build()))
                        .build()))
                .build();
        // a broker that has just come back may not lead yet
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    ErrorCode error = produce(to, request);
                    assertThat(error).matches(each -> each == ErrorCode.NONE || each.isRetriable());
                    return error == ErrorCode.NONE;
                });
    }

    private ErrorCode produce(TopicPartition to, ProduceRequest request) throws InterruptedException {
        ProduceResponse response = client.call(new Route.Leader(to), request, CallOptions.DEFAULT);
        return ErrorCode.of(
                response.responses().getFirst().partitionResponses().getFirst().errorCode());
    }

    /** Moves the start of the log; since 0.11. */
    void deleteBefore(TopicPartition partition, long offset) throws InterruptedException {
        client.call(
                new Route.Leader(partition),
                DeleteRecordsRequest.builder()
                        .timeoutMs(10_000)
                        .topics(List.of(DeleteRecordsRequest.DeleteRecordsTopic.builder()
                                .name(partition.topic())
                                .partitions(List.of(DeleteRecordsRequest.DeleteRecordsPartition.builder()
                                        .partitionIndex(partition.partition())
                                        .offset(offset)
                                        .build()))
                                .build()))
                        .build(),
                CallOptions.DEFAULT);
    }

    boolean hasSessions() throws InterruptedException {
        return client.versions(client.cluster().brokers().keySet().iterator().next(), ApiKey.FETCH)
                        .highest()
                >= 7;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
