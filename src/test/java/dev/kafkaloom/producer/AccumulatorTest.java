package dev.kafkaloom.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.Compression;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock stands still unless a test moves it. */
@Timeout(30)
class AccumulatorTest {
    private static final MessageFormat V2 = new MessageFormat((byte) 2, (short) 12);

    private final KafkaException notLeader = new KafkaException.BrokerError(ErrorCode.NOT_LEADER_OR_FOLLOWER, "test");
    private final List<Integer> leadersTold = new ArrayList<>();
    private long nanos;
    private long generation = 1;

    @Test
    void aBatchWaitsForLingerAndIsThenTakenOnce() throws InterruptedException {
        Accumulator accumulator = accumulator(ProducerConfig.DEFAULT.linger(Duration.ofMillis(5)));
        TopicQueues topic = topic(accumulator, 1);
        append(accumulator, topic, 0, "a");
        nanos += Duration.ofMillis(4).toNanos();
        assertThat(accumulator.poll(1)).isEmpty();
        nanos += Duration.ofMillis(1).toNanos();
        assertThat(accumulator.poll(1)).extracting(Batch::records).containsExactly(1);
        assertThat(accumulator.poll(1)).isEmpty();
    }

    @Test
    void aFullBatchIsTakenAtOnce() throws InterruptedException {
        Accumulator accumulator = accumulator(
                ProducerConfig.DEFAULT.linger(Duration.ofSeconds(50)).batchSize(200));
        TopicQueues topic = topic(accumulator, 1);
        append(accumulator, topic, 0, "x".repeat(100));
        assertThat(accumulator.poll(1)).isEmpty();
        append(accumulator, topic, 0, "y".repeat(100));
        assertThat(accumulator.poll(1)).hasSize(1);
    }

    @Test
    void theLevelOfTheCodecInUseCountsInEveryFormat() throws InterruptedException {
        CompressionLevels dense = CompressionLevels.DEFAULT.with(Compression.GZIP, 9);
        CompressionLevels fast = CompressionLevels.DEFAULT.with(Compression.GZIP, 1);
        for (byte magic : new byte[] {2, 1}) {
            assertThat(encodedSize(dense, magic)).isLessThan(encodedSize(fast, magic));
        }
    }

    private int encodedSize(CompressionLevels levels, byte magic) throws InterruptedException {
        Accumulator accumulator = accumulator(
                immediately().batchSize(10_000).compression(Compression.GZIP).compressionLevels(levels));
        TopicQueues topic = topic(accumulator, 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append(i * i % 977).append(' ');
        }
        append(accumulator, topic, 0, text.toString());
        return accumulator
                .poll(1)
                .getFirst()
                .encode(new MessageFormat(magic, (short) 12))
                .remaining();
    }

    @Test
    void aPartitionHasOneBatchInFlightAndARetryKeepsItsPlace() throws InterruptedException {
        Accumulator accumulator = accumulator(immediately().batchSize(100));
        TopicQueues topic = topic(accumulator, 1);
        append(accumulator, topic, 0, "x".repeat(100));
        append(accumulator, topic, 0, "y".repeat(100));
        Batch first = only(accumulator.poll(1));
        assertThat(accumulator.poll(1)).isEmpty();
        accumulator.retry(first, new KafkaException.BrokerError(ErrorCode.NOT_ENOUGH_REPLICAS, "test"), false);
        assertThat(accumulator.poll(1)).as("while it backs off").isEmpty();
        nanos += Duration.ofMillis(100).toNanos();
        assertThat(only(accumulator.poll(1))).isSameAs(first);
        accumulator.delivered(first, 7, -1);
        assertThat(only(accumulator.poll(1))).isNotSameAs(first);
    }

    @Test
    void aBatchWhoseLeaderIsLostWaitsForANewerSnapshot() throws InterruptedException {
        Accumulator accumulator = accumulator(immediately());
        TopicQueues topic = topic(accumulator, 1);
        append(accumulator, topic, 0, "x");
        accumulator.retry(only(accumulator.poll(1)), notLeader, true);
        nanos += Duration.ofSeconds(10).toNanos();
        assertThat(accumulator.poll(1)).isEmpty();
        assertThat(accumulator.awaitLeaderless(Duration.ofSeconds(1))).contains(new TopicPartition("t", 0));
        accumulator.observe(ledBy(1, 1));
        assertThat(accumulator.poll(1)).as("the same snapshot again").isEmpty();
        generation++;
        accumulator.observe(ledBy(1, 2));
        assertThat(accumulator.poll(1)).isEmpty();
        assertThat(accumulator.poll(2)).hasSize(1);
        assertThat(leadersTold).containsExactly(1, 2);
    }

    @Test
    void oneRequestHoldsSeveralPartitionsUpToItsLimitAndTheRestComesNext() throws InterruptedException {
        Accumulator accumulator = accumulator(immediately().maxRequestSize(1500));
        TopicQueues topic = topic(accumulator, 5);
        for (int partition = 0; partition < 5; partition++) {
            append(accumulator, topic, partition, "x".repeat(300));
        }
        List<Batch> first = accumulator.poll(1);
        List<Batch> second = accumulator.poll(1);
        assertThat(first).hasSize(2);
        assertThat(second).hasSize(2).doesNotContainAnyElementsOf(first);
        assertThat(accumulator.poll(1)).hasSize(1);
    }

    @Test
    void whatIsTooOldFailsUnlessItIsInFlight() throws InterruptedException {
        Accumulator accumulator = accumulator(immediately().batchSize(100));
        TopicQueues topic = topic(accumulator, 1);
        Receipt sent = append(accumulator, topic, 0, "x".repeat(100));
        Receipt queued = append(accumulator, topic, 0, "y".repeat(100));
        Batch batch = only(accumulator.poll(1));
        nanos += ProducerConfig.DEFAULT.deliveryTimeout().toNanos();
        assertThat(accumulator.expire()).isEqualTo(Long.MAX_VALUE);
        assertThat(sent.isDone()).isFalse();
        assertThatThrownBy(() -> queued.await(Duration.ZERO))
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageContaining("produce 1 record")
                .hasMessageContaining("t-0")
                .hasMessageContaining("never sent");
        accumulator.retry(batch, notLeader, true);
        accumulator.expire();
        assertThatThrownBy(() -> sent.await(Duration.ZERO))
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageContaining("attempts: 1")
                .hasMessageContaining("NOT_LEADER_OR_FOLLOWER")
                .hasMessageContaining("120000 ms");
        assertThat(accumulator.usedMemory()).isZero();
    }

    @Test
    void aBatchEndsOnceAndItsMemoryIsFreedOnce() throws InterruptedException {
        Accumulator accumulator = accumulator(immediately());
        TopicQueues topic = topic(accumulator, 1);
        Receipt receipt = append(accumulator, topic, 0, "x");
        assertThat(accumulator.usedMemory()).isPositive();
        Batch batch = only(accumulator.poll(1));
        accumulator.close(new KafkaException.Closed("test"));
        accumulator.delivered(batch, 5, -1);
        accumulator.retry(batch, notLeader, true);
        accumulator.recharge(batch);
        assertThatThrownBy(() -> receipt.await(Duration.ZERO)).isInstanceOf(KafkaException.Closed.class);
        assertThat(accumulator.usedMemory()).isZero();
    }

    @Test
    void theRetriesOfABatchAreCounted() throws InterruptedException {
        Accumulator accumulator = accumulator(immediately().retries(1));
        TopicQueues topic = topic(accumulator, 1);
        Receipt receipt = append(accumulator, topic, 0, "x");
        accumulator.retry(only(accumulator.poll(1)), notLeader, false);
        nanos += Duration.ofSeconds(1).toNanos();
        accumulator.retry(only(accumulator.poll(1)), notLeader, false);
        assertThatThrownBy(() -> receipt.await(Duration.ZERO)).isSameAs(notLeader);
    }

    @Test
    void receiptsCountOnFromTheBaseOffset() throws InterruptedException {
        Accumulator accumulator = accumulator(immediately());
        TopicQueues topic = topic(accumulator, 1);
        append(accumulator, topic, 0, "x");
        Receipt second =
                accumulator.append(topic, 0, false, V2, new ProduceRecord("t", 0, 77L, null, null, List.of()), nanos);
        accumulator.delivered(only(accumulator.poll(1)), 40, -1);
        assertThat(second.await(Duration.ZERO)).isEqualTo(new Delivery(new TopicPartition("t", 0), 41, 77));
    }

    @Test
    void theStickyPartitionChangesWhenItsBatchIsFull() throws InterruptedException {
        Accumulator accumulator = accumulator(immediately().batchSize(100));
        TopicQueues topic = topic(accumulator, 3);
        int before = topic.sticky();
        append(accumulator, topic, before, "x".repeat(100));
        assertThat(accumulator.append(topic, before, true, V2, record("y"), nanos))
                .isNull();
        assertThat(topic.sticky()).isNotEqualTo(before).isBetween(0, 2);
    }

    @Test
    void aFullBufferIsRefusedByNameAndLingeringBatchesAreSentFirst() throws InterruptedException {
        Accumulator accumulator = new Accumulator(
                ProducerConfig.DEFAULT
                        .linger(Duration.ofSeconds(50))
                        .bufferMemory(4000)
                        .maxBlock(Duration.ofMillis(50)),
                System::nanoTime,
                leadersTold::add);
        TopicQueues topic = topic(accumulator, 1);
        append(accumulator, topic, 0, "x");
        assertThat(accumulator.poll(1)).isEmpty();
        long deadline = System.nanoTime() + Duration.ofMillis(50).toNanos();
        assertThatThrownBy(() -> accumulator.append(topic, 0, false, V2, record("y"), deadline))
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageContaining("buffer.memory")
                .hasMessageContaining("4000");
    }

    @Test
    void aBatchOfAnotherFormatIsNotMixed() throws InterruptedException {
        Accumulator accumulator = accumulator(immediately());
        TopicQueues topic = topic(accumulator, 1);
        append(accumulator, topic, 0, "x");
        accumulator.append(topic, 0, false, new MessageFormat((byte) 1, (short) 2), record("y"), nanos);
        assertThat(only(accumulator.poll(1)).records()).isEqualTo(1);
    }

    private Accumulator accumulator(ProducerConfig config) {
        return new Accumulator(config, () -> nanos, leadersTold::add);
    }

    private static ProducerConfig immediately() {
        return ProducerConfig.DEFAULT.linger(Duration.ZERO);
    }

    private TopicQueues topic(Accumulator accumulator, int partitions) {
        Cluster cluster = cluster(IntStream.range(0, partitions).map(_ -> 1).toArray());
        return accumulator.topic(cluster.topics().get("t"), cluster.generation());
    }

    private Cluster cluster(int... leaders) {
        List<PartitionInfo> partitions = IntStream.range(0, leaders.length)
                .mapToObj(i ->
                        new PartitionInfo(i, leaders[i], 0, List.of(leaders[i]), List.of(leaders[i]), ErrorCode.NONE))
                .toList();
        return new Cluster(
                "c",
                1,
                Map.of(1, new BrokerAddress(1, "h", 1), 2, new BrokerAddress(2, "h", 2)),
                Map.of(),
                Map.of("t", new TopicInfo("t", Uuid.ZERO, false, ErrorCode.NONE, partitions)),
                generation,
                Instant.EPOCH);
    }

    private Cluster ledBy(int partitions, int leader) {
        int[] leaders = new int[partitions];
        Arrays.fill(leaders, leader);
        return cluster(leaders);
    }

    private Receipt append(Accumulator accumulator, TopicQueues topic, int partition, String value)
            throws InterruptedException {
        return accumulator.append(topic, partition, false, V2, record(value), nanos);
    }

    private static ProduceRecord record(String value) {
        return ProduceRecord.of("t", null, value.getBytes(UTF_8));
    }

    private static Batch only(List<Batch> batches) {
        assertThat(batches).hasSize(1);
        return batches.getFirst();
    }
}
