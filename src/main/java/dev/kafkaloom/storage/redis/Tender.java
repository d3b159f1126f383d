package dev.kafkaloom.storage.redis;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.StorageConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows this process's signs of life, takes over what is free or whose holder is dead, gives back what others own, and looks after what
 * others do. One thread tends all shards; {@link #tend(Collection)} may be called from any.
 */
final class Tender {
    private static final Logger LOG = LoggerFactory.getLogger(Tender.class);
    private static final Duration FLUSH = Duration.ofSeconds(2);
    private static final String NONE = "none";
    private static final String ALL = "all";
    private static final long PAUSE = Duration.ofMillis(200).toNanos();

    private final StorageConfig.Redis config;
    private final ProcessName me;
    private final RedisLink link;
    private final Shards shards;
    private final Acks acks;
    private final long leaseNanos;
    private final long interval;
    private final byte[] registry;
    private final byte[] channel;
    private final AtomicLong reclaimed = new AtomicLong(); // records that went back
    private volatile boolean leaving;
    private String run = ""; // of the server that was tended last; own thread only

    Tender(StorageConfig.Redis config, ProcessName me, RedisLink link, Shards shards, Acks acks) {
        this.config = config;
        this.me = me;
        this.link = link;
        this.shards = shards;
        this.acks = acks;
        this.leaseNanos = config.leaseTimeout().toNanos();
        this.interval = Math.min(leaseNanos / 6, Duration.ofSeconds(2).toNanos());
        this.registry = ShardKeys.registry(config);
        this.channel = ShardKeys.bytes(ShardKeys.channel(config));
    }

    /** The body of its thread. */
    void run() throws InterruptedException {
        Set<Shard> due = Set.of();
        long roundAt = System.nanoTime();
        while (true) {
            try {
                RedisSession session = link.session();
                if (!session.run().equals(run)) {
                    meet(session);
                    due = Set.of();
                }
                if (due.isEmpty()) {
                    roundAt = System.nanoTime();
                    findShards(session);
                    tend(session, shards.all());
                } else {
                    tend(session, due);
                }
            } catch (RedisTrouble e) {
                LOG.debug("not tended: {}", e.getMessage());
                forgetSilence();
                roundAt = System.nanoTime() + Math.max(0, PAUSE - interval);
            }
            Coroutine.waitingFor("the next round over the shards");
            due = shards.awaitTending(Math.max(0, roundAt + interval - System.nanoTime()));
        }
    }

    /** Another server, or the same started anew. */
    private void meet(RedisSession session) throws InterruptedException {
        if (!run.isEmpty()) {
            boolean _ = acks.flush(FLUSH); // what is in hand is about to become void: the fewer come twice
        }
        forgetSilence();
        run = session.run();
    }

    /** Nobody could show a sign of life meanwhile. */
    private void forgetSilence() {
        shards.lock.lock();
        try {
            shards.all().forEach(Shard::watchAnew);
        } finally {
            shards.lock.unlock();
        }
    }

    private void findShards(RedisSession session) throws RedisTrouble, InterruptedException {
        for (byte[] member : session.members(registry)) {
            TopicPartition found = ShardKeys.partition(config, new String(member, StandardCharsets.UTF_8));
            if (found != null) {
                Shard _ = shards.of(found);
            }
        }
    }

    private record Sent(Shard shard, Wish wish, RedisSession.Sent sent, long at) {}

    /** {@code reclaim}: what of the leases is to go back. */
    private record Wish(String reclaim, byte[][] arguments) {}

    /** Puts this process's wishes for these shards to Redis, and learns how they stand. */
    void tend(Collection<Shard> which) throws RedisTrouble, InterruptedException {
        tend(link.session(), which);
    }

    private void tend(RedisSession session, Collection<Shard> which) throws RedisTrouble, InterruptedException {
        for (Shard shard : which) {
            if ((shard.owned || shard.held) && !shard.run.equals(session.run())) {
                session.remember(registry, ShardKeys.bytes(shard.keys.tag()));
            }
        }
        List<Sent> sent = new ArrayList<>();
        for (Shard shard : which) {
            Wish wish = wish(shard, session.run());
            long now = System.nanoTime();
            sent.add(new Sent(shard, wish, session.send(Script.TEND, shard.keys.keys(), wish.arguments()), now));
        }
        for (Sent each : sent) {
            apply(each, session.await(each.sent(), () -> true), session.run());
        }
    }

    private Wish wish(Shard shard, String server) {
        List<byte[]> arguments = new ArrayList<>();
        shards.lock.lock();
        try {
            if (shard.held && !shard.run.equals(server)) {
                shard.lapsed = true; // it may have forgotten what it said, so what is in hand no longer holds
            }
            long now = System.nanoTime();
            boolean holderDead = isDead(shard.holder, shard.isHolderSilent(now, leaseNanos));
            boolean ownerDead = isDead(shard.owner, shard.isOwnerSilent(now, leaseNanos));
            decideAdoption(shard, holderDead, ownerDead, now);
            String reclaim = shard.lapsed ? ALL : shard.dirty ? "but" : NONE;
            add(arguments, me.text(), ownWish(shard), holdWish(shard));
            add(arguments, holderDead ? shard.holder : "", shard.holderBeat);
            add(arguments, ownerDead ? shard.owner : "", shard.ownerBeat);
            add(arguments, reclaim);
            arguments.add(channel);
            add(arguments, Notices.text(me, shard));
            arguments.addAll(shard.openTokens());
            return new Wish(reclaim, arguments.toArray(byte[][]::new));
        } finally {
            shards.lock.unlock();
        }
    }

    private static void add(List<byte[]> arguments, String... texts) {
        for (String text : texts) {
            arguments.add(ShardKeys.bytes(text));
        }
    }

    private boolean isDead(String process, boolean silent) {
        return !process.isEmpty() && !process.equals(me.text()) && (silent || me.knowsDead(process));
    }

    /** Records that nobody owns are taken care of by whoever sees them; they are let go when somebody owns the partition again. */
    private void decideAdoption(Shard shard, boolean holderDead, boolean ownerDead, long now) {
        boolean left = shard.owner.isEmpty() && (shard.adopted || shard.isOwnerSilent(now, leaseNanos / 3));
        boolean ownerless = left || ownerDead;
        boolean free = shard.holder.isEmpty() || holderDead || shard.held;
        shard.adopted =
                !leaving && shard.known && !shard.owned && ownerless && free && shard.pending + shard.leased > 0;
    }

    private String ownWish(Shard shard) {
        if (!shard.owned) {
            return "release";
        }
        return shard.seize ? "seize" : "claim";
    }

    private String holdWish(Shard shard) {
        if (shard.isWanted()) {
            return "claim";
        }
        return shard.isIdle() ? "release" : "look";
    }

    private void apply(Sent sent, Answer answer, String server) {
        Shard shard = sent.shard();
        shards.lock.lock();
        try {
            boolean holdsNow = answer.text(0).equals(me.text());
            boolean acquired = answer.number(10) == 1;
            boolean allBack = acquired || sent.wish().reclaim().equals(ALL);
            String generation = answer.text(4);
            if (allBack || shard.held != holdsNow || !generation.equals(shard.generation)) {
                if (!shard.isIdle()) {
                    LOG.warn("{}: what sinkers have in hand is void, it is handed out again", shard.partition);
                }
                shard.voidLeases();
            }
            if (allBack || !holdsNow) {
                shard.lapsed = false;
                shard.dirty = false;
            } else if (!sent.wish().reclaim().equals(NONE)) {
                shard.dirty = false;
            }
            if (shard.lapsed || shard.dirty) {
                shards.tendSoon(shard); // it became so meanwhile
            } else {
                shard.validUntil = sent.at() + leaseNanos / 10 * 9;
            }
            shard.held = holdsNow;
            shard.generation = generation;
            shard.watch(answer.text(0), answer.text(1), answer.text(2), answer.text(3), System.nanoTime());
            if (shard.owned && answer.text(2).equals(me.text())) {
                shard.seize = false;
            }
            shard.yielded = shard.owned && !answer.text(2).equals(me.text());
            shard.bytes = answer.number(7);
            shard.looked();
            shard.headTimestamp = timestamp(answer.text(9));
            if (!shard.run.equals(server)) {
                shard.version = -1; // it may have forgotten some
                shard.run = server;
            }
            if (answer.number(12) >= shard.version) {
                shard.markText = answer.text(8);
            }
            reclaimed.addAndGet(answer.number(11));
            shard.known = true;
            shards.sized(shard, answer.number(5), answer.number(6), answer.number(12));
            if (acquired || shard.mayTake()) {
                shards.signal();
            }
        } finally {
            shards.lock.unlock();
        }
    }

    /** At the end: others need not wait until this process seems dead. */
    void letGo() throws RedisTrouble, InterruptedException {
        List<Shard> mine = new ArrayList<>();
        shards.lock.lock();
        try {
            for (Shard shard : shards.all()) {
                if (shard.owned || shard.held) {
                    mine.add(shard);
                    shard.owned = false;
                    shard.adopted = false;
                    shard.voidLeases();
                }
            }
        } finally {
            shards.lock.unlock();
        }
        leaving = true;
        tend(mine);
    }

    /** What the dead have in hand goes back now; answers how many records. */
    long reclaimDead() throws IOException, InterruptedException {
        try {
            long before = reclaimed.get();
            RedisSession session = link.session();
            findShards(session);
            tend(session, shards.all()); // learns who holds what
            tend(session, shards.all()); // and acts on it
            return reclaimed.get() - before;
        } catch (RedisTrouble e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static long timestamp(String member) {
        int colon = member.lastIndexOf(':');
        return colon < 0 ? -1 : Long.parseLong(member, colon + 1, member.length(), 10);
    }
}
