package dev.kafkaloom.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is special about a batch; each knows the message formats that can have it. */
enum Shape {
    /** One record, then every mixture of null, empty and random keys and values. */
    PLAIN(0),
    /** More than one block of every codec, compressible and not. */
    LARGE(0),
    MANY(0),
    /** What compaction leaves of formats v0 to v2: offsets missing between records and, in v2, behind the last. */
    GAPS(0),
    FAR_OFFSETS(0),
    /** Zero, none (-1), decreasing, far in the future. */
    TIMES(1),
    LOG_APPEND_TIME(1),
    /** Null and empty values, empty keys, keys that come twice, keys outside ASCII. */
    HEADERS(2),
    IDEMPOTENT(2),
    TRANSACTIONAL(2),
    /** Sequence numbers start again from 0 behind 2^31-1. */
    LAST_SEQUENCE(2),
    LEADER_EPOCH(2),
    DELETE_HORIZON(2),
    /** Control records of a type and a version that nobody knows yet. */
    CONTROL(2);

    private final int sinceMagic;

    Shape(int sinceMagic) {
        this.sinceMagic = sinceMagic;
    }

    static List<Shape> of(byte magic) {
        return List.of(values()).stream()
                .filter(shape -> magic >= shape.sinceMagic)
                .toList();
    }

    BatchPlan plan(byte magic, Compression codec, Random random) {
        BatchPlan plan = new BatchPlan(magic, codec);
        switch (this) {
            case PLAIN -> plain(plan, random);
            case LARGE -> large(plan, random);
            case MANY -> many(plan, 500, random);
            case GAPS -> gaps(plan, random);
            case FAR_OFFSETS -> {
                plan.baseOffset = Long.MAX_VALUE - 1000 - random.nextInt(100);
                many(plan, 5, random);
            }
            case TIMES -> times(plan, random);
            case LOG_APPEND_TIME -> {
                plan.timestampType = TimestampType.LOG_APPEND_TIME;
                plan.appendTime = 1_600_000_000_000L + random.nextInt();
                many(plan, 5, random);
            }
            case HEADERS -> headers(plan, random);
            default -> v2(plan, random);
        }
        return plan;
    }

    private void v2(BatchPlan plan, Random random) {
        plan.baseOffset = random.nextInt(1 << 30);
        switch (this) {
            case IDEMPOTENT -> plan.producer(random.nextLong() >>> 1, random.nextInt(1 << 15), random.nextInt() >>> 1);
            case TRANSACTIONAL -> {
                plan.producer(random.nextInt(1000), 0, 0);
                plan.transactional = true;
            }
            case LAST_SEQUENCE -> plan.producer(Long.MAX_VALUE, Short.MAX_VALUE, Integer.MAX_VALUE - 1);
            case LEADER_EPOCH -> plan.leaderEpoch = random.nextInt() >>> 1;
            case DELETE_HORIZON -> plan.deleteHorizon = 1_800_000_000_000L + random.nextInt();
            case CONTROL -> {
                plan.producer(5, 1, -1);
                plan.transactional = true;
                plan.control = true;
                plan.add(0, 7, new byte[] {0, 0, 0, 77, 1}, new byte[] {0, 1, 2}, List.of());
                plan.add(0, 8, new byte[] {1, 0, 1, 0}, null, List.of());
                return;
            }
            default -> throw new AssertionError(this);
        }
        many(plan, 5, random);
    }

    private static void plain(BatchPlan plan, Random random) {
        byte[][] kinds = {null, {}, noise(random, 1 + random.nextInt(300))};
        for (byte[] key : kinds) {
            for (byte[] value : kinds) {
                plan.add(0, 1000 + random.nextInt(1000), key, value, List.of());
            }
        }
    }

    private static void large(BatchPlan plan, Random random) {
        plan.add(0, 1, null, noise(random, 150_000), List.of());
        plan.add(
                0,
                2,
                "run".getBytes(UTF_8),
                "abcabcabd".repeat(15_000 + random.nextInt(100)).getBytes(UTF_8),
                List.of());
        plan.add(0, 3, noise(random, 40_000), null, List.of());
    }

    private static void many(BatchPlan plan, int count, Random random) {
        for (int i = 0; i < count; i++) {
            byte[] value = ("order " + random.nextInt(50) + " of customer " + random.nextInt(9)).getBytes(UTF_8);
            plan.add(0, 1_700_000_000_000L + i * 7L, ("key-" + i % 17).getBytes(UTF_8), value, List.of());
        }
    }

    private static void gaps(BatchPlan plan, Random random) {
        plan.baseOffset = 100;
        for (int i = 0; i < 20; i++) {
            plan.add(random.nextInt(1000), 5 + i, null, noise(random, 10), List.of());
        }
        if (plan.magic == 2) {
            plan.lastOffset = plan.records.getLast().offset() + random.nextInt(50);
        }
    }

    /** Kafka's writer takes no time below -1; other clients may. */
    private static void times(BatchPlan plan, Random random) {
        long[] times = {
            random.nextInt(100), 0, -1, 1_700_000_000_000L, 1L << 53, 1_699_999_999_999L, Long.MAX_VALUE >> 1, 3
        };
        for (long time : times) {
            plan.add(0, time, null, null, List.of());
        }
    }

    private static void headers(BatchPlan plan, Random random) {
        String[] keys = {"trace", "trace", "", "schlüssel \ud83d\udd11", "x".repeat(200)};
        byte[][] values = {null, {}, noise(random, 5), noise(random, 200)};
        for (int count = 0; count < 12; count++) {
            List<Header> headers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                headers.add(new Header(keys[random.nextInt(keys.length)], values[random.nextInt(values.length)]));
            }
            plan.add(0, count, null, noise(random, 3), headers);
        }
        List<Header> hundred = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            hundred.add(new Header("h" + i, values[i % values.length]));
        }
        plan.add(0, 99, null, null, hundred);
    }

    private static byte[] noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
