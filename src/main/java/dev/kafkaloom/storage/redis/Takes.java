package dev.kafkaloom.storage.redis;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands out what waits in the shards that this process holds, one shard after the other. Thread-safe. */
final class Takes {
    private static final Logger LOG = LoggerFactory.getLogger(Takes.class);
    private static final long PAUSE_MS = 50;

    private final ProcessName me;
    private final RedisLink link;
    private final Shards shards;
    private final Acks acks;
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong redelivered = new AtomicLong();
    private volatile boolean closed;

    Takes(ProcessName me, RedisLink link, Shards shards, Acks acks) {
        this.me = me;
        this.link = link;
        this.shards = shards;
        this.acks = acks;
    }

    long redelivered() {
        return redelivered.get();
    }

    /** As {@link dev.kafkaloom.storage.Storage#take}. */
    Lease take(int max, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            RedisSession session = link.awaitSession(left(deadline), () -> !closed);
            Turn turn = session == null ? null : awaitTurn(deadline);
            if (turn == null) {
                return null;
            }
            Lease lease = null;
            try {
                lease = takeFrom(session, turn, max);
            } catch (RedisTrouble e) {
                LOG.debug("nothing taken from {}: {}", turn.shard().partition, e.getMessage());
                if (e.isRefusal()) {
                    refuses(turn.shard(), e.getMessage());
                } else {
                    Thread.sleep(Math.min(PAUSE_MS, left(deadline).toMillis()));
                }
            } finally {
                taken(turn.shard());
                if (lease == null) {
                    shards.passedOn(turn.shard(), turn.hold());
                }
            }
            if (lease != null) {
                return lease;
            }
            if (left(deadline).isZero()) {
                return null;
            }
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** Whose turn it is to be taken from, in which holding, and how many elements are in hand. */
    private record Turn(Shard shard, long hold, long generation, int inHand) {}

    private void taken(Shard shard) {
        shards.lock.lock();
        try {
            shard.taking--;
            if (shard.dirty) {
                shards.tendSoon(shard);
            }
            shards.signal();
        } finally {
            shards.lock.unlock();
        }
    }

    /** Waits for a shard with records and makes it busy; null when there is none in time. */
    private Turn awaitTurn(long deadline) throws InterruptedException {
        shards.lock.lockInterruptibly();
        try {
            while (!closed) {
                Shard shard = shards.next();
                if (shard != null) {
                    shard.busy = true;
                    shard.taking++;
                    return new Turn(shard, shard.hold, shard.generation, shard.inHand());
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return null;
                }
                Coroutine.waitingFor("records in Redis");
                shards.await(left);
            }
            return null;
        } finally {
            shards.lock.unlock();
        }
    }

    private Lease takeFrom(RedisSession session, Turn turn, int max) throws RedisTrouble, InterruptedException {
        Shard shard = turn.shard();
        long hold = turn.hold();
        if (!shard.run.equals(session.run()) || !shard.isValid(hold)) {
            shards.tendSoon(shard);
            throw new RedisTrouble("it has to be looked after first");
        }
        long token = tokens.incrementAndGet();
        byte[] tokenText = ShardKeys.bytes(me.instance() + "." + token);
        boolean sure = false;
        Answer answer;
        try {
            answer = session.run(
                    Script.TAKE,
                    shard.keys.keys(),
                    ShardKeys.bytes(me.text()),
                    tokenText,
                    ShardKeys.bytes(Long.toString(turn.generation())),
                    ShardKeys.bytes(Integer.toString(max)),
                    ShardKeys.bytes(Integer.toString(turn.inHand())));
            sure = true;
        } finally {
            if (!sure) {
                dirty(shard);
            }
        }
        if (answer.number(0) < 0) {
            refused(shard, answer.number(0) == -2);
            return null;
        }
        List<LeasedChunk> chunks = chunks(session, shard, tokenText, answer);
        if (answer.number(3) > 0) {
            LOG.error(
                    "{}: {} records are gone from {} without having been taken: evicted, or deleted by somebody",
                    shard.partition,
                    answer.number(3),
                    shard.keys.name());
        }
        return lease(shard, hold, token, tokenText, chunks, answer);
    }

    /** What was taken may be in nobody's hands. */
    private void dirty(Shard shard) {
        shards.lock.lock();
        try {
            shard.dirty = true;
            shards.tendSoon(shard);
        } finally {
            shards.lock.unlock();
        }
    }

    /** It rests, so that others have their turns. */
    private void refuses(Shard shard, String why) {
        boolean news;
        shards.lock.lock();
        try {
            news = shard.refuses(why);
        } finally {
            shards.lock.unlock();
        }
        if (news) {
            LOG.warn(
                    "{}: nothing can be taken from {}, it is tried again: {}", shard.partition, shard.keys.name(), why);
        }
    }

    /** {@code leak}: something is leased to nobody. */
    private void refused(Shard shard, boolean leak) {
        shards.lock.lock();
        try {
            shard.dirty |= leak;
            if (!leak) {
                shard.pending = 0; // until it is known better
            }
            shards.tendSoon(shard);
        } finally {
            shards.lock.unlock();
        }
    }

    private List<LeasedChunk> chunks(RedisSession session, Shard shard, byte[] tokenText, Answer answer)
            throws RedisTrouble, InterruptedException {
        List<LeasedChunk> chunks = new ArrayList<>();
        for (int at = 5; at + 3 < answer.size(); at += 4) {
            int deliveries = (int) answer.number(at + 1);
            try {
                List<ConsumedRecord> records = Chunk.decode(shard.partition, answer.bytes(at + 3), deliveries);
                LeasedChunk chunk = new LeasedChunk(answer.bytes(at), records, answer.bytes(at + 2));
                if (deliveries > 1) {
                    redelivered.addAndGet(chunk.undone());
                }
                chunks.add(chunk);
            } catch (KafkaException e) {
                LOG.error(
                        "{} {} cannot be read and is put aside: {}",
                        shard.keys.name(),
                        answer.text(at),
                        e.getMessage());
                putAside(session, shard, answer.bytes(at), tokenText);
            }
        }
        return chunks;
    }

    private static void putAside(RedisSession session, Shard shard, byte[] sequence, byte[] tokenText)
            throws RedisTrouble, InterruptedException {
        Answer _ = session.run(
                Script.ACK,
                shard.keys.keys(),
                sequence,
                tokenText,
                ShardKeys.bytes("0"),
                ShardKeys.bytes(""),
                ShardKeys.bytes("2"));
    }

    private Lease lease(Shard shard, long hold, long token, byte[] tokenText, List<LeasedChunk> chunks, Answer answer) {
        RedisLease lease = new RedisLease(shard, hold, token, tokenText, chunks, acks, shards);
        shards.lock.lock();
        try {
            shard.refusedTake = null;
            if (shard.hold != hold) { // made void meanwhile, while Redis did not know of it
                shard.dirty = true;
                shards.tendSoon(shard);
                return null;
            }
            shards.sized(shard, answer.number(1), answer.number(2), answer.number(4));
            if (lease.records().isEmpty()) {
                return null;
            }
            shard.open.add(lease);
            return lease;
        } finally {
            shards.lock.unlock();
        }
    }

    void close() {
        closed = true;
        shards.signal();
    }
}
