package dev.kafkaloom.consumer;

import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches all partitions that one broker serves to this process, one request at a time on a connection of its own. It moves the fetch
 * positions itself, from the headers of what came, so that the next request leaves before a record of the last answer is decoded.
 *
 * <p>A partition whose mailbox has no credit left is left out, and the session forgets it. A request that waited at the broker for the
 * others would hold that partition up when its credit returns: so while one is left out the broker is asked not to wait at all, and the
 * others, if they had nothing to give, are asked again after a {@link #PAUSE} that is spent here, where returning credit ends it. Likewise a request soon after a
 * partition was placed here waits no longer than that is ago, so that partitions assigned one after the other do not wait for the first
 * one's long poll.
 *
 * <p>Owned by the thread {@code broker-<id>/fetch}; other threads only {@link #add} and {@link #wake}.
 */
final class BrokerFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerFetcher.class);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final long IDLE_END = TimeUnit.MINUTES.toNanos(1);
    private static final short LIMITED_REQUESTS = 3;
    private static final short TOPIC_IDS = 13;

    /** One partition of a request. */
    private record Asked(Mailbox mailbox, Mailbox.Position position, Mailbox.Placement placement) {}

    /** What a request is about; {@code leftOut} says that a partition waits for credit. */
    private record Round(Map<TopicPartition, Asked> asked, boolean leftOut) {}

    private final Fetchers fetchers;
    private final FetchConfig config;
    private final int node;
    private final FetchSession session = new FetchSession();
    private final Signal work = new Signal();
    private final Set<Mailbox> mailboxes = new LinkedHashSet<>(); // guarded by this
    private volatile long lastPlaced = System.nanoTime();
    private VersionsKnown versions; // of the connection that there is; null when there is none
    private final Set<Mailbox> quiet = new HashSet<>(); // asked in the last request, and had nothing
    private long lastAnswer = System.nanoTime();
    private int failures;

    BrokerFetcher(Fetchers fetchers, FetchConfig config, int node) {
        this.fetchers = fetchers;
        this.config = config;
        this.node = node;
    }

    int node() {
        return node;
    }

    /** From now on the partition is fetched here. */
    void add(Mailbox mailbox, int leaderEpoch, Uuid topicId) {
        mailbox.place(new Mailbox.Placement(this, leaderEpoch, topicId));
        synchronized (this) {
            mailboxes.add(mailbox);
        }
        lastPlaced = System.nanoTime();
        wake();
    }

    /** Something changed: credit returned, a seek, a partition more or less. */
    void wake() {
        work.raise();
    }

    synchronized boolean isEmpty() {
        return mailboxes.isEmpty();
    }

    void run() throws InterruptedException {
        session.broken();
        while (true) {
            Round round = knowsVersions() ? plan() : null;
            if (round == null || round.asked.isEmpty()) {
                if (!work.await(IDLE_END) && fetchers.retire(this)) {
                    return;
                }
            } else if (!pausesFor(round)) {
                fetch(round);
            }
        }
    }

    /**
     * With a partition left out, those that had nothing to give are asked again only after the pause, unless something changes meanwhile;
     * for one that did give, or has not been asked, there is none. True when it waited, and all has to be looked at again.
     */
    private boolean pausesFor(Round round) throws InterruptedException {
        long left = PAUSE.toNanos() - (System.nanoTime() - lastAnswer);
        boolean pauses = round.leftOut
                && left > 0
                && round.asked.values().stream().allMatch(asked -> quiet.contains(asked.mailbox));
        if (pauses) {
            work.await(left);
        }
        return pauses;
    }

    /** What the broker's highest Fetch version decides. */
    private record VersionsKnown(boolean limitsRequests, boolean topicIds) {}

    private boolean knowsVersions() throws InterruptedException {
        if (versions == null && !isEmpty()) {
            try {
                short highest = fetchers.highestFetch(node);
                versions = new VersionsKnown(highest >= LIMITED_REQUESTS, highest >= TOPIC_IDS);
            } catch (KafkaException e) {
                brokenOff(e);
            }
        }
        return versions != null;
    }

    private Round plan() {
        ByteBudget budget = fetchers.budget();
        int most = versions.limitsRequests ? Integer.MAX_VALUE : budget.partitionsAtOnce(config.maxPartitionBytes());
        return plan(fetchers.cap(), budget.isUsedUp(), most);
    }

    private synchronized Round plan(long cap, boolean usedUp, int most) {
        mailboxes.removeIf(mailbox -> mailbox.isClosed()
                || mailbox.placement() == null
                || mailbox.placement().fetcher() != this);
        Map<TopicPartition, Asked> asked = new LinkedHashMap<>();
        boolean leftOut = false;
        for (Mailbox mailbox : mailboxes) {
            switch (mailbox.want(cap, usedUp)) {
                case READY -> {
                    if (asked.size() < most) {
                        asked.put(mailbox.partition(), new Asked(mailbox, mailbox.position(), mailbox.placement()));
                    } else {
                        leftOut = true;
                    }
                }
                case FULL -> leftOut = true;
                case NOT_NOW -> {}
            }
        }
        if (asked.size() >= most) { // the others have their turn next
            asked.values().forEach(each -> {
                mailboxes.remove(each.mailbox);
                mailboxes.add(each.mailbox);
            });
        }
        return new Round(asked, leftOut);
    }

    /** One request and its answer. */
    private void fetch(Round round) throws InterruptedException {
        Duration hold = hold(round);
        long granted = fetchers.reserve();
        quiet.clear();
        try {
            FetchResponse response = fetchers.call(node, request(round, hold, granted), hold);
            lastAnswer = System.nanoTime();
            Optional<ErrorCode> error = session.answered(response);
            if (error.isPresent()) {
                refused(error.get());
            } else {
                failures = 0;
                deliver(round, response);
            }
        } catch (KafkaException e) {
            brokenOff(e);
        } finally {
            fetchers.giveBack(granted);
        }
    }

    private Duration hold(Round round) {
        if (round.leftOut) {
            return Duration.ZERO;
        }
        Duration sincePlaced = Duration.ofNanos(Math.max(PAUSE.toNanos(), System.nanoTime() - lastPlaced));
        return sincePlaced.compareTo(config.maxWait()) < 0 ? sincePlaced : config.maxWait();
    }

    private FetchRequest request(Round round, Duration hold, long granted) {
        Map<TopicPartition, FetchSession.Ask> wanted = LinkedHashMap.newLinkedHashMap(round.asked.size());
        boolean named = false;
        for (Asked asked : round.asked.values()) {
            Mailbox.Placement at = asked.placement;
            named |= at.topicId().equals(Uuid.ZERO);
            wanted.put(
                    asked.mailbox.partition(),
                    new FetchSession.Ask(
                            asked.position.offset(), asked.position.limit(), at.leaderEpoch(), at.topicId()));
        }
        FetchRequest.Builder request = FetchRequest.builder()
                .maxWaitMs((int) hold.toMillis())
                .minBytes(config.minBytes())
                .maxBytes((int) Math.max(1, granted))
                .isolationLevel(config.isolation().id())
                .rackId(config.rack());
        // a request without topics takes the newest version, which speaks ids: no session that was made with names
        // could live with it
        session.prepare(request, wanted, !(named && versions.topicIds));
        return request.build();
    }

    /** The request as a whole was refused. */
    private void refused(ErrorCode error) throws InterruptedException {
        failures++;
        LOG.debug("broker-{} refused a fetch: {}, the next one names all partitions", node, error);
        if (error.recovery() != KafkaException.Recovery.RETRY_SAME) {
            LOG.warn("broker-{} refused a fetch: {} ({})", node, error, error.meaning());
        }
        if (failures > 1) {
            work.await(fetchers.backOff(failures).toNanos());
        }
    }

    /** No answer: all partitions look for a leader again, after the back-off. */
    private void brokenOff(KafkaException cause) {
        session.broken();
        versions = null;
        failures++;
        List<Mailbox> all;
        synchronized (this) {
            all = new ArrayList<>(mailboxes);
        }
        LOG.debug("fetching from broker-{} broke off: {}", node, cause.oneLine());
        all.forEach(mailbox -> leave(mailbox, cause.oneLine()));
    }

    /** The partition goes looking for its leader, after the back-off. */
    private void leave(Mailbox mailbox, String why) {
        synchronized (this) {
            mailboxes.remove(mailbox);
        }
        fetchers.lookForLeader(mailbox, why);
    }

    private void deliver(Round round, FetchResponse response) {
        List<FetchSession.Answer> answers = session.answers(response);
        long size = 0;
        for (FetchSession.Answer answer : answers) {
            size += answer.data().records() == null
                    ? 0
                    : answer.data().records().remaining();
        }
        round.asked.values().forEach(asked -> quiet.add(asked.mailbox));
        for (FetchSession.Answer answer : answers) {
            Asked asked = round.asked.get(answer.partition());
            if (asked != null && deliver(asked, answer.data(), size)) {
                quiet.remove(asked.mailbox);
            }
        }
    }

    /** Returns whether the partition had anything to give. */
    private boolean deliver(Asked asked, FetchResponse.PartitionData data, long answerSize) {
        ErrorCode error = ErrorCode.of(data.errorCode());
        if (error != ErrorCode.NONE) {
            failed(asked, error);
            return true;
        }
        Mailbox mailbox = asked.mailbox;
        mailbox.receivedOffsets(data.highWatermark(), data.logStartOffset());
        if (data.preferredReadReplica() >= 0 && data.preferredReadReplica() != node) {
            mailbox.prefer(data.preferredReadReplica());
            leave(mailbox, "");
        }
        ByteBuffer records = data.records();
        if (records == null || !records.hasRemaining()) {
            return false;
        }
        try {
            receive(asked, data, records, answerSize);
        } catch (KafkaException.MalformedMessage e) {
            mailbox.receivedFailure(asked.position, e);
        }
        return true;
    }

    private void receive(Asked asked, FetchResponse.PartitionData data, ByteBuffer records, long answerSize) {
        Mailbox mailbox = asked.mailbox;
        List<RecordBatch> batches = RecordBatches.split(records);
        if (batches.isEmpty()) {
            grow(asked, RecordBatches.firstBatchSize(records));
            return;
        }
        long next = batches.getLast().header().nextOffset();
        if (next <= asked.position.offset()) {
            throw new KafkaException.MalformedMessage(
                    "fetch of " + mailbox.partition(),
                    "asked for offset " + asked.position.offset() + ", the batches end before " + next);
        }
        if (mailbox.isBehind() && records.remaining() < answerSize / 2) {
            batches = RecordBatches.split(copy(records)); // what has to wait must not keep the neighbours' bytes alive
        }
        List<FetchResponse.AbortedTransaction> aborted =
                data.abortedTransactions() == null ? List.of() : data.abortedTransactions();
        mailbox.received(
                asked.position, new Mail.Batches(asked.position.epoch(), batches, records.remaining(), aborted), next);
    }

    private static ByteBuffer copy(ByteBuffer records) {
        return ByteBuffer.allocate(records.remaining()).put(records.duplicate()).flip();
    }

    /** Brokers before 0.10.1 cut even the first message at the limit. */
    private void grow(Asked asked, int firstBatch) {
        int limit = asked.position.limit();
        long needed = firstBatch > 0 ? firstBatch : 2L * limit;
        if (needed <= limit || needed > config.maxBytes()) {
            asked.mailbox.receivedFailure(
                    asked.position,
                    new KafkaException.MalformedMessage(
                            "fetch of " + asked.mailbox.partition(),
                            "the message at offset " + asked.position.offset() + " takes " + needed
                                    + " bytes, more than fetch.max.bytes, " + config.maxBytes()
                                    + ", or it is cut off"));
        } else {
            LOG.debug(
                    "{} has a message of {} bytes at {}: its limit grows",
                    asked.mailbox.partition(),
                    needed,
                    asked.position.offset());
            asked.mailbox.growLimit((int) needed);
        }
    }

    private void failed(Asked asked, ErrorCode error) {
        Mailbox mailbox = asked.mailbox;
        TopicPartition partition = mailbox.partition();
        if (!mailbox.isCurrent(asked.position)) {
            return;
        }
        if (error == ErrorCode.OFFSET_OUT_OF_RANGE) {
            if (mailbox.preferred() == node) {
                leave(mailbox, "broker-" + node + " follows and does not have offset " + asked.position.offset());
            } else {
                mailbox.receivedLoss(asked.position, new LostPosition.OutOfRange(asked.position.at()));
            }
            return;
        }
        boolean again = error == ErrorCode.UNKNOWN_SERVER_ERROR || error.recovery() != KafkaException.Recovery.GIVE_UP;
        if (again) {
            leave(mailbox, error + " (" + error.meaning() + ")");
        } else {
            mailbox.receivedFailure(
                    asked.position,
                    new KafkaException.BrokerError(
                            error, "fetch of " + partition + " at offset " + asked.position.offset()));
        }
    }

    @Override
    public String toString() {
        return "broker-" + node + "/fetch";
    }
}
