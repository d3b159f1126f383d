package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.TimestampType;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecordTimesTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final RecordTimes times = new RecordTimes();

    /** Offsets [first, next), each written 10 ms after the one before, offset 0 at 1000. */
    private static List<ConsumedRecord> records(long first, long next) {
        return LongStream.range(first, next)
                .mapToObj(offset -> record(offset, 1000 + 10 * offset))
                .toList();
    }

    private static ConsumedRecord record(long offset, long timestamp) {
        return new ConsumedRecord(
                ORDERS, offset, timestamp, TimestampType.CREATE_TIME, null, new byte[0], List.of(), 1, -1, 1);
    }

    @Test
    void isTheTimestampOfTheFirstRecordThatIsNotDone() {
        times.handedOut(records(0, 8), 8, 0);
        times.handedOut(records(8, 16), 16, 0);
        assertThat(times.behindSince(0)).isEqualTo(1000);
        assertThat(times.behindSince(3)).isEqualTo(1030);
        assertThat(times.behindSince(8)).isEqualTo(1080);
    }

    @Test
    void isNeverYoungerThanTheOldestAndAtMostAnEighthOfAChunkOlder() {
        times.handedOut(records(0, 800), 800, 0);
        for (long done = 0; done < 800; done += 7) {
            assertThat(times.behindSince(done)).isBetween(1000 + 10 * (done - 100), 1000 + 10 * done);
        }
    }

    @Test
    void whatWasNotHandedOutYetIsAtLeastAsYoungAsTheLastThatWas() {
        times.handedOut(records(0, 10), 12, 0);
        assertThat(times.behindSince(12)).isEqualTo(1090);
    }

    @Test
    void whatComesAfterAQuietTimeIsNotAsOldAsTheRecordBeforeIt() {
        times.handedOut(records(0, 10), 10, 0);
        times.caughtUp(500_000);
        assertThat(times.behindSince(10)).isEqualTo(500_000);
    }

    @Test
    void nobodyKnowsBeforeAnythingWasHandedOutNorAfterAMove() {
        assertThat(times.behindSince(0)).isEqualTo(RecordTimes.UNKNOWN);
        times.handedOut(records(0, 10), 10, 0);
        times.moved();
        assertThat(times.behindSince(3)).isEqualTo(RecordTimes.UNKNOWN);
    }

    @Test
    void aRecordWithoutATimestampIsAsOldAsItsArrival() {
        long before = System.currentTimeMillis();
        times.handedOut(List.of(record(0, -1)), 1, 0);
        assertThat(times.behindSince(0)).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void marksOfWhatIsDoneAreForgottenThoughNobodyAsks() {
        for (long first = 0; first < 100_000; first += 100) {
            times.handedOut(records(first, first + 100), first + 100, first);
        }
        assertThat(times)
                .extracting("marks")
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.COLLECTION)
                .hasSizeLessThan(100);
    }

    @Test
    void secondsBehindAreThoseOfTheOldestRecordThatIsNotDone() {
        Instant now = Instant.ofEpochMilli(10_000);
        assertThat(snapshot(50, 50, 1000).secondsBehind(now)).isZero();
        assertThat(snapshot(50, 40, 7500).secondsBehind(now)).isEqualTo(2.5);
        assertThat(snapshot(50, 40, 99_000).secondsBehind(now)).isZero();
        assertThat(snapshot(50, 40, -1).secondsBehind(now)).isNaN();
        assertThat(snapshot(-1, 40, 7500).secondsBehind(now)).isNaN();
    }

    private static PartitionSnapshot snapshot(long end, long done, long behindSince) {
        return new PartitionSnapshot(ORDERS, 50, end, 0, 0, 0, 0, false, 0, List.of(), done, behindSince, "fetching");
    }
}
