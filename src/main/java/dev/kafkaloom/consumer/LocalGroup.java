package dev.kafkaloom.consumer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
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
    private final Subscription subscription;
    private final Strategy strategy;
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
            Subscription subscription,
            Runnable wakeAll) {
        this.client = client;
        this.config = config;
        this.work = work;
        this.listener = listener;
        this.fetchers = fetchers;
        this.offsets = offsets;
        this.commits = new OffsetCommits(client, config.groupId());
        this.subscription = subscription;
        this.strategy = new Strategy(config);
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

    Subscription subscription() {
        return subscription;
    }

    Strategy strategy() {
        return strategy;
    }

    /** The metadata as the watch over the topics has just seen them. */
    void seen(Cluster cluster) {
        subscription.update(cluster);
        latest = cluster;
        wakeAll.run();
    }

    /** When the metadata were loaded that the watch has seen last. */
    Instant seenAt() {
        Cluster now = latest;
        return now == null ? Instant.MIN : now.loadedAt();
    }

    /**
     * Why a member that joined with these topics, and has that plan if it leads, should make the group rebalance: its pattern matches
     * others now, or there is something else to divide. Empty if there is no reason, or nothing was seen since. No I/O.
     */
    String changeSince(List<String> joinedWith, LeaderPlan plan) {
        Cluster now = latest;
        List<String> topics = subscription.topics();
        return now == null
                ? ""
                : topics.equals(joinedWith)
                        ? plan.change(now)
                        : "the topics that match " + config.topicPattern() + " are " + topics + " now";
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
