package dev.kafkaloom.consumer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What the members of one group in this process share. Thread-safe. */
final class LocalGroup {
    /** Process-wide, so that no two assignments ever have the same epoch. */
    private static final AtomicLong EPOCHS = new AtomicLong();

    private final KafkaClient client;
    private final ConsumerConfig config;
    private final Work work;
    private final RebalanceListener listener;
    private final Fetchers fetchers;
    private final StartOffsets offsets;
    private final OffsetCommits commits;
    private final Runnable wakeAll;
    private final AtomicInteger joining = new AtomicInteger();
    private volatile Cluster latest;
    private final Set<Integer> generations = new HashSet<>();

    /** {@code wakeAll} makes every member look around at once. */
    LocalGroup(
            KafkaClient client,
            ConsumerConfig config,
            Work work,
            RebalanceListener listener,
            Fetchers fetchers,
            StartOffsets offsets,
            Runnable wakeAll) {
        this.client = client;
        this.config = config;
        this.work = work;
        this.listener = listener;
        this.fetchers = fetchers;
        this.offsets = offsets;
        this.commits = new OffsetCommits(client, config.groupId());
        this.wakeAll = wakeAll;
    }

    static long nextEpoch() {
        return EPOCHS.incrementAndGet();
    }

    KafkaClient client() {
        return client;
    }

    ConsumerConfig config() {
        return config;
    }

    Work work() {
        return work;
    }

    RebalanceListener listener() {
        return listener;
    }

    Fetchers fetchers() {
        return fetchers;
    }

    StartOffsets offsets() {
        return offsets;
    }

    /** A committer for one member. */
    Committer committer(String name, Consumer<RuntimeException> onTrouble) {
        return new Committer(commits, config, name, Committer.REFRESH_ALL, onTrouble);
    }

    /**
     * A member of this process is about to join. The others will have to rejoin too, but learn it from a heartbeat only: until this one
     * is in, they send theirs more often, so that a process full of members is together in a moment and not after an interval.
     */
    void joinBegins() {
        joining.incrementAndGet();
        wakeAll.run();
    }

    /** It is in, or has given up. */
    void joinEnded() {
        joining.decrementAndGet();
    }

    boolean someoneJoins() {
        return joining.get() > 0;
    }

    /** The metadata as the watch over the topics has just seen them. */
    void seen(Cluster cluster) {
        latest = cluster;
        wakeAll.run();
    }

    /** What has been added to the topics of a plan since it was made; empty if nothing, or nothing that was seen. No I/O. */
    String growthSince(LeaderPlan plan) {
        Cluster now = latest;
        return now == null ? "" : plan.growth(now);
    }

    /** A member has got its assignment in that generation. */
    void completed(int generation) {
        synchronized (generations) {
            generations.add(generation);
        }
    }

    /** Distinct completed generations after the first. */
    int rebalances() {
        synchronized (generations) {
            return Math.max(0, generations.size() - 1);
        }
    }
}
