package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.message.FetchResponse.AbortedTransaction;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordBatches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final FetchConfig CHECKED = FetchConfig.DEFAULT;
    private static final FetchConfig UNCHECKED = new FetchConfig(
            1,
            CHECKED.maxWait(),
            CHECKED.maxBytes(),
            CHECKED.maxPartitionBytes(),
            CHECKED.maxBufferedBytes(),
            false,
            IsolationLevel.READ_UNCOMMITTED,
            "");

    @Test
    void recordsBelowThePositionAreLeftOut() {
        ChunkReader reader = reader(CHECKED, OnCorrupt.STOP, 100);
        reader.open(mail(Batches.at(10, "a", "b", "c")), 11);

        Chunk chunk = reader.next();

        assertThat(values(chunk)).containsExactly("b", "c");
        assertThat(chunk.first()).isEqualTo(11);
        assertThat(chunk.next()).isEqualTo(13);
        assertThat(chunk.bytes()).isEqualTo(2);
        assertThat(reader.next()).isNull();
    }

    @Test
    void chunksHoldAtMostSoManyRecordsAcrossBatchesAndJoinWithoutAGap() {
        ChunkReader reader = reader(CHECKED, OnCorrupt.STOP, 2);
        reader.open(mail(Batches.at(10, "a", "b", "c"), Batches.at(20, "d", "e")), 10);

        List<Chunk> chunks = all(reader);

        assertThat(chunks)
                .extracting(ChunkReaderTest::values)
                .containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
        assertThat(chunks).extracting(Chunk::first).containsExactly(10L, 12L, 21L);
        assertThat(chunks).extracting(Chunk::next).containsExactly(12L, 21L, 22L);
    }

    @Test
    void aChunkEndsWithTheBatchThatFillsIt() {
        String large = "x".repeat(CHECKED.maxPartitionBytes() / 2 + 1);
        ChunkReader reader = reader(CHECKED, OnCorrupt.STOP, 100);
        reader.open(
                mail(
                        Batches.at(10, Compression.GZIP, large, "a"),
                        Batches.at(12, Compression.GZIP, large),
                        Batches.at(13, Compression.GZIP, large),
                        Batches.at(14, "b")),
                10);

        List<Chunk> chunks = all(reader);

        assertThat(chunks).extracting(chunk -> chunk.records().size()).containsExactly(3, 2);
        assertThat(chunks).extracting(Chunk::next).containsExactly(13L, 15L);
    }

    @Test
    void aCompactedTailOfABatchBelongsToTheRange() {
        ByteBuffer batch = Batches.at(10, "a", "b").putInt(23, 9); // the batch once went up to offset 19
        ChunkReader reader = reader(UNCHECKED, OnCorrupt.STOP, 100);
        reader.open(mail(batch), 10);

        assertThat(reader.next().next()).isEqualTo(20);
    }

    @Test
    void controlBatchesAreSkippedButMoveThePosition() {
        ChunkReader reader = reader(UNCHECKED, OnCorrupt.STOP, 100);
        reader.open(mail(Batches.marker(5, 10, true)), 10);

        Chunk chunk = reader.next();

        assertThat(chunk.records()).isEmpty();
        assertThat(chunk.next()).isEqualTo(11);
        assertThat(reader.next()).isNull();
    }

    @Test
    void aDamagedBatchStopsAfterTheChunksBeforeIt() {
        ByteBuffer damaged = Batches.at(12, "xxxx");
        damaged.put(damaged.limit() - 3, (byte) 'y');
        ChunkReader reader = reader(CHECKED, OnCorrupt.STOP, 100);
        reader.open(mail(Batches.at(10, "a", "b"), damaged), 10);

        assertThat(values(reader.next())).containsExactly("a", "b");
        assertThatThrownBy(reader::next)
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("t-0")
                .hasMessageContaining("12");
    }

    @Test
    void aDamagedBatchIsSkippedAndCountedWhereThatIsWanted() {
        ByteBuffer damaged = Batches.at(12, "xxxx");
        damaged.put(damaged.limit() - 3, (byte) 'y');
        ChunkReader reader = reader(CHECKED, OnCorrupt.SKIP, 100);
        reader.open(mail(Batches.at(10, "a", "b"), damaged, Batches.at(13, "c")), 10);

        Chunk chunk = reader.next();

        assertThat(values(chunk)).containsExactly("a", "b", "c");
        assertThat(chunk.next()).isEqualTo(14);
        assertThat(reader.corruptBatches()).isEqualTo(1);
    }

    @Test
    void withoutCheckingAWrongChecksumPasses() {
        ByteBuffer batch = Batches.at(12, "xxxx").putInt(17, 0);
        ChunkReader reader = reader(UNCHECKED, OnCorrupt.STOP, 100);
        reader.open(mail(batch), 12);

        assertThat(values(reader.next())).containsExactly("xxxx");
    }

    @Test
    void readCommittedHidesAbortedTransactionsWhateverTheOrderOfTheList() {
        ChunkReader reader = reader(UNCHECKED.isolation(IsolationLevel.READ_COMMITTED), OnCorrupt.STOP, 100);
        List<AbortedTransaction> aborted = List.of(aborted(7, 40), aborted(5, 10), aborted(5, 30));
        reader.open(
                mail(
                        aborted,
                        Batches.ofTransaction(5, 10, "no"),
                        Batches.ofTransaction(7, 11, "yes"),
                        Batches.at(12, "plain"),
                        Batches.marker(5, 13, false),
                        Batches.ofTransaction(5, 14, "yes too"),
                        Batches.marker(5, 15, true),
                        Batches.marker(7, 16, true),
                        Batches.ofTransaction(5, 30, "no"),
                        Batches.marker(5, 31, false),
                        Batches.ofTransaction(7, 40, "no")),
                10);

        List<Chunk> chunks = all(reader);

        assertThat(chunks).flatExtracting(ChunkReaderTest::values).containsExactly("yes", "plain", "yes too");
        assertThat(chunks.getLast().next()).isEqualTo(41);
    }

    @Test
    void readUncommittedShowsThem() {
        ChunkReader reader = reader(UNCHECKED, OnCorrupt.STOP, 100);
        reader.open(
                mail(List.of(aborted(5, 10)), Batches.ofTransaction(5, 10, "seen"), Batches.marker(5, 11, false)), 10);

        assertThat(all(reader)).flatExtracting(ChunkReaderTest::values).containsExactly("seen");
    }

    @Test
    void onlyCompressedBatchesCountAsDecompressed() {
        ChunkReader reader = reader(CHECKED, OnCorrupt.STOP, 1);
        reader.open(mail(Batches.at(10, "plain"), Batches.at(11, Compression.GZIP, "z".repeat(1_000))), 10);

        reader.next();
        assertThat(reader.decompressedBytes()).isZero();
        reader.next();
        assertThat(reader.decompressedBytes()).isGreaterThanOrEqualTo(1_000);
    }

    private static ChunkReader reader(FetchConfig config, OnCorrupt onCorrupt, int maxRecords) {
        return new ChunkReader(PARTITION, 1, config, onCorrupt, maxRecords);
    }

    private static Mail.Batches mail(ByteBuffer... batches) {
        return mail(List.of(), batches);
    }

    private static Mail.Batches mail(List<AbortedTransaction> aborted, ByteBuffer... batches) {
        ByteBuffer records = Batches.join(batches);
        return new Mail.Batches(0, RecordBatches.split(records), records.remaining(), aborted, AnswerMemory.Lease.NONE);
    }

    private static AbortedTransaction aborted(long producer, long firstOffset) {
        return AbortedTransaction.builder()
                .producerId(producer)
                .firstOffset(firstOffset)
                .build();
    }

    private static List<Chunk> all(ChunkReader reader) {
        List<Chunk> chunks = new ArrayList<>();
        for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    private static List<String> values(Chunk chunk) {
        return chunk.records().stream()
                .map(ConsumedRecord::value)
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .toList();
    }
}
