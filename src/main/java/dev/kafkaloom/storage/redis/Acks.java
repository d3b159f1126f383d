package dev.kafkaloom.storage.redis;

import dev.kafkaloom.coroutine.Coroutine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells Redis what is done, on a thread of its own: what comes while one answer is awaited goes with the next. Nothing is forgotten when
 * Redis is not there. Thread-safe.
 */
final class Acks {
    private static final long GATHER_MS = 5; // records of unfinished elements wait so long for more
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final RedisLink link;
    private final Shards shards;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Set<RedisLease> waiting = new LinkedHashSet<>(); // guarded by lock, as all below
    private boolean urgent;
    private boolean closing;
    private long begun; // rounds
    private long ended;

    Acks(RedisLink link, Shards shards) {
        this.link = link;
        this.shards = shards;
    }

    /** There is something to say of this lease; {@code urgent}: it need not wait for more. */
    void add(RedisLease lease, boolean now) {
        lock.lock();
        try {
            boolean first = waiting.isEmpty();
            waiting.add(lease);
            if (first || (now && !urgent)) {
                urgent |= now;
                news.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The body of its thread: ends when it is closed and nothing waits. */
    void run() throws InterruptedException {
        while (true) {
            Set<RedisLease> batch = next();
            if (batch == null) {
                return;
            }
            boolean sent = false;
            try {
                sent = send(batch);
            } finally {
                ended(sent ? Set.of() : batch);
            }
            if (!sent) {
                Coroutine.waitingFor("Redis, to tell it what is done");
                boolean _ = link.awaitSession(RETRY, () -> !isClosing()) != null && pause();
            }
        }
    }

    private boolean pause() throws InterruptedException {
        Thread.sleep(20);
        return true;
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    private Set<RedisLease> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                if (closing) {
                    return null;
                }
                Coroutine.waitingFor("something that is done");
                news.await();
            }
            long left = TimeUnit.MILLISECONDS.toNanos(GATHER_MS);
            while (!urgent && !closing && left > 0) {
                left = news.awaitNanos(left);
            }
            Set<RedisLease> batch = new LinkedHashSet<>(waiting);
            waiting.clear();
            urgent = false;
            begun++;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void ended(Set<RedisLease> again) {
        lock.lock();
        try {
            ended++;
            waiting.addAll(again);
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private record Sent(Shard shard, RedisSession.Sent sent, List<RedisLease.Written> written) {}

    /** False when some of it has to be said again; saying it twice does no harm. */
    private boolean send(Set<RedisLease> batch) throws InterruptedException {
        Map<Shard, List<RedisLease>> byShard = new LinkedHashMap<>();
        batch.forEach(lease ->
                byShard.computeIfAbsent(lease.shard(), _ -> new ArrayList<>()).add(lease));
        try {
            RedisSession session = link.session();
            List<Sent> all = new ArrayList<>();
            byShard.forEach((shard, leases) -> {
                List<byte[]> arguments = new ArrayList<>();
                List<RedisLease.Written> written = new ArrayList<>();
                leases.forEach(lease -> lease.write(arguments, written));
                if (!written.isEmpty()) {
                    RedisSession.Sent sent =
                            session.send(Script.ACK, shard.keys.keys(), arguments.toArray(byte[][]::new));
                    all.add(new Sent(shard, sent, written));
                }
            });
            for (Sent each : all) {
                apply(each, session.await(each.sent(), () -> true));
            }
            forgetOver(batch);
            return true;
        } catch (RedisTrouble _) { // the link has said so
            return false;
        }
    }

    private void apply(Sent sent, Answer answer) {
        for (int i = 0; i < sent.written().size(); i++) {
            RedisLease.Written written = sent.written().get(i);
            written.lease().answered(written, answer.number(3 + i) == 1);
        }
        shards.sized(sent.shard(), answer.number(0), answer.number(1), answer.number(2));
    }

    private void forgetOver(Set<RedisLease> batch) {
        shards.lock.lock();
        try {
            for (RedisLease lease : batch) {
                if (lease.isOver() && lease.shard().open.remove(lease)) {
                    shards.freed(lease.shard());
                }
            }
        } finally {
            shards.lock.unlock();
        }
    }

    /** Waits until everything that was done before is said; false when that took longer. */
    boolean flush(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            long wanted = waiting.isEmpty() ? begun : begun + 1;
            urgent = true;
            news.signalAll();
            while (ended < wanted || (begun > ended)) {
                if (left <= 0) {
                    return false;
                }
                left = news.awaitNanos(left);
            }
            return waiting.isEmpty();
        } finally {
            urgent = false;
            lock.unlock();
        }
    }

    /** No more come. */
    void close() {
        lock.lock();
        try {
            closing = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
