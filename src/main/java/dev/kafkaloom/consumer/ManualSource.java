package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that were chosen by hand. With a group their offsets are committed in its name, by somebody who is not a member: the
 * coordinator takes that only while the group has none.
 */
final class ManualSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(ManualSource.class);
    private static final Duration RESET_COMMIT = Duration.ofSeconds(10);
    private static final Duration FINAL_COMMIT = Duration.ofSeconds(10);

    private final String name;
    private final Scope scope;
    private final Fetchers fetchers;
    private final Committer committer; // null: nothing is committed
    private final Map<TopicPartition, PartitionWork> works = new TreeMap<>(); // complete once it is started
    private final Runnable onFailure;
    private volatile boolean someFailed;
    private volatile RuntimeException commitFailure;

    private ManualSource(
            KafkaClient client, ConsumerConfig config, boolean commits, Scope scope, String name, Runnable onFailure) {
        this.name = name;
        this.onFailure = onFailure;
        this.scope = scope;
        this.fetchers = Fetchers.open(client, config.fetch(), scope, name);
        this.committer = !commits
                ? null
                : new Committer(
                        new OffsetCommits(client, config.groupId()),
                        config,
                        name,
                        Committer.REFRESH_ALL,
                        this::commitFailed);
    }

    /** Reads from given offsets; nothing is ever committed. No I/O. */
    static ManualSource fromOffsets(
            KafkaClient client,
            ConsumerConfig config,
            Map<TopicPartition, StartAt> starts,
            Work work,
            Scope scope,
            String name,
            Runnable onFailure) {
        ManualSource source = new ManualSource(client, config, false, scope, name, onFailure);
        source.begin(starts, new StartOffsets(client, config, Map.of()), config, work);
        return source;
    }

    /**
     * Goes on where the group has committed, else where {@code auto.offset.reset} says, and commits in its name.
     *
     * @throws KafkaException when the offsets cannot be found
     */
    static ManualSource fromCommitted(
            KafkaClient client,
            ConsumerConfig config,
            List<TopicPartition> partitions,
            Work work,
            Scope scope,
            String name,
            Runnable onFailure)
            throws InterruptedException {
        ManualSource source = new ManualSource(client, config, true, scope, name, onFailure);
        try {
            StartOffsets offsets = new StartOffsets(client, config, Map.of());
            StartOffsets.Starts starts = offsets.find(partitions);
            if (!starts.reset().isEmpty()) {
                source.asOutsider(() -> source.committer.commitReset(starts.reset(), _ -> true, RESET_COMMIT));
            }
            source.begin(starts.all(), offsets, config, work);
            scope.go(name + "/committer", source.committer::run);
            return source;
        } catch (InterruptedException | RuntimeException e) {
            source.fetchers.close();
            throw e;
        }
    }

    private void begin(Map<TopicPartition, StartAt> starts, StartOffsets offsets, ConsumerConfig config, Work work) {
        work.open(scope, config);
        long epoch = LocalGroup.nextEpoch();
        Policy policy = new Policy(offsets::afterLost, config.onCorrupt(), config.maxPollRecords());
        List<Progress> progresses = new ArrayList<>();
        new TreeMap<>(starts).forEach((partition, at) -> {
            Progress progress = new Progress(partition, epoch, at);
            progresses.add(progress);
            if (committer != null) {
                committer.watch(progress);
            }
            works.put(partition, work.begin(scope, fetchers, at, progress, policy, this::workFailed));
        });
        if (committer != null) {
            committer.follow(Membership.NONE, progresses);
        }
    }

    private void workFailed() {
        someFailed = true;
        onFailure.run();
    }

    private void commitFailed(RuntimeException why) {
        if (why instanceof Rejoin
                || (why instanceof KafkaException e && e.recovery() == KafkaException.Recovery.GIVE_UP)) {
            commitFailure = why instanceof Rejoin rejoin ? hasMembers(rejoin) : why;
            onFailure.run();
        }
    }

    private KafkaException hasMembers(Rejoin why) {
        return new KafkaException.InvalidRequest(name + ": " + why.getMessage()
                + ": the group has members, who alone may commit; subscribe, or use another group.id");
    }

    @Override
    public Map<TopicPartition, PartitionWork> works() {
        return works;
    }

    @Override
    public Optional<PartitionWork> work(TopicPartition partition) {
        return Optional.ofNullable(works.get(partition));
    }

    @Override
    public void commitDone(Duration timeout) throws InterruptedException {
        asOutsider(() -> inGroup().commitNow(timeout));
    }

    @Override
    public void commit(Map<TopicPartition, CommittedOffset> offsets, Duration timeout) throws InterruptedException {
        for (TopicPartition partition : offsets.keySet()) {
            if (!works.containsKey(partition)) {
                throw new KafkaException.InvalidRequest(
                        name + ": commit of " + partition + ": it is not assigned here; nothing was committed");
            }
        }
        asOutsider(() -> inGroup().commit(offsets, _ -> true, timeout));
    }

    private Committer inGroup() {
        if (committer == null) {
            throw new KafkaException.InvalidRequest(name + " was assigned offsets and has no group to commit in: "
                    + "assign partitions without offsets, or subscribe");
        }
        return committer;
    }

    private interface Commit {
        void run() throws InterruptedException;
    }

    private void asOutsider(Commit commit) throws InterruptedException {
        try {
            commit.run();
        } catch (Rejoin e) {
            throw hasMembers(e);
        }
    }

    @Override
    public Optional<RuntimeException> failure() {
        if (commitFailure != null) {
            return Optional.of(commitFailure);
        }
        for (var it : someFailed ? works.entrySet() : Set.<Map.Entry<TopicPartition, PartitionWork>>of()) {
            Optional<Throwable> failure = it.getValue().failure();
            if (failure.isPresent()) {
                return Optional.of(new PartitionFailed(it.getKey(), failure.get()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close(Duration within) {
        try {
            drain(within);
            if (committer != null) {
                committer.commitByItself(within.compareTo(FINAL_COMMIT) < 0 ? within : FINAL_COMMIT);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // no more time: what is left is interrupted below
        } catch (CancellationException e) {
            LOG.debug("{}: its scope was closed before it, nothing is waited for", name, e);
        } catch (Rejoin | KafkaException e) {
            LOG.warn("{}: could not commit before closing, some records will come again: {}", name, e.getMessage());
        } finally {
            works.values().forEach(work -> work.progress().fence());
            works.values().forEach(PartitionWork::stop);
            fetchers.close();
        }
    }

    private void drain(Duration within) throws InterruptedException {
        List<Coroutine> drains = new ArrayList<>();
        works.forEach((partition, work) ->
                drains.add(scope.go("partition-" + partition + "/drain", () -> work.drain(within))));
        long deadline = System.nanoTime() + within.toNanos();
        for (Coroutine drain : drains) {
            if (!drain.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                drain.interrupt();
            }
        }
    }
}
