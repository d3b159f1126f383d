package dev.kafkaloom.storage.redis;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageStats;
import dev.kafkaloom.storage.StoredRecord;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records wait in a Redis, which several processes may share: see the package. Nothing here ends because Redis is gone: appends wait, takes
 * find nothing, {@link StorageStats#trouble()} says why, and all goes on when it is back.
 */
public final class RedisStorage implements Storage {
    private static final Logger LOG = LoggerFactory.getLogger(RedisStorage.class);
    private static final Duration FIRST_CONNECTION = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(3);
    private static final int APPEND_LINKS = 4;

    private final StorageConfig.Redis config;
    private final RedisClient client;
    private final Scope scope;
    private final ProcessName me = ProcessName.create();
    private final Shards shards;
    private final RedisLink link;
    private final List<RedisLink> links;
    private final Acks acks;
    private final Tender tender;
    private final Appends appends;
    private final Takes takes;
    private final Coroutine acker;
    private volatile boolean closed;

    private RedisStorage(StorageConfig.Redis config, Scope scope) {
        this.config = config;
        this.scope = scope;
        this.client = RedisClients.create();
        this.shards = new Shards(config);
        this.links = startLinks();
        this.link = links.getFirst();
        this.acks = new Acks(link, shards);
        this.tender = new Tender(config, me, link, shards, acks);
        this.appends =
                new Appends(config, me, links.size() == 1 ? links : links.subList(1, links.size()), shards, tender);
        this.takes = new Takes(me, link, shards, acks);
        this.acker = scope.go("storage-acks", acks::run);
    }

    /** The first is for takes and acks, which are short; one that waits for replicas holds up what is behind it. */
    private List<RedisLink> startLinks() {
        int most = config.server().maxConnections();
        int count = Math.clamp(most - 1L, 1, 1 + APPEND_LINKS); // one is for notices
        long patience = Math.clamp(config.leaseTimeout().toMillis() / 3, 500, 5000);
        List<RedisLink> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(RedisLink.start(client, config.server(), Duration.ofMillis(patience), i, scope));
        }
        return List.copyOf(all);
    }

    /**
     * Connects, and checks that the server answers.
     *
     * @param parent everything runs inside of this scope
     * @throws IOException when it does not within thirty seconds
     * @throws IllegalArgumentException when the keys cannot be used
     */
    public static RedisStorage open(StorageConfig.Redis config, Scope parent) throws IOException, InterruptedException {
        return open(config, parent, FIRST_CONNECTION);
    }

    static RedisStorage open(StorageConfig.Redis config, Scope parent, Duration within)
            throws IOException, InterruptedException {
        checkKeys(config);
        Scope scope = parent.child("redis");
        RedisStorage storage = new RedisStorage(config, scope);
        boolean good = false;
        try {
            storage.begin(within);
            good = true;
            return storage;
        } finally {
            if (!good) {
                storage.close();
            }
        }
    }

    private static void checkKeys(StorageConfig.Redis config) {
        for (String key : List.of(config.pendingKey(), config.processingKey())) {
            if (key.contains("{") || key.contains("}")) {
                throw new IllegalArgumentException(
                        "KAFKA_STORAGE_REDIS_PENDING_KEY, KAFKA_STORAGE_REDIS_PROCESSING_KEY: " + key
                                + " has a brace; each partition gets a hash tag of its own, so that Redis Cluster can be used");
            }
        }
    }

    private void begin(Duration within) throws IOException, InterruptedException {
        RedisSession session = link.awaitSession(within, () -> true);
        if (session == null) {
            throw new IOException(
                    "KAFKA_MESSAGE_STORAGE=REDIS: not connected to " + config.server() + " within " + within.toSeconds()
                            + " s, is a Redis there? Last: " + link.trouble().orElse("no answer"));
        }
        session.doubts().forEach(doubt -> LOG.warn("{}: {}", config.server(), doubt));
        scope.go("storage-tender", tender::run);
        if (config.server().maxConnections() > 1) {
            scope.go("storage-notices", new Notices(client, config, me, shards)::run);
        }
    }

    @Override
    public long append(Uuid topicId, RecordRange range, BooleanSupplier wanted) throws InterruptedException {
        return appends.append(topicId, range, () -> !closed && wanted.getAsBoolean());
    }

    @Override
    public OptionalLong lostSince(TopicPartition partition, long committed) {
        return shards.lostSince(partition, committed);
    }

    @Override
    public void committed(TopicPartition partition, long offset) {
        shards.committed(shards.of(partition), offset);
    }

    @Override
    public Lease take(int max, Duration wait) throws InterruptedException {
        return takes.take(max, wait);
    }

    @Override
    public StorageStats stats() {
        Shards.Totals totals = shards.totals();
        Optional<String> trouble = link.trouble().or(appends::trouble).or(shards::trouble);
        return new StorageStats(
                totals.pending(),
                totals.leased(),
                totals.bytes(),
                config.limitRecords(),
                Long.MAX_VALUE,
                appends.appended.get(),
                appends.skipped.get(),
                appends.lost.get(),
                takes.redelivered(),
                trouble,
                totals.partitions());
    }

    @Override
    public List<StoredRecord> peek(int max) throws IOException, InterruptedException {
        boolean _ = acks.flush(CLOSING);
        List<Shard> all = filled();
        List<StoredRecord> found = new ArrayList<>();
        for (int i = 0; i < all.size() && found.size() < max; i++) {
            int share = (max - found.size() + all.size() - i - 1) / (all.size() - i);
            found.addAll(peek(all.get(i), share));
        }
        return found;
    }

    private List<Shard> filled() {
        shards.lock.lock();
        try {
            return shards.all().stream()
                    .filter(shard -> shard.pending + shard.leased > 0)
                    .sorted(java.util.Comparator.comparing(shard -> shard.partition))
                    .toList();
        } finally {
            shards.lock.unlock();
        }
    }

    private List<StoredRecord> peek(Shard shard, int max) throws IOException, InterruptedException {
        Answer answer = ask(Script.PEEK, shard, Integer.toString(max));
        List<StoredRecord> found = new ArrayList<>();
        for (int at = 0; at + 4 < answer.size(); at += 5) {
            String where = shard.keys.name() + " " + answer.text(at);
            boolean leased = answer.number(at + 1) == 1;
            BitSet done = LeasedChunk.bits(answer.bytes(at + 3));
            try {
                List<ConsumedRecord> records =
                        Chunk.decode(shard.partition, answer.bytes(at + 4), (int) answer.number(at + 2));
                for (int i = 0; i < records.size() && found.size() < max; i++) {
                    if (!done.get(i)) {
                        found.add(new StoredRecord(records.get(i), leased, where));
                    }
                }
            } catch (KafkaException e) {
                throw new IOException(where + " cannot be read: " + e.getMessage(), e);
            }
        }
        return found;
    }

    @Override
    public long retransmit(boolean all) throws IOException, InterruptedException {
        boolean _ = acks.flush(CLOSING);
        if (!all) {
            return tender.reclaimDead();
        }
        long moved = 0;
        for (Shard shard : shards.all()) {
            moved += ask(Script.RETRANSMIT, shard, ShardKeys.channel(config), Notices.text(me, shard))
                    .number(0);
        }
        look();
        return moved;
    }

    @Override
    public long clear(boolean leasedOnly) throws IOException, InterruptedException {
        boolean _ = acks.flush(CLOSING);
        long gone = 0;
        for (Shard shard : shards.all()) {
            gone += ask(Script.CLEAR, shard, leasedOnly ? "1" : "0", ShardKeys.channel(config), Notices.text(me, shard))
                    .number(0);
        }
        look();
        return gone;
    }

    private Answer ask(Script script, Shard shard, String... arguments) throws IOException, InterruptedException {
        byte[][] bytes = new byte[arguments.length][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = arguments[i].getBytes(StandardCharsets.UTF_8);
        }
        try {
            return link.session().run(script, shard.keys.keys(), bytes);
        } catch (RedisTrouble e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void look() throws IOException, InterruptedException {
        try {
            tender.tend(shards.all());
        } catch (RedisTrouble e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What is stored can be handed out by any process: nothing need be waited for. */
    @Override
    public boolean drain(Collection<TopicPartition> partitions, Duration timeout) {
        return true;
    }

    @Override
    public void owned(Collection<TopicPartition> partitions, boolean now) throws InterruptedException {
        List<Shard> changed = partitions.stream().map(shards::of).toList();
        changed.forEach(shard -> shards.own(shard, now, true));
        boolean told = false;
        try {
            tender.tend(changed);
            told = true;
        } catch (RedisTrouble e) {
            String what = now ? "are" : "are not";
            LOG.warn("{} is told later that {} {} ours: {}", config.server(), partitions, what, e.getMessage());
        } finally {
            if (!told) {
                shards.tendAllSoon();
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted(); // what is done has to be said all the same
        takes.close();
        acks.close();
        try {
            boolean _ = acker.join(CLOSING);
            if (link.trouble().isEmpty()) {
                tender.letGo();
            }
        } catch (InterruptedException _) {
            interrupted = true;
        } catch (RedisTrouble e) {
            LOG.warn(
                    "what this process held in Redis is free after {} ms: {}",
                    config.leaseTimeout().toMillis(),
                    e.getMessage());
        } finally {
            links.forEach(RedisLink::close);
            scope.close();
            RedisClients.shutDown(client);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
