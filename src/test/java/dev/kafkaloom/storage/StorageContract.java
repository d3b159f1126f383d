package dev.kafkaloom.storage;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.record.TimestampType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What every storage promises, whatever it is made of. */
public abstract class StorageContract extends AppendContract {
    @Test
    void handsOutWhatWasStored() throws Exception {
        RecordRange range = range(ORDERS, 1, 100, 103);
        append(range);

        Lease lease = take();

        assertThat(lease.partition()).isEqualTo(ORDERS);
        assertThat(lease.isValid()).isTrue();
        assertThat(lease.records())
                .usingRecursiveComparison()
                .ignoringFields("assignmentEpoch")
                .isEqualTo(range.records());
    }

    @Test
    void keepsEverythingOfARecord() throws Exception {
        List<ConsumedRecord> odd = List.of(
                new ConsumedRecord(ORDERS, 5, 1234, TimestampType.LOG_APPEND_TIME, null, null, List.of(), 1, 7, 1),
                new ConsumedRecord(
                        ORDERS,
                        9,
                        1230,
                        TimestampType.LOG_APPEND_TIME,
                        new byte[0],
                        new byte[70_000],
                        List.of(),
                        1,
                        8,
                        1),
                new ConsumedRecord(
                        ORDERS, 11, -1, TimestampType.NONE, new byte[] {0, -1}, new byte[] {1}, List.of(), 1, -1, 1),
                new ConsumedRecord(
                        ORDERS,
                        12,
                        0,
                        TimestampType.CREATE_TIME,
                        null,
                        new byte[] {2},
                        List.of(new Header("a", null), new Header("a", new byte[] {3}), new Header("", new byte[0])),
                        1,
                        -1,
                        1));
        append(new RecordRange(ORDERS, 1, 5, 20, 5, odd));

        List<ConsumedRecord> back = new ArrayList<>();
        while (back.size() < odd.size()) {
            try (Lease lease = reopenedOnce().take(10, SOON)) {
                back.addAll(lease.records());
                finish(lease);
            }
        }

        assertThat(back)
                .usingRecursiveComparison()
                .ignoringFields("assignmentEpoch")
                .isEqualTo(odd);
    }

    private boolean wasReopened;

    private Storage reopenedOnce() throws Exception {
        if (!wasReopened) {
            wasReopened = true;
            return reopened();
        }
        return storage();
    }

    @Test
    void answersTheEndOfWhatItHas() throws Exception {
        assertThat(append(range(ORDERS, 1, 100, 103))).isEqualTo(103);
    }

    @Test
    void handsOutInOffsetOrder() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(ORDERS, 1, 10, 20));

        assertThat(takeAllOffsets(4)).containsExactlyElementsOf(offsets(0, 20));
    }

    @Test
    void doesNotHandOutWhatIsDone() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        try (Lease lease = take()) {
            finish(lease);
        }

        assertThat(storage().take(10, NOT)).isNull();
        assertThat(storage().stats().size()).isZero();
    }

    @Test
    void doesNotHandOutWhatIsDoneAfterARestart() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        try (Lease lease = take()) {
            for (long offset : List.of(0L, 1L, 2L, 5L, 9L)) {
                assertThat(lease.done(offset)).isTrue();
            }
        }
        reopened();

        assertThat(takeAllOffsets(10)).containsExactly(3L, 4L, 6L, 7L, 8L);
    }

    @Test
    void handsOutWhatWasNotDoneAgainFirst() throws Exception {
        append(range(ORDERS, 1, 0, 20));
        try (Lease lease = storage().take(5, SOON)) {
            assertThat(lease.done(1)).isTrue();
        }

        Lease second = storage().take(3, SOON);

        assertThat(second.records()).extracting(ConsumedRecord::offset).startsWith(0L, 2L, 3L);
        assertThat(second.records().getFirst().deliveryCount()).isEqualTo(2);
        assertThat(storage().stats().redelivered()).isPositive();
    }

    @Test
    void countsDeliveriesOverARestart() throws Exception {
        append(range(ORDERS, 1, 0, 3));
        Lease abandoned = take();
        assertThat(abandoned.records().getFirst().deliveryCount()).isEqualTo(1);
        reopened();

        Lease lease = take();

        assertThat(lease.records().getFirst().deliveryCount()).isEqualTo(2);
    }

    @Test
    void givesAPartitionToOneTakerUntilItPassesOn() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(ORDERS, 1, 10, 20));
        Lease first = storage().take(10, SOON);
        assertThat(storage().take(10, NOT)).isNull();

        first.passOn();

        assertThat(storage().take(10, SOON).records().getFirst().offset()).isEqualTo(10);
    }

    @Test
    void givesOtherPartitionsToOthers() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(BILLS, 2, 0, 10));

        List<TopicPartition> taken = List.of(take().partition(), take().partition());

        assertThat(taken).containsExactlyInAnyOrder(ORDERS, BILLS);
    }

    @Test
    void aClosedLeaseAcksNothing() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        Lease lease = take();
        lease.close();

        assertThat(lease.done(0)).isFalse();
        assertThat(lease.isValid()).isFalse();
    }

    @Test
    void wakesATakerWhenSomethingIsStored() throws Exception {
        storage();
        AtomicBoolean got = new AtomicBoolean();
        Coroutine taker = scope.go("taker", () -> got.set(storage().take(10, Duration.ofSeconds(30)) != null));
        append(range(ORDERS, 1, 0, 10));

        assertThat(taker.join(SOON)).isTrue();
        assertThat(got).isTrue();
    }

    @Test
    void waitsForRoom() throws Exception {
        storage(20);
        append(range(ORDERS, 1, 0, 20));
        AtomicLong end = new AtomicLong(-1);
        Coroutine appender = scope.go("appender", () -> end.set(append(range(ORDERS, 1, 20, 25))));
        assertThat(appender.join(NOT)).isFalse();

        try (Lease lease = storage().take(20, SOON)) {
            finish(lease);
        }

        assertThat(appender.join(SOON)).isTrue();
        assertThat(end).hasValue(25);
        assertThat(takeAllOffsets(20)).containsExactlyElementsOf(offsets(20, 25));
    }

    @Test
    void storesAStretchLargerThanTheLimitPieceByPiece() throws Exception {
        storage(20);
        Coroutine appender = scope.go("appender", () -> append(range(ORDERS, 1, 0, 100)));

        assertThat(takeOffsets(10, 100)).containsExactlyElementsOf(offsets(0, 100));
        assertThat(appender.join(SOON)).isTrue();
    }

    @Test
    void stopsWaitingWhenThePartitionIsGivenBack() throws Exception {
        storage(20);
        append(range(ORDERS, 1, 0, 20));
        AtomicBoolean wanted = new AtomicBoolean(true);
        Coroutine appender = scope.go("appender", () -> storage().append(ID, range(ORDERS, 1, 20, 25), wanted::get));
        assertThat(appender.join(NOT)).isFalse();

        wanted.set(false);

        assertThat(appender.join(SOON)).isTrue();
        assertThat(appender.state()).isEqualTo(Coroutine.State.CANCELLED);
        assertThat(takeAllOffsets(100)).hasSize(20);
    }

    @Test
    void retransmitTakesRecordsFromTheLiving() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        Lease lost = take();
        assertThat(lost.done(0)).isTrue();

        long count = storage().retransmit(true);

        assertThat(count).isEqualTo(9);
        assertThat(lost.isValid()).isFalse();
        assertThat(lost.done(1)).isFalse();
        Lease again = take();
        assertThat(again.token()).isNotEqualTo(lost.token());
        assertThat(again.records().getFirst().offset()).isEqualTo(1);
        assertThat(again.records().getFirst().deliveryCount()).isEqualTo(2);
    }

    @Test
    void retransmitPutsRecordsBackInOffsetOrder() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(ORDERS, 1, 10, 20));
        append(range(ORDERS, 1, 20, 30));
        Lease first = storage().take(10, SOON);
        first.passOn();
        storage().take(10, SOON).passOn();

        storage().retransmit(true);

        assertThat(takeAllOffsets(100)).containsExactlyElementsOf(offsets(0, 30));
    }

    @Test
    void retransmitLeavesTheLivingAlone() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        Lease held = take();

        assertThat(storage().retransmit(false)).isZero();
        assertThat(held.isValid()).isTrue();
    }

    @Test
    void clearThrowsEverythingAway() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(ORDERS, 1, 10, 20));
        Lease lease = storage().take(10, SOON);

        assertThat(storage().clear(false)).isEqualTo(20);

        assertThat(lease.isValid()).isFalse();
        assertThat(storage().stats().size()).isZero();
        assertThat(reopened().take(10, NOT)).isNull();
    }

    @Test
    void clearOfWhatIsLeasedLeavesTheRest() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(ORDERS, 1, 10, 20));
        storage().take(10, SOON);

        assertThat(storage().clear(true)).isEqualTo(10);

        assertThat(takeAllOffsets(100)).containsExactlyElementsOf(offsets(10, 20));
    }

    @Test
    void drainsWhenEverythingIsDone() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        Coroutine sinker = scope.go("sinker", () -> takeAllOffsets(3));

        assertThat(storage().drain(List.of(ORDERS), Duration.ofSeconds(20))).isTrue();
        assertThat(sinker.join(SOON)).isTrue();
    }

    @Test
    void tellsWhatItHas() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(BILLS, 2, 7, 10));
        Lease lease = take();

        StorageStats stats = storage().stats();

        assertThat(stats.size()).isEqualTo(13);
        assertThat(stats.leased()).isEqualTo(lease.records().size());
        assertThat(stats.appended()).isEqualTo(13);
        assertThat(stats.trouble()).isEmpty();
        assertThat(stats.partitions())
                .extracting(StorageStats.PartitionStats::partition)
                .containsExactlyInAnyOrder(ORDERS, BILLS);
        assertThat(stats.partitions())
                .filteredOn(p -> p.partition().equals(BILLS))
                .singleElement()
                .satisfies(bills -> {
                    assertThat(bills.mark()).isEqualTo(10);
                    assertThat(bills.pending() + bills.leased()).isEqualTo(3);
                });
    }

    @Test
    void showsTheOldestOfEachPartition() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(BILLS, 2, 7, 10));

        List<StoredRecord> seen = storage().peek(4);

        assertThat(seen).hasSize(4);
        assertThat(seen)
                .filteredOn(each -> each.record().partition().equals(BILLS))
                .extracting(each -> each.record().offset())
                .startsWith(7L);
        assertThat(seen).allSatisfy(each -> assertThat(each.where()).isNotBlank());
    }

    @Test
    void storesNothingOnceItIsClosed() throws Exception {
        Storage closed = storage();
        closed.close();

        assertThatThrownBy(() -> append(range(ORDERS, 1, 0, 10))).isInstanceOf(InterruptedException.class);
        assertThat(closed.take(1, NOT)).isNull();
    }
}
