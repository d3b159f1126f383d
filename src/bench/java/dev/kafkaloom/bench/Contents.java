package dev.kafkaloom.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;

/** What the measured messages hold; made with the classes of kafka-clients, ours then read the bytes. */
final class Contents {
    private static final int METADATA_TOPICS = 1000;
    private static final int TOPICS = 10;
    private static final int PARTITIONS = 10;
    private static final int RECORDS = 10;
    private static final Payload PAYLOAD = new Payload();

    private Contents() {}

    static MetadataResponseData sequentialMetadata() {
        return metadata(topic -> "some-topic-name-" + topic);
    }

    static MetadataResponseData randomMetadata() {
        Random random = new Random(7);
        return metadata(topic -> {
            StringBuilder name = new StringBuilder();
            while (name.length() < 19) {
                name.append((char) ('a' + random.nextInt(26)));
            }
            return name.toString();
        });
    }

    private static MetadataResponseData metadata(IntFunction<String> names) {
        MetadataResponseData data = new MetadataResponseData()
                .setClusterId("8Xk1w3TrRbe2vYcpZ0mQ5g")
                .setControllerId(1);
        for (int broker = 1; broker <= 3; broker++) {
            data.brokers()
                    .add(new MetadataResponseData.MetadataResponseBroker()
                            .setNodeId(broker)
                            .setHost("broker-" + broker + ".kafka.example.com")
                            .setPort(9092)
                            .setRack("rack-" + broker));
        }
        for (int topic = 0; topic < METADATA_TOPICS; topic++) {
            data.topics()
                    .add(new MetadataResponseTopic()
                            .setName(names.apply(topic))
                            .setTopicId(new Uuid(0x5eed_0000L + topic, 0x1234_5678_9abcL * (topic + 1)))
                            .setPartitions(partitions(topic)));
        }
        return data;
    }

    private static List<MetadataResponsePartition> partitions(int topic) {
        List<MetadataResponsePartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int first = (topic + partition) % 3;
            List<Integer> replicas = List.of(first + 1, (first + 1) % 3 + 1, (first + 2) % 3 + 1);
            partitions.add(new MetadataResponsePartition()
                    .setPartitionIndex(partition)
                    .setLeaderId(first + 1)
                    .setLeaderEpoch(3 + partition)
                    .setReplicaNodes(replicas)
                    .setIsrNodes(replicas));
        }
        return partitions;
    }

    static FetchResponseData fetch() {
        List<FetchResponseData.FetchableTopicResponse> topics = new ArrayList<>();
        for (int topic = 0; topic < TOPICS; topic++) {
            List<FetchResponseData.PartitionData> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new FetchResponseData.PartitionData()
                        .setPartitionIndex(partition)
                        .setHighWatermark(1_000_010)
                        .setLastStableOffset(1_000_010)
                        .setLogStartOffset(0)
                        .setRecords(records(topic * PARTITIONS + partition)));
            }
            topics.add(new FetchResponseData.FetchableTopicResponse()
                    .setTopicId(new Uuid(0x7001L, topic + 1L))
                    .setPartitions(partitions));
        }
        return new FetchResponseData().setSessionId(77).setResponses(topics);
    }

    static ProduceRequestData produce() {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        for (int topic = 0; topic < TOPICS; topic++) {
            List<PartitionProduceData> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new PartitionProduceData()
                        .setIndex(partition)
                        .setRecords(records(topic * PARTITIONS + partition)));
            }
            data.topicData()
                    .add(new TopicProduceData().setName("topic-" + topic).setPartitionData(partitions));
        }
        return data;
    }

    private static MemoryRecords records(int batch) {
        try (MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(2048), Compression.NONE, TimestampType.CREATE_TIME, 1_000_000)) {
            for (int i = 0; i < RECORDS; i++) {
                int record = batch * RECORDS + i;
                builder.append(PAYLOAD.timestamp(record), PAYLOAD.key(record), PAYLOAD.value(record));
            }
            return builder.build();
        }
    }
}
