package dev.kafkaloom.storage.redis;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.testing.ChildJvm;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several daemons in one Redis. */
@Timeout(60)
@ExtendWith(Evidence.class)
class SharedRedisIT {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration NOT = Duration.ofMillis(100);
    private static final Duration LONG_LEASE = Duration.ofMinutes(5);

    @TempDir
    static Path dir;

    private static RedisProcess redis;

    private final String group = "group-" + UUID.randomUUID();
    private final Scope scope = Scope.open("shared");
    private final List<RedisStorage> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        redis = RedisProcess.start(dir);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @AfterEach
    void closeAll() {
        opened.forEach(RedisStorage::close);
        scope.close();
    }

    static StorageConfig.Redis config(RedisProcess redis, String group, Duration lease) {
        return new StorageConfig.Redis(redis.server(), group, "pending", "processing", 100_000, 10, lease, 0);
    }

    private RedisStorage open(Duration lease) throws Exception {
        RedisStorage storage = RedisStorage.open(config(redis, group, lease), scope);
        opened.add(storage);
        return storage;
    }

    private static void append(RedisStorage storage, RecordRange range) throws InterruptedException {
        assertThat(storage.append(Uuid.ZERO, range, () -> true)).isEqualTo(range.next());
    }

    private static void finish(Lease lease) {
        lease.records()
                .forEach(record -> assertThat(lease.done(record.offset())).isTrue());
        lease.close();
    }

    private static long first(Lease lease) {
        return lease.records().getFirst().offset();
    }

    @Test
    void aPartitionGoesToItsNextOwnerAsSoonAsNothingOfItIsInHand() throws Exception {
        RedisStorage giver = open(LONG_LEASE);
        RedisStorage next = open(LONG_LEASE);
        giver.owned(List.of(ORDERS), true);
        append(giver, range(ORDERS, 1, 0, 20));
        Lease inHand = giver.take(10, SOON);
        inHand.passOn();

        giver.owned(List.of(ORDERS), false);
        next.owned(List.of(ORDERS), true);
        assertThat(giver.take(10, NOT)).isNull();
        assertThat(next.take(10, NOT)).isNull();
        assertThat(inHand.isValid()).isTrue();
        finish(inHand);

        Lease rest = next.take(10, SOON);
        assertThat(first(rest)).isEqualTo(10);
        assertThat(rest.records().getFirst().deliveryCount()).isEqualTo(1);
    }

    @Test
    void theNextOwnerGoesOnWhereTheLastOneEnded() throws Exception {
        RedisStorage giver = open(LONG_LEASE);
        RedisStorage next = open(LONG_LEASE);
        giver.owned(List.of(ORDERS), true);
        append(giver, range(ORDERS, 1, 0, 20));
        giver.owned(List.of(ORDERS), false);
        next.owned(List.of(ORDERS), true);

        append(next, range(ORDERS, 7, 10, 30, 10)); // 10 was committed last

        assertThat(takeAll(next, 30)).containsExactlyElementsOf(offsets(0, 30));
        assertThat(next.stats().skipped()).isEqualTo(10);
    }

    @Test
    void theNextOwnerSeesAResetBelowWhatWasCommittedSinceTheLastAppend() throws Exception {
        RedisStorage giver = open(LONG_LEASE);
        giver.owned(List.of(ORDERS), true);
        append(giver, range(ORDERS, 1, 0, 20));
        giver.committed(ORDERS, 20);
        giver.owned(List.of(ORDERS), false);
        RedisStorage next = open(LONG_LEASE);
        next.owned(List.of(ORDERS), true);

        append(next, range(ORDERS, 7, 5, 10, 5));

        assertThat(takeAll(next, 25)).endsWith(5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void whoLostAPartitionCannotStoreMoreOfIt() throws Exception {
        RedisStorage zombie = open(LONG_LEASE);
        RedisStorage owner = open(LONG_LEASE);
        zombie.owned(List.of(ORDERS), true);
        append(zombie, range(ORDERS, 1, 0, 10));
        owner.owned(List.of(ORDERS), true);
        AtomicBoolean wanted = new AtomicBoolean(true);
        Coroutine append = scope.go("zombie", () -> zombie.append(Uuid.ZERO, range(ORDERS, 1, 0, 99), wanted::get));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(zombie.stats().trouble())
                        .hasValueSatisfying(why -> assertThat(why).contains("belongs to another process")));

        append(owner, range(ORDERS, 2, 10, 20, 10));
        wanted.set(false);

        assertThat(append.join(SOON)).isTrue();
        assertThat(append.state()).isEqualTo(Coroutine.State.CANCELLED);
        assertThat(takeAll(owner, 20)).containsExactlyElementsOf(offsets(0, 20));
    }

    @Test
    void recordsThatNobodyOwnsAreHandedOutAllTheSame() throws Exception {
        RedisStorage gone = open(LONG_LEASE);
        gone.owned(List.of(ORDERS), true);
        append(gone, range(ORDERS, 1, 0, 10));
        gone.close();
        RedisStorage other = open(Duration.ofSeconds(1));

        Lease lease = other.take(10, SOON);

        assertThat(lease.partition()).isEqualTo(ORDERS);
    }

    @Test
    void theDeadAreReplacedAtOnceWhereTheirDeathCanBeSeen() throws Exception {
        try (ChildJvm child = ChildJvm.start(
                TakerMain.class,
                Path.of("target", "redis-taker", group + ".log"),
                List.of(Integer.toString(redis.port()), group))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> child.output().contains("taken"));
            RedisStorage heir = open(LONG_LEASE);
            heir.owned(List.of(ORDERS), true);
            assertThat(heir.take(10, NOT)).isNull();

            child.kill();

            Lease again = heir.take(10, SOON);
            assertThat(first(again)).isZero();
            assertThat(again.records().getFirst().deliveryCount()).isEqualTo(2);
        }
    }

    @Test
    void retransmitTakesFromTheDead() throws Exception {
        RedisStorage storage = open(LONG_LEASE);
        storage.owned(List.of(ORDERS), true);
        append(storage, range(ORDERS, 1, 0, 10));
        Lease lease = storage.take(10, SOON);
        assertThat(storage.retransmit(false)).isZero();
        assertThat(lease.isValid()).isTrue();
        ProcessName me = ProcessName.create();
        ProcessName dead = new ProcessName(me.host(), me.place(), Integer.MAX_VALUE, 1, "dead");
        redis.ask("HSET " + meta() + " holder " + dead.text() + " owner " + dead.text());

        assertThat(storage.retransmit(false)).isEqualTo(10);
    }

    @Test
    void theSilentAreReplacedAfterTheLeaseTimeout() throws Exception {
        Duration lease = Duration.ofSeconds(1);
        RedisStorage storage = open(lease);
        storage.owned(List.of(ORDERS), true);
        append(storage, range(ORDERS, 1, 0, 10));
        storage.close();
        redis.ask("HSET " + meta() + " holder elsewhere/x/1/1/ghost owner elsewhere/x/1/1/ghost");
        long begun = System.nanoTime();
        RedisStorage heir = open(lease);
        heir.owned(List.of(ORDERS), true);

        Lease taken = heir.take(10, SOON);

        assertThat(taken).isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(lease);
    }

    @Test
    void whatWasTakenFromTheLivingCannotBeAckedByThem() throws Exception {
        RedisStorage slow = open(LONG_LEASE);
        slow.owned(List.of(ORDERS), true);
        append(slow, range(ORDERS, 1, 0, 10));
        Lease lease = slow.take(10, SOON);
        RedisStorage other = open(LONG_LEASE);
        await().atMost(SOON).until(() -> other.stats().leased() == 10);

        assertThat(other.retransmit(true)).isEqualTo(10);

        await().atMost(SOON).until(() -> !lease.isValid());
        assertThat(lease.done(0)).isFalse();
        assertThat(takeAll(slow, 10)).containsExactlyElementsOf(offsets(0, 10));
    }

    /** Who does not know yet that a lease is void still says what is done of it. */
    @Test
    void anAckNamesItsLease() throws Exception {
        RedisStorage storage = open(LONG_LEASE);
        storage.owned(List.of(ORDERS), true);
        append(storage, range(ORDERS, 1, 0, 10));
        Lease lease = storage.take(10, SOON);
        RedisClient client = RedisClients.create();
        try {
            RedisSession other = new RedisSession(
                    client.connect(ByteArrayCodec.INSTANCE, RedisClients.uri(redis.server())),
                    redis.server(),
                    "run",
                    SOON);

            Answer answer = other.run(
                    Script.ACK,
                    ShardKeys.of(config(redis, group, LONG_LEASE), ORDERS).keys(),
                    ShardKeys.bytes("1"),
                    ShardKeys.bytes("another"),
                    ShardKeys.bytes("10"),
                    ShardKeys.bytes(""),
                    ShardKeys.bytes("0"));

            assertThat(answer.number(3)).isZero();
            assertThat(answer.number(1)).isEqualTo(10);
            finish(lease);
        } finally {
            RedisClients.shutDown(client);
        }
    }

    @Test
    void theLimitHoldsForAllTogether() throws Exception {
        RedisStorage one = open(Duration.ofSeconds(6));
        TopicPartition bills = new TopicPartition("bills", 0);
        StorageConfig.Redis small =
                new StorageConfig.Redis(redis.server(), group, "pending", "processing", 15, 10, LONG_LEASE, 0);
        RedisStorage two = RedisStorage.open(small, scope);
        opened.add(two);
        one.owned(List.of(ORDERS), true);
        two.owned(List.of(bills), true);
        append(one, range(ORDERS, 1, 0, 10));
        await().atMost(SOON).until(() -> two.stats().pending() == 10);
        Coroutine append = scope.go("append", () -> append(two, range(bills, 1, 0, 10)));
        assertThat(append.join(NOT)).isFalse();

        finish(one.take(10, SOON));

        assertThat(append.join(SOON)).isTrue();
    }

    private String meta() {
        return "pending:{" + group + ":orders:0}:meta";
    }

    private static List<Long> offsets(long from, long next) {
        return range(ORDERS, 1, from, next).records().stream()
                .map(ConsumedRecord::offset)
                .toList();
    }

    static List<Long> takeAll(RedisStorage storage, int count) throws InterruptedException {
        List<Long> offsets = new ArrayList<>();
        while (offsets.size() < count) {
            Lease lease = storage.take(count, SOON);
            assertThat(lease).as("a lease after %s", offsets).isNotNull();
            lease.records().forEach(record -> offsets.add(record.offset()));
            finish(lease);
        }
        return offsets;
    }
}
