package dev.kafkaloom.storage.redis;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that is killed, forgets, stands still. */
@Timeout(60)
@ExtendWith(Evidence.class)
class RedisGoneIT {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration NOT = Duration.ofMillis(200);

    @TempDir
    Path dir;

    private final Scope scope = Scope.open("gone");
    private RedisProcess redis;
    private RedisStorage storage;

    @BeforeEach
    void start() throws Exception {
        redis = RedisProcess.start(dir, "--appendfsync", "always"); // with everysec, a write may wait for a slow fsync
        open(Duration.ofSeconds(3));
    }

    @AfterEach
    void stop() {
        storage.close();
        scope.close();
        redis.close();
    }

    private void open(Duration lease) throws Exception {
        storage = RedisStorage.open(SharedRedisIT.config(redis, "g", lease), scope);
        storage.owned(List.of(ORDERS), true);
    }

    private long append(RecordRange range) throws InterruptedException {
        return storage.append(Uuid.ZERO, range, () -> true);
    }

    private void awaitTrouble(boolean some) {
        await().atMost(SOON).until(() -> storage.stats().trouble().isPresent() == some);
    }

    private static List<Long> offsets(long from, long next) {
        return range(ORDERS, 1, from, next).records().stream()
                .map(ConsumedRecord::offset)
                .toList();
    }

    @Test
    void anAppendWaitsUntilRedisIsBack() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        redis.kill();
        AtomicLong mark = new AtomicLong();
        Coroutine append = scope.go("append", () -> mark.set(append(range(ORDERS, 1, 10, 20))));
        awaitTrouble(true);
        assertThat(storage.take(10, NOT)).isNull();
        assertThat(append.join(NOT)).isFalse();

        redis.restart();

        assertThat(append.join(SOON)).isTrue();
        assertThat(mark).hasValue(20);
        awaitTrouble(false);
        assertThat(SharedRedisIT.takeAll(storage, 20)).containsExactlyElementsOf(offsets(0, 20));
    }

    @Test
    void whatWasDoneWhileRedisWasGoneIsNotHandedOutAgain() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(ORDERS, 1, 10, 20));
        Lease lease = storage.take(10, SOON);
        redis.kill();
        awaitTrouble(true);
        lease.records()
                .forEach(record -> assertThat(lease.done(record.offset())).isTrue());
        lease.close();

        redis.restart();

        assertThat(SharedRedisIT.takeAll(storage, 10)).containsExactlyElementsOf(offsets(10, 20));
        assertThat(storage.take(10, NOT)).isNull();
    }

    @Test
    void whatWasInHandWhenRedisEndedIsHandedOutAgain() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        Lease lease = storage.take(10, SOON);
        assertThat(lease.done(0)).isTrue();
        redis.kill();
        redis.restart();
        await().atMost(SOON).until(() -> !lease.isValid());

        Lease again = storage.take(10, SOON);

        assertThat(again.records()).extracting(ConsumedRecord::offset).containsExactlyElementsOf(offsets(1, 10));
        assertThat(again.records().getFirst().deliveryCount()).isEqualTo(2);
    }

    @Test
    void aForgottenTailIsReadAgain() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        forgetEverythingBut(() -> append(range(ORDERS, 1, 10, 20)));

        long mark = append(range(ORDERS, 1, 20, 30));

        assertThat(mark).isEqualTo(10);
        assertThat(storage.stats().lost()).isEqualTo(10);
        assertThat(append(range(ORDERS, 1, 10, 30))).isEqualTo(30);
        assertThat(SharedRedisIT.takeAll(storage, 30)).containsExactlyElementsOf(offsets(0, 30));
    }

    @Test
    void aForgottenTailIsReadAgainByTheNextOwner() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        forgetEverythingBut(() -> append(range(ORDERS, 1, 10, 20)));
        storage.close();
        open(Duration.ofSeconds(3));

        assertThat(append(range(ORDERS, 2, 20, 30, 20))).isEqualTo(10);

        assertThat(append(range(ORDERS, 2, 10, 20, 20))).isEqualTo(20);
    }

    @Test
    void aForgottenTailIsToldThoughNothingMoreComes() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        forgetEverythingBut(() -> append(range(ORDERS, 1, 10, 20)));
        awaitTrouble(false);

        await().atMost(SOON).until(() -> storage.lostSince(ORDERS, 20).equals(OptionalLong.of(10)));

        assertThat(storage.lostSince(ORDERS, 20)).isEmpty();
        assertThat(append(range(ORDERS, 1, 10, 20))).isEqualTo(20);
        assertThat(SharedRedisIT.takeAll(storage, 20)).containsExactlyElementsOf(offsets(0, 20));
    }

    @Test
    void nothingIsLostWhereNothingIsForgotten() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        redis.kill();
        redis.restart();
        append(range(ORDERS, 1, 10, 20));

        assertThat(storage.lostSince(ORDERS, 20)).isEmpty();
        assertThat(storage.stats().lost()).isZero();
    }

    @Test
    void whenEverythingIsForgottenWhatWasNotDoneIsReadAgain() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(ORDERS, 1, 10, 20));
        redis.kill();
        Files.delete(log());
        redis.restart();

        assertThat(append(range(ORDERS, 1, 20, 30))).isZero();

        assertThat(append(range(ORDERS, 1, 0, 30))).isEqualTo(30);
        assertThat(SharedRedisIT.takeAll(storage, 30)).containsExactlyElementsOf(offsets(0, 30));
    }

    /** An append whose answer does not come may be done all the same, when the server wakes up. */
    @Test
    void anAppendWhoseAnswerIsLostIsStoredOnce() throws Exception {
        append(range(ORDERS, 1, 100, 110));
        redis.suspend();
        Coroutine append =
                scope.go("append", () -> append(range(ORDERS, 1, 50, 60))); // a seek: not told by its offsets
        awaitTrouble(true);

        redis.resume();

        assertThat(append.join(SOON)).isTrue();
        assertThat(SharedRedisIT.takeAll(storage, 20))
                .containsExactlyElementsOf(
                        java.util.stream.Stream.concat(offsets(100, 110).stream(), offsets(50, 60).stream())
                                .toList());
        assertThat(storage.take(10, NOT)).isNull();
    }

    /** It may be done all the same; what it took is in nobody's hands then. */
    @Test
    void whatATakeWithALostAnswerTookIsHandedOutAgainInItsPlace() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(ORDERS, 1, 10, 20));
        redis.suspend();
        assertThat(storage.take(10, Duration.ofMillis(1500))).isNull();

        redis.resume();

        assertThat(SharedRedisIT.takeAll(storage, 20)).containsExactlyElementsOf(offsets(0, 20));
        await().atMost(SOON).until(() -> storage.stats().size() == 0);
    }

    @Test
    void aLeaseThatCouldNotBeRenewedDoesNotHoldAgain() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        Lease lease = storage.take(10, SOON);
        redis.suspend();
        await().atMost(SOON).until(() -> !lease.isValid());

        redis.resume();

        Lease again = storage.take(10, SOON);
        assertThat(again.records().getFirst().deliveryCount()).isEqualTo(2);
        assertThat(lease.isValid()).isFalse();
        assertThat(lease.done(0)).isFalse();
        assertThat(again.isValid()).isTrue();
    }

    @Test
    void aServerThatIsNotThereIsAnErrorAtTheStart() throws Exception {
        redis.kill();
        StorageConfig.RedisServer locked = new StorageConfig.RedisServer(
                "POOL_REDIS_0", "127.0.0.1", redis.port(), "", "hunter2", 0, false, 4, 4, 0);
        StorageConfig.Redis config =
                new StorageConfig.Redis(locked, "g", "pending", "processing", 1000, 10, Duration.ofSeconds(3), 0);

        assertThatThrownBy(() -> RedisStorage.open(config, scope, Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("POOL_REDIS_0 (127.0.0.1:" + redis.port() + "/0)")
                .hasMessageNotContaining("hunter2");
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Kills the server and starts it with the data it had before the work. */
    private void forgetEverythingBut(Work work) throws Exception {
        Path copy = dir.resolve("copy.aof");
        Files.copy(log(), copy);
        work.run();
        redis.kill();
        Files.move(copy, log(), StandardCopyOption.REPLACE_EXISTING);
        redis.restart();
    }

    private Path log() {
        return dir.resolve("appendonly.aof");
    }
}
