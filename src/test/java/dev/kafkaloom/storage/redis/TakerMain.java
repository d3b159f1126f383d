package dev.kafkaloom.storage.redis;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageConfig.RedisServer;
import dev.kafkaloom.storage.StoredRecords;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A daemon that stores and takes records, and then hangs until its standard input ends: port, group. */
final class TakerMain {
    private TakerMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        RedisServer server =
                new RedisServer("POOL_REDIS_0", "127.0.0.1", Integer.parseInt(arguments[0]), "", "", 0, false, 4, 4, 0);
        StorageConfig.Redis config = new StorageConfig.Redis(
                server, arguments[1], "pending", "processing", 1000, 10, Duration.ofMinutes(5), 0);
        TopicPartition orders = new TopicPartition("orders", 0);
        try (Scope scope = Scope.open("taker");
                RedisStorage storage = RedisStorage.open(config, scope)) {
            storage.owned(List.of(orders), true);
            storage.append(Uuid.ZERO, StoredRecords.range(orders, 1, 0, 20), () -> true);
            try (Lease lease = storage.take(10, Duration.ofSeconds(10))) {
                System.out.println("taken " + lease.records().size());
                while (System.in.read() >= 0) {}
            }
        }
    }
}
