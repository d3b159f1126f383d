package dev.kafkaloom.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.storage.StoredRecords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 3);

    @Test
    void keepsEverythingButThePartitionAndTheCount() {
        List<ConsumedRecord> records = new ArrayList<>(
                StoredRecords.range(ORDERS, 0, 1L << 50, (1L << 50) + 20).records());
        records.add(
                new ConsumedRecord(ORDERS, Long.MAX_VALUE, -1, TimestampType.NONE, null, null, List.of(), 1, -1, 0));
        records.addFirst(new ConsumedRecord(
                ORDERS,
                0,
                Long.MAX_VALUE,
                TimestampType.LOG_APPEND_TIME,
                new byte[0],
                new byte[100_000],
                List.of(new Header("", null), new Header("ä", new byte[] {0})),
                1,
                Integer.MAX_VALUE,
                0));

        List<ConsumedRecord> back = Chunk.decode(ORDERS, Chunk.encode(records), 1);

        assertThat(back).usingRecursiveComparison().isEqualTo(records);
    }

    @Test
    void saysWhichDeliveryItIs() {
        byte[] bytes = Chunk.encode(StoredRecords.range(ORDERS, 0, 0, 3).records());

        assertThat(Chunk.decode(ORDERS, bytes, 4)).allMatch(record -> record.deliveryCount() == 4);
    }

    @Test
    void noSpoiledByteIsBelieved() {
        byte[] good = Chunk.encode(StoredRecords.range(ORDERS, 0, 0, 5).records());
        for (int i = 0; i < good.length; i++) {
            byte[] spoiled = good.clone();
            spoiled[i] ^= 0x10;
            assertThatThrownBy(() -> Chunk.decode(ORDERS, spoiled, 1)).isInstanceOf(KafkaException.class);
            byte[] cut = Arrays.copyOf(good, i);
            assertThatThrownBy(() -> Chunk.decode(ORDERS, cut, 1)).isInstanceOf(KafkaException.class);
        }
    }

    @Test
    void rubbishIsAnErrorAndNothingElse() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] rubbish = new byte[random.nextInt(200)];
            random.nextBytes(rubbish);
            assertThatThrownBy(() -> Chunk.decode(ORDERS, rubbish, 1)).isInstanceOf(KafkaException.class);
        }
    }
}
