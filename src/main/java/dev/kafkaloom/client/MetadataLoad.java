package dev.kafkaloom.client;

import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * One load of metadata: asks broker after broker, in rounds, until one answers. Run by one thread; any number may wait for it, each
 * until its own deadline.
 */
final class MetadataLoad {
    private final Metadata metadata;
    private final ConnectionPool pool;
    private final ClientConfig config;
    private final TopicScope topics;
    private final boolean oneRound;
    private final Deadline deadline;
    private final long begun = System.nanoTime();
    private final Map<BrokerAddress, String> refusals = new LinkedHashMap<>(); // guarded by itself
    private final Map<BrokerAddress, String> before;
    private volatile BrokerAddress asking;
    private final CompletableFuture<Cluster> firstRound = new CompletableFuture<>();
    private final CompletableFuture<Cluster> result = new CompletableFuture<>();

    /** {@code before}: why nobody answered the load before; empty when somebody did. */
    MetadataLoad(
            Metadata metadata,
            TopicScope topics,
            boolean oneRound,
            Deadline deadline,
            Map<BrokerAddress, String> before) {
        this.before = before;
        this.metadata = metadata;
        this.pool = metadata.pool();
        this.config = metadata.config();
        this.topics = topics;
        this.oneRound = oneRound;
        this.deadline = deadline;
    }

    TopicScope topics() {
        return topics;
    }

    /** On the thread of the load. */
    Cluster run() throws InterruptedException {
        Retry rounds = Retry.of(config, deadline);
        return rounds.runUntilDone(() -> {
            try {
                return new Retry.Outcome.Done<>(round(rounds.failures()));
            } catch (KafkaException e) {
                firstRound.completeExceptionally(e);
                return oneRound ? new Retry.Outcome.Over<>(e) : new Retry.Outcome.Again<>(e, null);
            }
        });
    }

    void succeeded(Cluster cluster) {
        firstRound.complete(cluster);
        result.complete(cluster);
    }

    void failed(KafkaException why) {
        firstRound.completeExceptionally(why);
        result.completeExceptionally(why);
    }

    /**
     * Waits, {@code patient} for its end, otherwise for the end of its first round.
     *
     * @throws KafkaException why there is no snapshot, or not by the caller's deadline
     */
    Cluster await(boolean patient, Deadline until) throws InterruptedException {
        long from = System.nanoTime();
        try {
            return (patient ? result : firstRound).get(until.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw tooLate(Duration.ofNanos(System.nanoTime() - from));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException cause) {
                throw cause;
            }
            throw new IllegalStateException("loading metadata", e.getCause());
        }
    }

    private Cluster round(int failures) throws InterruptedException {
        List<BrokerAddress> candidates = metadata.candidates();
        Map<BrokerAddress, String> strangers = new LinkedHashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            BrokerAddress peer = candidates.get(i);
            asking = peer;
            try {
                Cluster cluster = ask(peer, timeFor(candidates.size() - i, candidates.size(), failures));
                String stranger = otherCluster(cluster);
                if (stranger == null) {
                    return cluster;
                }
                strangers.put(peer, stranger);
                refused(
                        peer,
                        "it belongs to the cluster " + stranger + ", this client talks to " + metadata.clusterId());
            } catch (KafkaException.Closed | KafkaException.InvalidRequest e) {
                throw e;
            } catch (KafkaException e) {
                refused(peer, reason(e, peer));
                if (isCalledForRebootstrap(e) && metadata.rebootstrap(e.oneLine())) {
                    return round(failures);
                }
            }
            if (deadline.passed()) {
                break;
            }
        }
        metadata.roundFailed();
        throw strangers.isEmpty() ? nobody() : replaced(strangers);
    }

    /** One that is silent must not use up the time of those behind it. */
    private Deadline timeFor(int left, int all, int failures) {
        Deadline share = deadline.within(deadline.left().dividedBy(left)).within(config.requestTimeout());
        return all == 1 ? share : share.within(new Patience(config.requestTimeout()).after(failures));
    }

    private Cluster ask(BrokerAddress peer, Deadline one) throws InterruptedException {
        Cluster known = metadata.last();
        MetadataResponse response = pool.send(
                        peer,
                        Lane.CONTROL,
                        "",
                        versions -> topics.requestFor(versions, known),
                        null,
                        config.requestTimeout(),
                        one)
                .await(one.left());
        return Clusters.of(response, topics, known, peer);
    }

    private static boolean isCalledForRebootstrap(KafkaException e) {
        return e instanceof KafkaException.BrokerError error && error.code() == ErrorCode.REBOOTSTRAP_REQUIRED;
    }

    private void refused(BrokerAddress peer, String why) {
        synchronized (refusals) {
            // what a peer said in time tells more than that there was no time left to hear it again
            refusals.compute(peer, (_, before) -> before != null && deadline.passed() ? before : why);
        }
    }

    private static String reason(KafkaException e, BrokerAddress peer) {
        String line = e.oneLine();
        String prefix = peer + ": ";
        return line.startsWith(prefix) ? line.substring(prefix.length()) : line;
    }

    private KafkaException nobody() {
        return nobody(Duration.ofNanos(System.nanoTime() - begun), tried());
    }

    private static KafkaException nobody(Duration spent, String tried) {
        return new KafkaException.ConnectionBroken("no broker answered within " + seconds(spent), tried, null);
    }

    /** For one whose deadline comes before the end of the load. */
    private KafkaException tooLate(Duration waited) {
        String tried = tried();
        return tried.isEmpty()
                ? new KafkaException.RequestTimedOut("metadata of the cluster, which is needed first" + asked(), waited)
                : nobody(waited, tried);
    }

    private String asked() {
        BrokerAddress peer = asking;
        return peer == null ? "" : " (" + plain(peer) + " is being asked)";
    }

    /** Why each did not answer; when none was asked yet, why they did not the time before. */
    private String tried() {
        synchronized (refusals) {
            return (refusals.isEmpty() ? before : refusals)
                    .entrySet().stream()
                            .map(each -> plain(each.getKey()) + ": " + each.getValue())
                            .collect(Collectors.joining("; "));
        }
    }

    /** What {@link #tried} is made of, for the next load. */
    Map<BrokerAddress, String> refusals() {
        synchronized (refusals) {
            return refusals.isEmpty() ? before : new LinkedHashMap<>(refusals);
        }
    }

    /** Whoever answers belongs to another cluster: to go on there could mean to write there, so that has to be somebody's decision. */
    private KafkaException replaced(Map<BrokerAddress, String> strangers) {
        List<String> each = new ArrayList<>();
        strangers.forEach((peer, cluster) -> each.add(plain(peer) + " is of cluster " + cluster));
        return new KafkaException.BrokerError(
                ErrorCode.INCONSISTENT_CLUSTER_ID,
                "this client talks to cluster " + metadata.clusterId() + ", but " + String.join(", ", each)
                        + "; if the cluster was replaced on purpose, start the client anew");
    }

    private static String plain(BrokerAddress peer) {
        return peer.nodeId() == BrokerAddress.BOOTSTRAP ? peer.hostAndPort().toString() : peer.toString();
    }

    private static String seconds(Duration spent) {
        return spent.toMillis() < 1000 ? spent.toMillis() + " ms" : (long) Math.ceil(spent.toMillis() / 1000.0) + " s";
    }

    /** The id of the cluster that this snapshot is of, when it is not ours; otherwise null. */
    private String otherCluster(Cluster loaded) {
        String ours = metadata.clusterId();
        return ours == null || loaded.clusterId() == null || ours.equals(loaded.clusterId())
                ? null
                : loaded.clusterId();
    }
}
