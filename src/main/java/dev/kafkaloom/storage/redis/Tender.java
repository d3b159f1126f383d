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
import java.util.concurrent.locks.ReentrantLock;
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
    private static final String BUT = "but";
    private static final long PAUSE = Duration.ofMillis(200).toNanos();

    private final StorageConfig.Redis config;
    private final ProcessName me;
    private final RedisLink link;
    private final Shards shards;
    private final Acks acks;
    private final long leaseNanos;
    private final long interval;
    private final ReentrantLock one = new ReentrantLock();
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
                    forgetSilence(); // nobody could show a sign of life meanwhile
                    run = session.run();
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

    /** One at a time, so that answers are believed in the order in which they were given. */
    private void tend(RedisSession session, Collection<Shard> which) throws RedisTrouble, InterruptedException {
        one.lockInterruptibly();
        try {
            tendAlone(session, which);
        } finally {
            one.unlock();
        }
    }

    private void tendAlone(RedisSession session, Collection<Shard> which) throws RedisTrouble, InterruptedException {
        if (isAnyInHandAboutToGoBack(session, which)) {
            boolean _ = acks.flush(FLUSH); // what is done is said first, or it comes twice
        }
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
        RedisTrouble last = null;
        int tended = 0;
        for (Sent each : sent) {
            try {
                apply(each, session.await(each.sent(), () -> true), session.run());
                each.shard().refusedTend = null;
                tended++;
            } catch (RedisTrouble e) {
                if (!e.isRefusal()) {
                    throw e;
                }
                each.shard().refusedTend = e.getMessage(); // somebody's data under its keys: the others need not suffer
                last = e;
            } catch (IllegalStateException | NumberFormatException e) {
                each.shard().refusedTend = "it has what no storage has written: " + e.getMessage();
                tended++;
            }
        }
        if (tended == 0 && last != null) {
            throw last;
        }
    }

    private boolean isAnyInHandAboutToGoBack(RedisSession session, Collection<Shard> which) {
        shards.lock.lock();
        try {
            return which.stream()
                    .anyMatch(shard ->
                            shard.held && !shard.open.isEmpty() && (shard.lapsed || !shard.run.equals(session.run())));
        } finally {
            shards.lock.unlock();
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
            // what Redis holds to be ours and we do not: a state that it had before it forgot
            String reclaim = shard.lapsed || !shard.held ? ALL : shard.dirty && shard.taking == 0 ? BUT : NONE;
            add(arguments, me.text(), ownWish(shard), holdWish(shard));
            add(arguments, holderDead ? shard.holder : "", shard.holderBeat);
            add(arguments, ownerDead ? shard.owner : "", shard.ownerBeat);
            add(arguments, reclaim);
            arguments.add(channel);
            add(arguments, Notices.text(me, shard));
            add(arguments, Long.toString(shard.committed));
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
            applyHolding(sent, answer);
            shard.watch(answer.text(0), answer.text(1), answer.text(2), answer.text(3), System.nanoTime());
            boolean owner = answer.text(2).equals(me.text());
            shard.seize &= !owner;
            shard.yielded = shard.owned && !owner;
            shard.bytes = answer.number(7);
            shard.headTimestamp = timestamp(answer.text(9));
            shard.unreadable = answer.number(14);
            if (!shard.run.equals(server)) {
                shard.version = -1; // it may have forgotten some
                shard.run = server;
            }
            if (answer.number(12) >= shard.version) {
                shard.markText = answer.text(8);
            }
            shard.looked();
            shard.known = true;
            reclaimed.addAndGet(answer.number(11));
            shards.sized(shard, answer.number(5), answer.number(6), answer.number(12));
            if (shard.mayTake()) {
                shards.signal();
            }
        } finally {
            shards.lock.unlock();
        }
    }

    /** Under the lock: what becomes of the leases. */
    private void applyHolding(Sent sent, Answer answer) {
        Shard shard = sent.shard();
        String reclaim = sent.wish().reclaim();
        boolean holds = answer.text(0).equals(me.text());
        boolean acquired = answer.number(10) == 1;
        long generation = answer.text(4).isEmpty() ? 0 : answer.number(4);
        // others' doing, or that of an old call which came late
        boolean passed = generation - answer.number(13) != shard.generation;
        if (acquired || !holds || reclaim.equals(ALL)) {
            makeVoid(shard);
            shard.lapsed = false;
            shard.dirty = false;
        } else if (passed) {
            makeVoid(shard);
            shard.lapsed = true; // nothing is taken before all of it went back
        } else {
            shard.dirty &= !reclaim.equals(BUT);
        }
        if (shard.lapsed || (shard.dirty && shard.taking == 0)) {
            shards.tendSoon(shard);
        } else {
            shard.validUntil = sent.at() + leaseNanos / 10 * 9;
        }
        shard.held = holds;
        shard.generation = generation;
    }

    private static void makeVoid(Shard shard) {
        if (shard.held && !shard.isIdle()) {
            LOG.warn("{}: what sinkers have in hand is void, it is handed out again", shard.partition);
        }
        shard.voidLeases();
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
