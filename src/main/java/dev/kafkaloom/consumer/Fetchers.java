package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.client.PartitionLeader;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.consumer.Seekers.Seeker;
import dev.kafkaloom.coroutine.Restart;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that is fetched in a process: a {@link BrokerFetcher} for each broker that leads an assigned partition, one bound on the bytes
 * of all of them, and a thread that brings each partition to its leader, at first and after every error that says it is elsewhere.
 * Thread-safe.
 */
public final class Fetchers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Fetchers.class);
    private static final Duration BACK_OFF = Duration.ofMillis(100);
    private static final Duration BACK_OFF_MAX =
            Duration.ofMillis(400); // an election takes seconds, and is over at any moment
    private static final Duration BACK_OFF_LONG = Duration.ofSeconds(1);
    private static final int LONG_AFTER = 20;
    private static final Duration RESTART_MAX = Duration.ofSeconds(10);

    private final KafkaClient client;
    private final FetchConfig config;
    private final Scope scope;
    private final String owner;
    private final ByteBudget budget;
    private final Consumer<byte[]> recycler;
    private final Seekers seekers = new Seekers();
    private final Map<TopicPartition, Mailbox> open = new HashMap<>(); // all below guarded by this
    private final Map<Integer, BrokerFetcher> byNode = new HashMap<>();

    private Fetchers(KafkaClient client, FetchConfig config, Scope scope, String owner, Consumer<byte[]> recycler) {
        this.client = client;
        this.config = config;
        this.scope = scope;
        this.owner = owner;
        this.recycler = recycler;
        this.budget = new ByteBudget(config.maxBufferedBytes());
    }

    /** Starts without fetching anything; threads run in a scope of their own inside {@code parent}. No I/O. */
    public static Fetchers open(KafkaClient client, FetchConfig config, Scope parent) {
        return open(client, config, parent, "");
    }

    /** The same on connections of its own, because a broker serves the requests of one connection one after the other. */
    static Fetchers open(KafkaClient client, FetchConfig config, Scope parent, String owner) {
        return open(client, config, parent, owner, client::recycle);
    }

    /** The same, with another place for the memory of answers that were read. */
    static Fetchers open(
            KafkaClient client, FetchConfig config, Scope parent, String owner, Consumer<byte[]> recycler) {
        Fetchers fetchers = new Fetchers(client, config, parent.child("fetch"), owner, recycler);
        fetchers.scope.supervise("fetch-placement", Restart.onException(BACK_OFF, RESTART_MAX), fetchers::placeAll);
        return fetchers;
    }

    /** The settings. */
    public FetchConfig config() {
        return config;
    }

    /** Bytes fetched and not handled yet, over all partitions. */
    public long bufferedBytes() {
        return budget.buffered();
    }

    /**
     * Fetches a partition from {@code start} on. One that is open already loses it: the later assignment counts.
     *
     * @param arrived called, on any thread, when there is mail; must not block
     */
    Mailbox subscribe(TopicPartition partition, long assignmentEpoch, StartAt start, Runnable arrived) {
        Mailbox mailbox = new Mailbox(
                partition, assignmentEpoch, start, config.maxPartitionBytes(), budget, this::wakeAll, arrived);
        Mailbox before;
        synchronized (this) {
            before = open.put(partition, mailbox);
        }
        if (before != null) {
            before.close();
        }
        seekers.add(mailbox, 0, "");
        return mailbox;
    }

    /** The partition is not fetched any more, and what is buffered is dropped. */
    void unsubscribe(Mailbox mailbox) {
        mailbox.close();
        synchronized (this) {
            open.remove(mailbox.partition(), mailbox);
        }
    }

    /** Stops all fetching; waits for the threads. */
    @Override
    public void close() {
        scope.close();
        List<Mailbox> all;
        synchronized (this) {
            all = List.copyOf(open.values());
            open.clear();
        }
        all.forEach(Mailbox::close);
        client.release(owner);
    }

    // ---- for the fetchers

    ByteBudget budget() {
        return budget;
    }

    /** Sets bytes aside for one answer: with several leaders all their answers together leave room for half of what is buffered. */
    long reserve() {
        int leaders;
        synchronized (this) {
            leaders = byNode.size();
        }
        return budget.reserve(
                leaders < 2 ? config.maxBytes() : Math.min(config.maxBytes(), config.maxBufferedBytes() / 2 / leaders));
    }

    void giveBack(long reserved) {
        if (budget.release(reserved)) {
            wakeAll();
        }
    }

    short highestFetch(int node) throws InterruptedException {
        return client.versions(node, ApiKey.FETCH).highest();
    }

    FetchResponse call(int node, FetchRequest request, Duration hold) throws InterruptedException {
        return client.callOnce(
                new Route.Broker(node),
                request,
                CallOptions.DEFAULT.lane(Lane.FETCH).owner(owner).hold(hold));
    }

    /** One short call that is not for records. */
    <R extends Response> R call(int node, Request<R> request) throws InterruptedException {
        return client.callOnce(new Route.Broker(node), request, CallOptions.DEFAULT);
    }

    void recycle(byte[] array) {
        recycler.accept(array);
    }

    /** How long a follower is fetched from before the leader is asked again, in nanoseconds. */
    long followFor() {
        return client.config().metadataMaxAge().toNanos();
    }

    Duration backOff(int failures) {
        Duration max = failures > LONG_AFTER ? BACK_OFF_LONG : BACK_OFF_MAX;
        long most = Math.min(max.toMillis(), BACK_OFF.toMillis() << Math.clamp(failures - 1L, 0, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most * 4 / 5, most * 6 / 5 + 1));
    }

    /** The partition has no fetcher any more; {@code why} is empty when nothing went wrong. */
    void lookForLeader(Mailbox mailbox, String why) {
        mailbox.place(null);
        boolean trouble = !why.isEmpty();
        long wait = trouble ? backOff(mailbox.failedAgain(why)).toNanos() : 0;
        if (trouble) {
            mailbox.prefer(-1);
        }
        seekers.add(mailbox, wait, why);
    }

    /** These go to the leaders that an error named (KIP-951), without metadata; those whose leader nobody can reach look for one. */
    void move(Map<Mailbox, PartitionLeader> leaders, List<BrokerAddress> addresses) {
        Map<TopicPartition, PartitionLeader> learned = new HashMap<>();
        leaders.forEach((mailbox, leader) -> learned.put(mailbox.partition(), leader));
        Cluster cluster = client.learn(learned, addresses);
        leaders.forEach((mailbox, leader) -> {
            LOG.debug(
                    "{} is led by broker-{} in epoch {} now",
                    mailbox.partition(),
                    leader.nodeId(),
                    leader.leaderEpoch());
            mailbox.prefer(-1);
            if (cluster != null && cluster.brokers().containsKey(leader.nodeId())) {
                add(leader.nodeId(), mailbox, leader.leaderEpoch(), mailbox.topicId());
            } else {
                lookForLeader(mailbox, "it is led by broker-" + leader.nodeId() + ", whose address is not known");
            }
        });
    }

    /** Lets go of a fetcher that has had nothing to do for long; false when it has something by now. */
    synchronized boolean retire(BrokerFetcher fetcher) {
        return fetcher.isEmpty() && byNode.remove(fetcher.node(), fetcher);
    }

    private void wakeAll() {
        List<BrokerFetcher> all;
        synchronized (this) {
            all = List.copyOf(byNode.values());
        }
        all.forEach(BrokerFetcher::wake);
    }

    // ---- the thread fetch-placement

    private void placeAll() throws InterruptedException {
        while (true) {
            List<Seeker> due = seekers.take();
            try {
                place(due);
            } catch (KafkaException e) {
                LOG.debug(
                        "cannot find the leaders of {}: {}",
                        due.size() == 1 ? due.getFirst().mailbox().partition() : due.size(),
                        e.oneLine());
                due.forEach(each -> lookForLeader(each.mailbox(), e.oneLine()));
            }
        }
    }

    private void place(List<Seeker> due) throws InterruptedException {
        Optional<Seeker> stale = due.stream().filter(Seeker::stale).findFirst();
        if (stale.isPresent()) {
            client.refreshCluster("fetch of " + stale.get().mailbox().partition() + ": "
                    + stale.get().why());
        }
        Set<String> topics =
                due.stream().map(each -> each.mailbox().partition().topic()).collect(Collectors.toSet());
        Cluster cluster = client.clusterWith(topics);
        due.forEach(each -> place(each.mailbox(), cluster));
    }

    private void place(Mailbox mailbox, Cluster cluster) {
        TopicPartition partition = mailbox.partition();
        TopicInfo topic = cluster.topics().get(partition.topic());
        ErrorCode error = topic == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : topic.error();
        if (error == ErrorCode.TOPIC_AUTHORIZATION_FAILED || error == ErrorCode.INVALID_TOPIC_EXCEPTION) {
            mailbox.receivedFailure(mailbox.position(), new KafkaException.BrokerError(error, "fetch of " + partition));
            return;
        }
        Optional<PartitionInfo> info = cluster.partition(partition);
        int node = info.map(PartitionInfo::leaderId).orElse(-1);
        int preferred = mailbox.preferred();
        if (preferred >= 0 && cluster.brokers().containsKey(preferred)) {
            node = preferred;
        }
        if (node < 0 || !cluster.brokers().containsKey(node)) {
            lookForLeader(mailbox, error == ErrorCode.NONE ? "no leader" : error + " (" + error.meaning() + ")");
            return;
        }
        Uuid id = topic == null ? Uuid.ZERO : topic.id();
        noticeRecreated(mailbox, id);
        add(node, mailbox, info.map(PartitionInfo::leaderEpoch).orElse(-1), id);
    }

    /** Another id is another topic, though of the same name: a position in the one says nothing about the other (KIP-516). */
    private static void noticeRecreated(Mailbox mailbox, Uuid id) {
        Uuid before = mailbox.topicId();
        if (id.equals(Uuid.ZERO) || id.equals(before)) {
            return;
        }
        mailbox.topicId(id);
        if (!before.equals(Uuid.ZERO)) {
            Position position = mailbox.position();
            mailbox.receivedLoss(position, new LostPosition.Recreated(position.at(), before, id));
        }
    }

    /** Under the lock to the end: no fetcher retires between being found and having the partition. */
    private synchronized void add(int node, Mailbox mailbox, int leaderEpoch, Uuid topicId) {
        BrokerFetcher fetcher = byNode.computeIfAbsent(node, _ -> {
            BrokerFetcher fresh = new BrokerFetcher(this, config, node);
            scope.supervise(fresh.toString(), Restart.onException(BACK_OFF, RESTART_MAX), fresh::run);
            return fresh;
        });
        fetcher.add(mailbox, leaderEpoch, topicId);
    }
}
