package dev.kafkaloom.client;

import dev.kafkaloom.coroutine.Body;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.KafkaException.Recovery;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot of the cluster: loaded when first needed, when it is too old, and when someone has seen that it is wrong. One load at a
 * time, on a coroutine of its own, so that whoever waits for it may leave at his own deadline. Only topics that were asked for are
 * requested. Thread-safe; the lock is never held while something is waited for.
 *
 * <p>A snapshot that is wrong somewhere is still good elsewhere: who needs what was found wrong ({@link #doubt}) waits for another one,
 * the others go on with what there is.
 */
final class Metadata implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Metadata.class);
    private static final long NEVER = -1;
    private static final int REBOOTSTRAPS_APART = 10; // longest back-offs: each costs all calls their connections

    private final ClientConfig config;
    private final ConnectionPool pool;
    private final Candidates candidates;
    private final Scope scope;
    private final Backoff backoff;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Long> doubts = new ConcurrentHashMap<>(); // what was found wrong, up to which generation
    private volatile Cluster current; // written under the lock, as are all below
    private volatile long staleGeneration = NEVER; // the newest that was found wrong
    private volatile long forgottenGeneration = NEVER; // the newest whose brokers are not to be asked again
    private volatile String clusterId;
    private MetadataLoad running;
    private Set<String> tracked = Set.of();
    private int failedLoads;
    private Map<BrokerAddress, String> refusals = Map.of(); // of the last load, if it failed
    private long lastLoad;
    private boolean loadedBefore;
    private Long askingSince; // when the first load after the last that succeeded began
    private Long lastRebootstrap;

    Metadata(ClientConfig config, ConnectionPool pool) {
        this.config = config;
        this.pool = pool;
        this.candidates = new Candidates(config, pool);
        this.backoff = new Backoff(config.retryBackoff(), config.retryBackoffMax());
        this.scope = Scope.open("metadata-" + config.clientId());
    }

    ClientConfig config() {
        return config;
    }

    ConnectionPool pool() {
        return pool;
    }

    // ---- what callers get

    /** The last snapshot, however old; null before the first load. */
    Cluster last() {
        return current;
    }

    /** The snapshot as it is; waits only when there is none. One that is old, or wrong somewhere, is renewed behind the caller's back. */
    Cluster usable(Deadline deadline) throws InterruptedException {
        Cluster cluster = current;
        if (cluster == null || isForgotten(cluster)) {
            return await(Set.of(), forgottenGeneration, true, deadline);
        }
        if (isStale(cluster)) {
            renewLater();
        }
        return cluster;
    }

    /** A snapshot that nothing speaks against; the old one only when no new one can be had. */
    Cluster get(Deadline deadline) throws InterruptedException {
        Cluster cluster = usable(deadline);
        return isStale(cluster) ? renewed(cluster, deadline) : cluster;
    }

    /** The same with these topics in it. */
    Cluster get(Collection<String> topics, Deadline deadline) throws InterruptedException {
        Cluster cluster = covering(topics, deadline);
        return isStale(cluster) ? renewed(cluster, deadline) : cluster;
    }

    /** A newer snapshot if a single round of questions brings one, otherwise the one there is: the caller has something to go on with. */
    Cluster renewed(Cluster seen, Deadline deadline) throws InterruptedException {
        try {
            return await(Set.of(), seen.generation(), false, deadline);
        } catch (KafkaException e) {
            if (e.recovery() == Recovery.GIVE_UP || isForgotten(seen)) {
                throw e;
            }
            return seen;
        }
    }

    /** A snapshot newer than {@code seen}; does not load when there is one already. */
    Cluster refresh(long seen, Deadline deadline) throws InterruptedException {
        return await(Set.of(), Math.max(seen, forgottenGeneration), true, deadline);
    }

    /** A snapshot that covers these topics, and all asked for before. Topics that do not exist are not asked for again later. */
    Cluster covering(Collection<String> topics, Deadline deadline) throws InterruptedException {
        Cluster cluster = usable(deadline);
        return cluster.covers(topics) ? cluster : await(Set.copyOf(topics), NEVER, true, deadline);
    }

    /** Every topic of the cluster; the snapshot stays as it is. */
    Cluster everything(Deadline deadline) throws InterruptedException {
        usable(deadline);
        MetadataLoad load = new MetadataLoad(this, TopicScope.ALL, false, deadline, Map.of());
        go("metadata-all", () -> body(load, 0));
        return load.await(true, deadline);
    }

    private boolean isStale(Cluster cluster) {
        Duration age = Duration.between(cluster.loadedAt(), Instant.now());
        return staleGeneration >= cluster.generation() || age.compareTo(config.metadataMaxAge()) > 0;
    }

    private boolean isForgotten(Cluster cluster) {
        return forgottenGeneration >= cluster.generation();
    }

    // ---- what callers have found out

    /** Says that a snapshot is wrong, so that another is loaded; a call about an older one changes nothing. */
    void invalidate(long generation) {
        Cluster cluster = current;
        if (cluster != null && cluster.generation() == generation) {
            staleGeneration = generation;
        }
    }

    /** The same, and who needs this (a {@link Route}, a {@link BrokerAddress}) should wait for the other one. */
    void doubt(Object what, long generation) {
        doubts.merge(what, generation, Math::max);
        invalidate(generation);
    }

    /** Also when there is a newer snapshot: with it the doubts about older ones were dropped. */
    boolean isDoubted(Object what, Cluster cluster) {
        return current.generation() > cluster.generation() || doubts.getOrDefault(what, NEVER) >= cluster.generation();
    }

    /**
     * Forgets the brokers that were learned and their connections, to begin again with the configured addresses (KIP-899, KIP-1102).
     * False when that is not wanted, has just happened, or there is nothing to forget.
     */
    boolean rebootstrap(String why) {
        Cluster cluster;
        lock.lock();
        try {
            cluster = current;
            long now = System.nanoTime();
            boolean justNow = lastRebootstrap != null
                    && now - lastRebootstrap < config.retryBackoffMax().toNanos() * REBOOTSTRAPS_APART;
            if (config.recovery() == MetadataRecovery.NONE || cluster == null || isForgotten(cluster) || justNow) {
                return false;
            }
            forgottenGeneration = cluster.generation();
            lastRebootstrap = now;
        } finally {
            lock.unlock();
        }
        LOG.info("starting again from the bootstrap servers, the known brokers are forgotten: {}", why);
        List<BrokerAddress> all = new ArrayList<>(cluster.brokers().values());
        config.bootstrap()
                .forEach(address -> all.add(BrokerAddress.bootstrap(address))); // they may have become stale as well
        pool.drop(all);
        return true;
    }

    /** Takes in what errors told of leaders (KIP-951). */
    Cluster learn(Map<TopicPartition, PartitionLeader> leaders, Collection<BrokerAddress> addresses) {
        lock.lock();
        try {
            current = current == null ? null : current.with(leaders, addresses);
            return current;
        } finally {
            lock.unlock();
        }
    }

    // ---- loading

    private Cluster await(Set<String> topics, long seen, boolean patient, Deadline whole) throws InterruptedException {
        Deadline deadline = current == null ? whole.within(config.bootstrapTimeout()) : whole;
        while (true) {
            MetadataLoad load;
            boolean own;
            lock.lock();
            try {
                Cluster cluster = current;
                if (cluster != null && cluster.generation() > seen && !isForgotten(cluster) && cluster.covers(topics)) {
                    return cluster;
                }
                own = running == null;
                load = own ? start(topics, !patient, longEnough(deadline)) : running;
            } finally {
                lock.unlock();
            }
            try {
                Cluster loaded = load.await(patient, deadline);
                if (load.topics().names().containsAll(topics) && !isForgotten(loaded)) {
                    return loaded;
                }
            } catch (KafkaException e) {
                if (own || !patient || !Retry.passes(e) || deadline.passed()) {
                    throw e;
                }
            }
        }
    }

    /** A load outlives a caller in a hurry: otherwise, where all are, nobody would ever see its end. */
    private Deadline longEnough(Deadline callers) {
        Duration least = current == null ? config.bootstrapTimeout() : config.requestTimeout();
        return callers.allows(least) ? callers : Deadline.after(least);
    }

    private void renewLater() {
        if (!lock.tryLock()) {
            return; // somebody is just about it
        }
        try {
            if (running == null) {
                start(Set.of(), true, Deadline.after(config.apiTimeout()));
            }
        } catch (KafkaException.Closed _) {
            // the caller will find out
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private MetadataLoad start(Set<String> topics, boolean oneRound, Deadline deadline) {
        Set<String> wanted = new TreeSet<>(tracked);
        wanted.addAll(topics);
        MetadataLoad load = new MetadataLoad(this, new TopicScope(wanted), oneRound, deadline, refusals);
        long wait = loadedBefore ? pauseAfter(failedLoads).toNanos() - (System.nanoTime() - lastLoad) : 0;
        go("metadata", () -> body(load, wait));
        running = load;
        return load;
    }

    private void go(String name, Body body) {
        try {
            scope.go(name, body);
        } catch (CancellationException _) {
            throw closed();
        }
    }

    private Duration pauseAfter(int failures) {
        return failures == 0 ? config.retryBackoff() : backoff.after(failures);
    }

    /** The body of the coroutine: whatever happens is told to those who wait. */
    private void body(MetadataLoad load, long waitNanos) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, waitNanos)));
            begun(load);
            Cluster loaded = load.run();
            publish(load, loaded);
            load.succeeded(loaded);
        } catch (KafkaException e) {
            failed(load, e);
        } catch (InterruptedException _) {
            failed(load, closed());
        } catch (RuntimeException | Error e) { // thrown on, it would end this client's loading for good
            LOG.error("loading metadata failed", e);
            failed(load, new KafkaException.ConnectionBroken("metadata", "could not be loaded", e));
        }
    }

    private static KafkaException closed() {
        return new KafkaException.Closed("the client is closed");
    }

    private void begun(MetadataLoad load) {
        lock.lock();
        try {
            if (load == running) {
                lastLoad = System.nanoTime();
                loadedBefore = true;
                askingSince = askingSince == null ? Long.valueOf(lastLoad) : askingSince;
            }
        } finally {
            lock.unlock();
        }
    }

    private void failed(MetadataLoad load, KafkaException why) {
        lock.lock();
        try {
            if (load == running) {
                failedLoads++;
                refusals = load.refusals();
                running = null;
            }
        } finally {
            lock.unlock();
        }
        load.failed(why);
    }

    /** Makes it the snapshot; one that was loaded for somebody's eyes only stays his. */
    private void publish(MetadataLoad load, Cluster loaded) {
        Cluster before;
        lock.lock();
        try {
            if (load != running) {
                return;
            }
            before = current;
            current = loaded;
            Set<String> known = new TreeSet<>(load.topics().names());
            known.removeIf(name -> !loaded.topics().get(name).exists());
            tracked = known;
            running = null;
            failedLoads = 0;
            refusals = Map.of();
            askingSince = null;
            clusterId = clusterId == null ? loaded.clusterId() : clusterId;
            doubts.values().removeIf(generation -> generation < loaded.generation());
        } finally {
            lock.unlock();
        }
        pool.clusterId(clusterId);
        if (before != null
                && Collections.disjoint(
                        before.brokers().values(), loaded.brokers().values())) {
            LOG.info("all brokers are others now: {}", loaded.brokers().values());
            pool.drop(before.brokers().values());
        }
    }

    // ---- for the load

    /** Who is asked, in this order. */
    List<BrokerAddress> candidates() {
        Cluster cluster = current;
        return candidates.forLoad(cluster == null || isForgotten(cluster) ? null : cluster);
    }

    /** The broker for what any broker can do. */
    BrokerAddress anyOf(Cluster cluster) {
        return candidates.any(cluster);
    }

    /** The id of the cluster that this client talks to, the first one it was told; null on brokers before 0.10.1. */
    String clusterId() {
        return clusterId;
    }

    /** Nobody answered a round of questions. When that goes on for too long, what is known of the cluster counts no more (KIP-1102). */
    void roundFailed() {
        Duration failing;
        lock.lock();
        try {
            failing = askingSince == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - askingSince);
        } finally {
            lock.unlock();
        }
        if (failing.compareTo(config.rebootstrapTrigger()) >= 0) {
            rebootstrap("no broker has given metadata for " + failing.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
