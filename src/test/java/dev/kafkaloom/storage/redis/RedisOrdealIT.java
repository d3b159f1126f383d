package dev.kafkaloom.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is lost and nothing overtakes, whoever comes, goes or is killed. */
@Tag("chaos")
@Timeout(300)
@ExtendWith(Evidence.class)
class RedisOrdealIT {
    @TempDir
    Path dir;

    @Test
    void everythingIsProcessedInOrderWhoeverIsKilled() throws Exception {
        long seed = Long.getLong("ordeal.seed", System.nanoTime());
        int seconds = Integer.getInteger("ordeal.seconds", 40);
        try (RedisProcess redis = RedisProcess.start(dir);
                Scope scope = Scope.open("ordeal")) {
            RedisOrdeal ordeal = new RedisOrdeal(redis, "ordeal", scope, seed, 6, seconds * 3000);

            List<String> wrongs = ordeal.run(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 120));

            System.out.println("seed " + seed + ": " + ordeal.processed + " processed of " + 6 * seconds * 3000 + ", "
                    + ordeal.backs + " times back");
            assertThat(wrongs).as("seed %s", seed).isEmpty();
        }
    }
}
