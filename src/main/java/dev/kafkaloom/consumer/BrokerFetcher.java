package dev.kafkaloom.consumer;

import dev.kafkaloom.client.PartitionLeader;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
 * positions itself, from the headers of what came, so that the next request leaves before a record of the last answer is decoded. What a
 * round costs depends on the partitions that something happened to, or that hold mail, and not on how many there are.
 *
 * <p>A partition whose mailbox has no credit left is left out, and the session forgets it. A request that waited at the broker for the
 * others would hold that partition up when its credit returns: so while one is left out the broker is asked not to wait at all, and the
 * others, if they had nothing to give, are asked again after a {@link #PAUSE} that is spent here, where returning credit ends it. Likewise
 * a request soon after a partition was placed here waits no longer than that is ago, so that partitions assigned one after the other do
 * not wait for the first one's long poll.
 *
 * <p>Owned by the thread {@code broker-<id>/fetch}; other threads only {@link #add}, {@link #changed} and {@link #wake}.
 */
final class BrokerFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerFetcher.class);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final long IDLE_END = TimeUnit.MINUTES.toNanos(1);

    private final Fetchers fetchers;
    private final FetchConfig config;
    private final int node;
    private final FetchSession session = new FetchSession();
    private final Answers answers;
    private final Signal work = new Signal();
    private final Set<Mailbox> news = new LinkedHashSet<>(); // those that something happened to; guarded by this
    private volatile long lastPlaced = System.nanoTime();
    private FetchAbilities versions; // of the connection that there is; null when there is none
    private final Map<TopicPartition, Seat> seats = new HashMap<>();
    private final Set<Seat> review = new LinkedHashSet<>(); // to be looked at before the next request
    private final Set<Seat> holding =
            new LinkedHashSet<>(); // have mail: what they may do depends on what all others hold
    private final Set<Seat> full = new HashSet<>(); // left out until there is credit
    private final Set<Seat> waiting = new LinkedHashSet<>(); // left out because it is the turn of others
    private final Set<Seat> eager = new HashSet<>(); // gave something to the last request, or were not in it
    private final Set<Seat> unchecked = new LinkedHashSet<>();
    private long lastAnswer = System.nanoTime();
    private long leadersAskedAgain = Long.MAX_VALUE; // when the next follower's time is over
    private int failures;

    BrokerFetcher(Fetchers fetchers, FetchConfig config, int node) {
        this.fetchers = fetchers;
        this.config = config;
        this.node = node;
        this.answers = new Answers(this, fetchers, config);
    }

    int node() {
        return node;
    }

    /** From now on the partition is fetched here. */
    void add(Mailbox mailbox, int leaderEpoch, Uuid topicId) {
        long until = mailbox.preferred() == node // it follows
                ? System.nanoTime() + fetchers.followFor()
                : Long.MAX_VALUE;
        mailbox.place(new Placement(this, leaderEpoch, topicId, until));
        lastPlaced = System.nanoTime();
        changed(mailbox);
    }

    /** Something happened to the partition: it was placed here, moved, paused or closed, or has credit again. */
    void changed(Mailbox mailbox) {
        synchronized (this) {
            news.add(mailbox);
        }
        wake();
    }

    /** The byte budget is not used up any more. */
    void wake() {
        work.raise();
    }

    /** Whether it has nothing to fetch, now and for a while. Asked by its own thread. */
    boolean isEmpty() {
        synchronized (this) {
            return seats.isEmpty() && news.isEmpty();
        }
    }

    void run() throws InterruptedException {
        session.broken();
        while (true) {
            readNews();
            boolean ready = knowsVersions() && checkLogs() && plan();
            if (!ready) {
                if (!work.await(IDLE_END) && fetchers.retire(this)) {
                    return;
                }
            } else if (!pauses()) {
                fetch();
            }
        }
    }

    // ---- what is to be fetched

    private void readNews() {
        List<Mailbox> told;
        synchronized (this) {
            if (news.isEmpty()) {
                return;
            }
            told = new ArrayList<>(news);
            news.clear();
        }
        told.forEach(this::read);
    }

    private void read(Mailbox mailbox) {
        Placement at = mailbox.placement();
        boolean here = !mailbox.isClosed() && at != null && at.fetcher() == this;
        Seat seat = seats.get(mailbox.partition());
        boolean known = seat != null && seat.mailbox == mailbox && seat.placement.equals(at);
        if (here && !known) {
            if (seat != null) {
                drop(seat);
            }
            seat = new Seat(mailbox, at);
            seats.put(mailbox.partition(), seat);
            if (at.leaderEpoch() >= 0 && !at.follows() && mailbox.position().leaderEpoch() >= 0) {
                seat.unchecked = true;
                unchecked.add(seat);
            }
            leadersAskedAgain = Math.min(leadersAskedAgain, at.until());
        } else if (!here && seat != null && seat.mailbox == mailbox) {
            drop(seat);
            return;
        }
        if (here) {
            review.add(seat);
        }
    }

    private void drop(Seat seat) {
        seats.remove(seat.mailbox.partition(), seat);
        session.forget(seat.mailbox.partition());
        review.remove(seat);
        holding.remove(seat);
        full.remove(seat);
        waiting.remove(seat);
        eager.remove(seat);
        unchecked.remove(seat);
    }

    private boolean knowsVersions() throws InterruptedException {
        if (versions == null && !seats.isEmpty()) {
            try {
                versions = FetchAbilities.of(fetchers.highestFetch(node));
            } catch (KafkaException e) {
                brokenOff(e);
            }
        }
        return versions != null;
    }

    /** A leader that does not compare logs itself when it is asked for records is asked to do so before (KIP-320). */
    private boolean checkLogs() throws InterruptedException {
        if (unchecked.isEmpty()) {
            return true;
        }
        List<Seat> all = List.copyOf(unchecked);
        unchecked.clear();
        all.forEach(seat -> seat.unchecked = false);
        if (!versions.findsTruncation()) {
            try {
                new EpochCheck(fetchers, this).check(all);
            } catch (KafkaException e) {
                brokenOff(e);
                return false;
            }
        }
        return true;
    }

    /** Brings the session up to date; false when there is nothing to fetch. */
    private boolean plan() {
        if (System.nanoTime() >= leadersAskedAgain) {
            askLeadersAgain();
        }
        ByteBudget budget = fetchers.budget();
        review.addAll(holding);
        review.addAll(waiting);
        waiting.clear();
        if (!review.isEmpty()) {
            long cap = budget.cap(config.maxPartitionBytes());
            boolean usedUp = budget.isUsedUp();
            review.forEach(seat -> review(seat, cap, usedUp));
            review.clear();
        }
        if (!versions.limitsRequests()) {
            takeTurns(budget.partitionsAtOnce(config.maxPartitionBytes()));
        }
        return !session.isEmpty();
    }

    private void review(Seat seat, long cap, boolean usedUp) {
        Mailbox mailbox = seat.mailbox;
        Want want = mailbox.want(cap, usedUp);
        if (want == Want.READY) {
            Position position = mailbox.position();
            boolean wasFull = full.remove(seat);
            if (wasFull || seat.asked == null || seat.asked.epoch() != position.epoch()) {
                eager.add(seat);
            }
            seat.asked = position;
            int lastEpoch = versions.findsTruncation() ? position.leaderEpoch() : StartAt.UNKNOWN_EPOCH;
            Placement at = seat.placement;
            session.want(
                    mailbox.partition(),
                    new FetchSession.Ask(
                            position.offset(), position.limit(), at.leaderEpoch(), lastEpoch, at.topicId()));
        } else {
            session.forget(mailbox.partition());
            eager.remove(seat);
            if (want == Want.FULL) {
                full.add(seat);
            } else {
                full.remove(seat);
                seat.asked = null;
            }
        }
        if (want == Want.FULL || mailbox.isBehind()) { // also when it was read just now
            holding.add(seat);
        } else {
            holding.remove(seat);
        }
    }

    /** A broker that knows no limit for a whole answer is asked for so many partitions only; the others have their turn next. */
    private void takeTurns(int most) {
        for (TopicPartition partition : session.oldest(session.size() - most)) {
            session.forget(partition);
            waiting.add(seats.get(partition));
        }
    }

    /** Followers serve for a limited time; then the leader says anew who does (KIP-392). */
    private void askLeadersAgain() {
        long now = System.nanoTime();
        leadersAskedAgain = Long.MAX_VALUE;
        for (Seat seat : List.copyOf(seats.values())) {
            if (now >= seat.placement.until()) {
                seat.mailbox.prefer(-1);
                leave(seat, "");
            } else {
                leadersAskedAgain = Math.min(leadersAskedAgain, seat.placement.until());
            }
        }
    }

    /**
     * With a partition left out, those that had nothing to give are asked again only after the pause, unless something changes meanwhile;
     * for one that did give, or has not been asked, there is none. True when it waited, and all has to be looked at again.
     */
    private boolean pauses() throws InterruptedException {
        long left = PAUSE.toNanos() - (System.nanoTime() - lastAnswer);
        boolean pauses = !full.isEmpty() && left > 0 && eager.isEmpty();
        if (pauses) {
            work.await(left);
        }
        return pauses;
    }

    // ---- one request and its answer

    private void fetch() throws InterruptedException {
        Duration hold = hold();
        long granted = fetchers.reserve();
        try {
            FetchResponse response = fetchers.call(node, request(hold, granted), hold);
            lastAnswer = System.nanoTime();
            Optional<ErrorCode> error = session.answered(response);
            if (error.isPresent()) {
                refused(error.get());
            } else {
                failures = 0;
                deliver(response);
            }
        } catch (KafkaException e) {
            brokenOff(e);
        } finally {
            fetchers.giveBack(granted);
        }
    }

    private Duration hold() {
        if (!full.isEmpty()) {
            return Duration.ZERO;
        }
        if (!waiting.isEmpty()) {
            return PAUSE;
        }
        Duration sincePlaced = Duration.ofNanos(Math.max(PAUSE.toNanos(), System.nanoTime() - lastPlaced));
        return sincePlaced.compareTo(config.maxWait()) < 0 ? sincePlaced : config.maxWait();
    }

    private FetchRequest request(Duration hold, long granted) {
        FetchRequest.Builder request = FetchRequest.builder()
                .maxWaitMs((int) hold.toMillis())
                .minBytes(config.minBytes())
                .maxBytes((int) Math.max(1, granted))
                .isolationLevel(config.isolation().id())
                .rackId(config.rack());
        // a request without topics takes the newest version, which speaks ids: no session that was made with names
        // could live with it
        session.prepare(request, !(session.hasNames() && versions.topicIds()));
        return request.build();
    }

    private void deliver(FetchResponse response) {
        List<FetchSession.Answer> answered = session.answers(response);
        eager.clear();
        eager.addAll(waiting);
        answers.begin(response, answered, seats);
        try {
            for (FetchSession.Answer answer : answered) {
                Seat seat = seats.get(answer.partition());
                boolean asked = seat != null && seat.asked != null;
                if (asked && answers.deliver(seat, answer.data()) && seats.get(answer.partition()) == seat) {
                    eager.add(seat);
                    review.add(seat);
                }
            }
        } finally {
            answers.end();
        }
    }

    /** The request as a whole was refused. */
    private void refused(ErrorCode error) throws InterruptedException {
        failures++;
        eager.addAll(seats.values());
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
        LOG.debug("fetching from broker-{} broke off: {}", node, cause.oneLine());
        List.copyOf(seats.values()).forEach(seat -> leave(seat, cause.oneLine()));
    }

    /** The partition goes looking for its leader, after the back-off when there is a reason. */
    void leave(Seat seat, String why) {
        drop(seat);
        fetchers.lookForLeader(seat.mailbox, why);
    }

    /** The partitions go to the leaders that the broker named (KIP-951). */
    void leaveFor(Map<Seat, PartitionLeader> leaders, List<BrokerAddress> addresses) {
        Map<Mailbox, PartitionLeader> moves = new HashMap<>();
        leaders.forEach((seat, leader) -> {
            drop(seat);
            moves.put(seat.mailbox, leader);
        });
        fetchers.move(moves, addresses);
    }

    @Override
    public String toString() {
        return "broker-" + node + "/fetch";
    }
}
