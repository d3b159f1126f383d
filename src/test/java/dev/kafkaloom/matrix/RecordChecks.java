package dev.kafkaloom.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.embedded.TestedRelease;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchRequest.FetchPartition;
import dev.kafkaloom.message.FetchRequest.FetchTopic;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceRequest.PartitionProduceData;
import dev.kafkaloom.message.ProduceRequest.TopicProduceData;
import dev.kafkaloom.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import dev.kafkaloom.record.TimestampType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Records go in and come out as they went in, by requests of our own. */
final class RecordChecks {
    private static final int RECORDS = 200;
    private static final int LONGEST = 3_000;
    private static final int BATCH_BYTES = 1 << 20;
    private static final int FETCH_BYTES = 8 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private RecordChecks() {}

    /** One batch of each codec behind the other, in one partition. */
    static void everyCodec(Lab lab) throws InterruptedException {
        TopicInfo topic = lab.topic("records");
        long now = System.currentTimeMillis();
        List<LogRecord> sent = new ArrayList<>();
        for (Compression codec : codecs(lab.release())) {
            List<LogRecord> batch = some(lab.release(), codec.id(), sent.size(), now);

            long base = produce(lab, lab.client(), topic, 1, codec, batch);

            assertThat(base).as("the offset that %s got", codec.label()).isEqualTo(sent.size());
            sent.addAll(batch);
        }
        assertThat(consume(lab, lab.client(), topic, 1, sent.size())).isEqualTo(sent);
        assertThat(codecsIn(lab, topic, 1)).isEqualTo(codecs(lab.release()));
    }

    /** LZ4 is older than 0.9; zstd came with 2.1 (KIP-110). */
    static List<Compression> codecs(TestedRelease release) {
        return Arrays.stream(Compression.values())
                .filter(codec -> codec != Compression.ZSTD || release.since("2.1.0"))
                .toList();
    }

    /** Message format: v2 since 0.11 (KIP-98), v1 since 0.10 (KIP-32). */
    static byte magic(TestedRelease release) {
        return (byte) (release.since("0.11.0.0") ? 2 : release.since("0.10.0.0") ? 1 : 0);
    }

    /** Keys and values of every length, null and empty among them, with headers and timestamps where the format has them. */
    private static List<LogRecord> some(TestedRelease release, int seed, long firstOffset, long now) {
        Random random = new Random(seed);
        int magic = magic(release);
        List<LogRecord> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            byte[] key = i % 5 == 1 ? null : bytes(random, i % 40);
            byte[] value = i % 11 == 1 ? null : bytes(random, i % 11 == 2 ? 0 : random.nextInt(LONGEST));
            List<Header> headers = magic < 2 || i % 3 != 0
                    ? List.of()
                    : List.of(
                            new Header("trace", bytes(random, 16)),
                            new Header("trace", null),
                            new Header("größe", new byte[0]));
            records.add(new LogRecord(
                    firstOffset + i,
                    magic == 0 ? -1 : now + firstOffset + i,
                    magic == 0 ? TimestampType.NONE : TimestampType.CREATE_TIME,
                    key,
                    value,
                    headers));
        }
        return records;
    }

    /** Half noise, half text, so that a codec has something to do. */
    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        byte[] text = "kafka-loom ".repeat(length / 11 + 1).getBytes(UTF_8);
        System.arraycopy(text, 0, bytes, 0, length / 2);
        return bytes;
    }

    /** Appends one batch and answers its base offset. */
    static long produce(
            Lab lab, KafkaClient by, TopicInfo topic, int partition, Compression codec, List<LogRecord> records) {
        BatchBuilder batch = BatchBuilder.of(magic(lab.release()), codec, BATCH_BYTES);
        for (LogRecord each : records) {
            assertThat(batch.append(each.timestamp(), each.key(), each.value(), each.headers()))
                    .isTrue();
        }
        ProduceRequest request = ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(10_000)
                .topicData(List.of(TopicProduceData.builder()
                        .name(topic.name())
                        .topicId(topic.id())
                        .partitionData(List.of(PartitionProduceData.builder()
                                .index(partition)
                                .records(batch.build())
                                .build()))
                        .build()))
                .build();
        Route leader = new Route.Leader(new TopicPartition(topic.name(), partition));
        return await("the leader of a topic that is a moment old")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> lab.call(by, leader, request)
                                .responses()
                                .getFirst()
                                .partitionResponses()
                                .getFirst(),
                        RecordChecks::isAppended)
                .baseOffset();
    }

    private static boolean isAppended(PartitionProduceResponse answer) {
        ErrorCode error = ErrorCode.of(answer.errorCode());
        assertThat(error).isIn(ErrorCode.NONE, ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        return error == ErrorCode.NONE;
    }

    /** Reads a partition from its start until so many records are there. */
    static List<LogRecord> consume(Lab lab, KafkaClient by, TopicInfo topic, int partition, int count)
            throws InterruptedException {
        List<LogRecord> records = new ArrayList<>();
        while (records.size() < count) {
            int before = records.size();
            long next = before == 0 ? 0 : records.getLast().offset() + 1;
            for (RecordBatch batch : fetch(lab, by, topic, partition, next)) {
                assertThat(batch.crcValid()).isTrue();
                assertThat(batch.header().magic()).isEqualTo(magic(lab.release()));
                batch.decode(DecodeLimits.DEFAULT).stream()
                        .filter(record -> record.offset() >= next)
                        .forEach(records::add);
            }
            assertThat(records.size()).as("records at offset %d", next).isGreaterThan(before);
        }
        return records;
    }

    private static List<Compression> codecsIn(Lab lab, TopicInfo topic, int partition) throws InterruptedException {
        return fetch(lab, lab.client(), topic, partition, 0).stream()
                .map(batch -> batch.header().compression())
                .distinct()
                .toList();
    }

    private static List<RecordBatch> fetch(Lab lab, KafkaClient by, TopicInfo topic, int partition, long offset)
            throws InterruptedException {
        FetchRequest request = FetchRequest.builder()
                .replicaId(-1)
                .maxWaitMs(500)
                .minBytes(1)
                .maxBytes(FETCH_BYTES)
                .topics(List.of(FetchTopic.builder()
                        .topic(topic.name())
                        .topicId(topic.id())
                        .partitions(List.of(FetchPartition.builder()
                                .partition(partition)
                                .fetchOffset(offset)
                                .partitionMaxBytes(FETCH_BYTES)
                                .build()))
                        .build()))
                .build();
        FetchResponse response = lab.call(by, new Route.Leader(new TopicPartition(topic.name(), partition)), request);
        assertThat(ErrorCode.of(response.errorCode())).isEqualTo(ErrorCode.NONE);
        FetchResponse.PartitionData data =
                response.responses().getFirst().partitions().getFirst();
        assertThat(ErrorCode.of(data.errorCode())).isEqualTo(ErrorCode.NONE);
        return RecordBatches.split(data.records());
    }
}
