package dev.kafkaloom.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.StoredRecords;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeasedChunkTest {
    private static final byte[] NOTHING = {};

    private static List<ConsumedRecord> records(long... offsets) {
        List<ConsumedRecord> records = new ArrayList<>();
        for (long offset : offsets) {
            records.add(StoredRecords.record(new TopicPartition("orders", 0), offset, 1));
        }
        return records;
    }

    @Test
    void whatIsDoneIsLeftOutOfTheNextDelivery() {
        LeasedChunk first = new LeasedChunk(NOTHING, records(3, 4, 9, 20), NOTHING);
        assertThat(first.done(4)).isTrue();
        assertThat(first.done(20)).isTrue();
        List<byte[]> said = new ArrayList<>();
        first.write(said, NOTHING, true);

        LeasedChunk second = new LeasedChunk(NOTHING, records(3, 4, 9, 20), acked(said));

        assertThat(second.left()).extracting(ConsumedRecord::offset).containsExactly(3L, 9L);
        assertThat(second.undone()).isEqualTo(2);
        assertThat(second.hasNews()).isFalse();
    }

    private static byte[] acked(List<byte[]> said) {
        byte[] count = said.get(2);
        byte[] bits = said.get(3);
        byte[] acked = new byte[count.length + 1 + bits.length];
        System.arraycopy(count, 0, acked, 0, count.length);
        acked[count.length] = ':';
        System.arraycopy(bits, 0, acked, count.length + 1, bits.length);
        return acked;
    }

    @Test
    void aRecordIsDoneOnceAndOnlyWhenItIsOneOfThem() {
        LeasedChunk chunk = new LeasedChunk(NOTHING, records(3, 4, 9), NOTHING);

        assertThat(chunk.done(9)).isTrue();
        assertThat(chunk.done(9)).isFalse();
        assertThat(chunk.done(5)).isFalse();
        assertThat(chunk.done(2)).isFalse();
        assertThat(chunk.done(10)).isFalse();
        assertThat(chunk.isDone()).isFalse();
        assertThat(chunk.done(3) && chunk.done(4)).isTrue();
        assertThat(chunk.isDone()).isTrue();
    }

    @Test
    void bitsBeyondItsRecordsAreNotBelieved() {
        LeasedChunk chunk = new LeasedChunk(NOTHING, records(3, 4), new byte[] {'9', ':', (byte) 0xFE, 1});

        assertThat(chunk.left()).extracting(ConsumedRecord::offset).containsExactly(3L);
    }
}
