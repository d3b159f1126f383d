package dev.kafkaloom.storage;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every storage promises of what is stored and what is skipped, and what its tests have at hand. */
@Timeout(60)
public abstract class AppendContract {
    protected static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    protected static final TopicPartition BILLS = new TopicPartition("bills", 3);
    protected static final Uuid ID = Uuid.random();
    protected static final Duration SOON = Duration.ofSeconds(5);
    protected static final Duration NOT = Duration.ofMillis(50);
    private static final long NO_LIMIT = 10_000_000;

    protected final Scope scope = Scope.open("storage-test");
    private Storage storage;

    /**
     * Opens the storage of this test; after a close of the one before, it has what that one had.
     *
     * @param limitRecords most records
     */
    protected abstract Storage open(long limitRecords) throws Exception;

    @AfterEach
    void closeAll() {
        if (storage != null) {
            storage.close();
        }
        scope.close();
    }

    /** The storage, opened when it is asked for first. */
    protected final Storage storage() throws Exception {
        return storage(NO_LIMIT);
    }

    protected final Storage storage(long limit) throws Exception {
        if (storage == null) {
            storage = open(limit);
            storage.owned(List.of(ORDERS, BILLS), true);
        }
        return storage;
    }

    /** Closes it, as if the program ended, and opens it again. */
    protected final Storage reopened() throws Exception {
        storage.close();
        storage = null;
        return storage();
    }

    @Test
    void storesOnceWhatIsReadTwice() throws Exception {
        append(range(ORDERS, 1, 0, 10));

        long mark = append(range(ORDERS, 2, 5, 15, 5)); // committed was 5 when the program died

        assertThat(mark).isEqualTo(15);
        assertThat(takeAllOffsets(100)).containsExactlyElementsOf(offsets(0, 15));
        assertThat(storage().stats().skipped()).isEqualTo(5);
    }

    @Test
    void storesOnceWhatIsReadAgainAfterARestart() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        reopened();

        append(range(ORDERS, 1, 0, 10));

        assertThat(takeAllOffsets(100)).containsExactlyElementsOf(offsets(0, 10));
    }

    @Test
    void remembersWhatItHadAfterAllOfItIsDone() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        try (Lease lease = take()) {
            finish(lease);
        }
        reopened();

        append(range(ORDERS, 1, 0, 10));

        assertThat(storage().take(10, NOT)).isNull();
    }

    @Test
    void storesAgainWhatAGroupWasResetTo() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(ORDERS, 1, 10, 20, 10));
        reopened();

        append(range(ORDERS, 1, 4, 8, 4)); // below the committed 10

        assertThat(takeAllOffsets(100)).hasSize(24).endsWith(4L, 5L, 6L, 7L);
    }

    @Test
    void storesAgainWhatASeekWentBackTo() throws Exception {
        append(range(ORDERS, 1, 0, 10));

        append(range(ORDERS, 1, 3, 6));

        assertThat(takeAllOffsets(100)).hasSize(13).endsWith(3L, 4L, 5L);
    }

    @Test
    void goesOnBehindAGapThatASeekMade() throws Exception {
        append(range(ORDERS, 1, 0, 10));

        assertThat(append(range(ORDERS, 1, 50, 55))).isEqualTo(55);

        assertThat(takeAllOffsets(100)).hasSize(15).endsWith(50L, 51L, 52L, 53L, 54L);
    }

    @Test
    void goesOnWhereAnotherOwnerLeftThePartition() throws Exception {
        append(range(ORDERS, 1, 0, 10));

        assertThat(append(range(ORDERS, 2, 500, 510, 500))).isEqualTo(510);

        assertThat(takeAllOffsets(100)).hasSize(20);
    }

    @Test
    void takesATopicMadeAnewForAnotherOne() throws Exception {
        append(range(ORDERS, 1, 0, 10));

        storage().append(Uuid.random(), range(ORDERS, 2, 0, 4), () -> true);

        assertThat(takeAllOffsets(100)).hasSize(14);
    }

    protected final long append(RecordRange range) throws Exception {
        return storage().append(ID, range, () -> true);
    }

    protected final Lease take() throws Exception {
        Lease lease = storage().take(1000, SOON);
        assertThat(lease).isNotNull();
        return lease;
    }

    protected static void finish(Lease lease) {
        for (ConsumedRecord record : lease.records()) {
            assertThat(lease.done(record.offset())).isTrue();
        }
    }

    /** Takes and finishes all there is, in leases of at most so many records. */
    protected final List<Long> takeAllOffsets(int max) throws Exception {
        return takeOffsets(max, storage().stats().size());
    }

    protected final List<Long> takeOffsets(int max, long count) throws Exception {
        List<Long> offsets = new ArrayList<>();
        while (offsets.size() < count) {
            try (Lease lease = storage.take(max, SOON)) {
                assertThat(lease).as("a lease after %s", offsets).isNotNull();
                lease.records().forEach(record -> offsets.add(record.offset()));
                finish(lease);
            }
        }
        await().atMost(SOON)
                .pollDelay(Duration.ZERO)
                .until(() -> storage.stats().leased() == 0);
        return offsets;
    }

    protected static List<Long> offsets(long first, long next) {
        return range(ORDERS, 1, first, next).records().stream()
                .map(ConsumedRecord::offset)
                .toList();
    }
}
