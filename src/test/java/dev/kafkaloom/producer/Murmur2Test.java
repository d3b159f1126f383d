package dev.kafkaloom.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class Murmur2Test {
    @Test
    void keysHashAndLandWhereTheJavaClientPutsThem() {
        Random random = new Random(11);
        for (int round = 0; round < 10_000; round++) {
            byte[] key = new byte[random.nextInt(40)];
            random.nextBytes(key);
            int partitions = 1 + random.nextInt(100);
            assertThat(Murmur2.hash(key)).isEqualTo(Utils.murmur2(key));
            assertThat(Murmur2.partition(key, partitions))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
        }
    }
}
