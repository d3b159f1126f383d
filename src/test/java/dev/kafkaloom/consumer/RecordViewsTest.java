package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.RecordBatches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RecordViewsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final ChunkReader reader = new ChunkReader(PARTITION, 7, FetchConfig.DEFAULT, OnCorrupt.STOP, 2);

    @Test
    void goesAcrossBatchesFromThePositionOn() {
        open(11, Batches.at(10, "a", "b", "c"), Batches.at(20, Compression.LZ4, "d", "e"));

        RecordViews views = reader.nextViews();

        assertThat(values(views)).containsExactly("11 b", "12 c", "20 d", "21 e");
        views.finish();
        assertThat(views.first()).isEqualTo(11);
        assertThat(views.position()).isEqualTo(22);
        assertThat(views.count()).isEqualTo(4);
        assertThat(views.bytes()).isEqualTo(4);
        assertThat(reader.nextViews()).isNull();
    }

    @Test
    void aCopyIsWhatTheOtherHandlersGet() {
        open(10, Batches.at(10, "a"));
        RecordViews views = reader.nextViews();
        views.next();

        var copy = views.copy();

        assertThat(copy.partition()).isEqualTo(PARTITION);
        assertThat(copy.offset()).isEqualTo(10);
        assertThat(copy.value()).isEqualTo(new byte[] {'a'});
        assertThat(copy.assignmentEpoch()).isEqualTo(7);
    }

    @Test
    void whatTheHandlerDidNotLookAtIsPassedOver() {
        open(10, Batches.at(10, "a", "b"), Batches.at(12, "c"));
        RecordViews views = reader.nextViews();
        views.next();

        views.finish();

        assertThat(views.position()).isEqualTo(13);
        assertThat(reader.nextViews()).isNull();
    }

    @Test
    void aRangeWithoutRecordsIsEmpty() {
        FetchConfig unchecked = new FetchConfig(
                1, Duration.ZERO, 1 << 20, 1 << 20, 1 << 20, false, IsolationLevel.READ_UNCOMMITTED, "");
        ChunkReader lenient = new ChunkReader(PARTITION, 7, unchecked, OnCorrupt.STOP, 2);
        lenient.open(mail(Batches.at(10, "a").putInt(23, 4)), 12); // compaction took what was behind it

        RecordViews views = lenient.nextViews();

        assertThat(views.isEmpty()).isTrue();
        assertThat(views.first()).isEqualTo(12);
        assertThat(views.position()).isEqualTo(15);
        assertThat(lenient.nextViews()).isNull();
    }

    @Test
    void theRangeEndsBeforeADamagedBatch() {
        ByteBuffer damaged = Batches.at(12, "xxxx");
        damaged.put(damaged.limit() - 3, (byte) 'y');
        open(10, Batches.at(10, "a", "b"), damaged);

        RecordViews views = reader.nextViews();
        assertThat(values(views)).containsExactly("10 a", "11 b");
        views.finish();

        assertThat(views.position()).isEqualTo(12);
        assertThatThrownBy(reader::nextViews).isInstanceOf(KafkaException.class).hasMessageContaining("t-0");
    }

    @Test
    void whatWasNotLookedAtIsCheckedAllTheSame() {
        ByteBuffer damaged = Batches.at(12, "xxxx");
        damaged.put(damaged.limit() - 3, (byte) 'y');
        open(10, Batches.at(10, "a", "b"), damaged);

        RecordViews views = reader.nextViews();
        views.finish();

        assertThat(views.position()).isEqualTo(12);
        assertThatThrownBy(reader::nextViews).isInstanceOf(KafkaException.class);
    }

    @Test
    void aViewIsOfNoUseOnceTheHandlerHasReturned() {
        open(10, Batches.at(10, "a", "b"));
        RecordViews views = reader.nextViews();
        views.next();

        views.finish();

        assertThatThrownBy(views::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("t-0");
        assertThatThrownBy(views::array).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(views::offset).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(views::copy).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherThreadSeesNothing() {
        open(10, Batches.at(10, "a", "b"));
        RecordViews views = reader.nextViews();
        views.next();

        CompletableFuture<byte[]> other = CompletableFuture.supplyAsync(views::array);

        assertThatThrownBy(other::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void thereIsNoRecordBeforeTheFirstAndBehindTheLast() {
        open(10, Batches.at(10, "a"));
        RecordViews views = reader.nextViews();

        assertThatThrownBy(views::offset).isInstanceOf(IllegalStateException.class);
        assertThat(values(views)).hasSize(1);
        assertThatThrownBy(views::offset).isInstanceOf(IllegalStateException.class);
    }

    private void open(long from, ByteBuffer... batches) {
        reader.open(mail(batches), from);
    }

    private static Mail.Batches mail(ByteBuffer... batches) {
        ByteBuffer records = Batches.join(batches);
        return new Mail.Batches(
                0, RecordBatches.split(records), records.remaining(), List.of(), AnswerMemory.Lease.NONE);
    }

    private static List<String> values(RecordViews views) {
        List<String> values = new ArrayList<>();
        while (views.next()) {
            String value =
                    new String(views.array(), views.valuePosition(), views.valueLength(), StandardCharsets.UTF_8);
            values.add(views.offset() + " " + value);
        }
        return values;
    }
}
