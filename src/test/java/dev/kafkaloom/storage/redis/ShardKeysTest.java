package dev.kafkaloom.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.StorageConfig;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShardKeysTest {
    private static StorageConfig.Redis config(String group) {
        return new StorageConfig.Redis(
                new StorageConfig.RedisServer("POOL_REDIS_0", "redis", 6379, "", "", 0, false, 4, 4, 0),
                group,
                "app:pending",
                "app:processing",
                1000,
                500,
                Duration.ofSeconds(30),
                0);
    }

    @Test
    void allKeysOfAShardAreInOneSlot() {
        for (String group : List.of("g", "a{b}c", "}{", "{}", "%7B")) {
            ShardKeys keys = ShardKeys.of(config(group), new TopicPartition("orders", 7));

            assertThat(Arrays.stream(keys.keys()).map(SlotHash::getSlot).collect(Collectors.toSet()))
                    .as(group)
                    .hasSize(1);
        }
    }

    @Test
    void shardsAreSpreadOverTheSlots() {
        assertThat(java.util.stream.IntStream.range(0, 100)
                        .map(i -> SlotHash.getSlot(ShardKeys.of(config("g"), new TopicPartition("orders", i))
                                .keys()[0]))
                        .distinct()
                        .count())
                .isGreaterThan(90);
    }

    @Test
    void aTagNamesItsPartition() {
        TopicPartition partition = new TopicPartition("or.ders-1", 42);
        StorageConfig.Redis config = config("a:{b}");

        assertThat(ShardKeys.partition(config, ShardKeys.of(config, partition).tag()))
                .isEqualTo(partition);
        assertThat(ShardKeys.partition(config, "another:orders:1")).isNull();
        assertThat(ShardKeys.partition(config, "a:%7Bb%7D:orders:x")).isNull();
    }

    @Test
    void theKeysAreThoseOfTheSettings() {
        ShardKeys keys = ShardKeys.of(config("g"), new TopicPartition("orders", 7));

        assertThat(keys.name()).isEqualTo("app:pending:{g:orders:7}");
        assertThat(new String(keys.keys()[3], java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("app:processing:{g:orders:7}");
    }
}
