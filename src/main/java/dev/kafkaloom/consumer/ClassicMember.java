package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.JoinGroupResponse;
import dev.kafkaloom.message.SyncGroupResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a group: join, sync, heartbeat until the group is rebalanced, heartbeat until everything is given back, and again.
 * {@link #run} is the body of the virtual thread {@code group-<id>/member-<i>}, which alone talks to the coordinator for this member
 * and alone changes its state; the other methods may be called from any thread and do not block, {@link #commitNow} apart.
 */
final class ClassicMember implements Member {
    private static final Logger LOG = LoggerFactory.getLogger(ClassicMember.class);
    private static final Duration QUICK = Duration.ofMillis(100);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(3);

    private final LocalGroup group;
    private final int index;
    private final String name;
    private final Scope scope;
    private final CoordinatorCalls calls;
    private final Committer committer;
    private final Signal wake = new Signal();
    private final Object interruptGate = new Object();
    private Coroutine waitsForOthers; // guarded by interruptGate: this member, while it may be interrupted
    private Heartbeats heartbeats;
    private Duration rejoinPause = Duration.ZERO;
    private String joinReason = "new member";

    private volatile State state = State.JOINING;
    private volatile Membership me = Membership.NONE;
    private volatile Assignment assignment;
    private volatile LeaderPlan plan = LeaderPlan.NONE;
    private volatile String leaderId = "";
    private volatile String lastError = "";
    private volatile RuntimeException fault;
    private volatile Duration drainOnClose; // null: not closing

    /** {@code scope} is this member's own. */
    ClassicMember(LocalGroup group, int index, String name, Scope scope) {
        this.group = group;
        this.index = index;
        this.name = name;
        this.scope = scope;
        this.calls = new CoordinatorCalls(group.client(), group.config(), name);
        this.committer = group.committer(name, this::commitFailed);
    }

    @Override
    public void run() throws InterruptedException {
        scope.go(name + "/committer", committer::run);
        try {
            while (!closing()) {
                oneGeneration();
            }
        } catch (CancellationException e) {
            throw new InterruptedException(
                    name + " was cancelled: " + e.getMessage()); // as InterruptedException: no good-bye
        } catch (RuntimeException e) {
            fault = e;
            lastError = oneLine(e);
            LOG.error("{} has failed and leaves the group: {}", name, lastError);
            LOG.debug("{} has failed", name, e);
        } finally {
            loseEverything();
        }
        leave();
    }

    private void oneGeneration() throws InterruptedException {
        try {
            if (joinAndSync()) {
                heartbeatUntilRebalance();
                heartbeatUntilDrained();
            }
        } catch (Rejoin e) {
            LOG.info("{} joins again: {}", name, e.getMessage());
            me = e.after(me);
            joinReason = e.getMessage();
            lastError = e.getMessage();
            pauseBeforeRejoin();
        } catch (KafkaException e) {
            giveUpOrWait(e);
        } finally {
            loseEverything();
        }
    }

    /** The part in which the coordinator makes it wait for others, and in which {@link #close} therefore interrupts it; false then. */
    private boolean joinAndSync() throws InterruptedException {
        group.joinBegins();
        try {
            if (!mayInterrupt(true)) {
                return false;
            }
            JoinGroupResponse joined = join();
            sync(joined);
            return true;
        } catch (InterruptedException e) {
            calls.disconnect();
            if (!closing()) {
                throw e;
            }
            return false;
        } finally {
            mayInterrupt(false);
            group.joinEnded();
        }
    }

    private boolean mayInterrupt(boolean may) {
        synchronized (interruptGate) {
            waitsForOthers = may ? Coroutine.current().orElse(null) : null;
            if (!may && closing()) {
                Thread.interrupted(); // of close(), too late to matter
            }
            return !closing();
        }
    }

    private JoinGroupResponse join() throws InterruptedException {
        state = State.JOINING;
        Duration backOff = QUICK;
        while (true) {
            calls.learnTimeouts();
            JoinGroupResponse joined = calls.join(me.memberId(), joinReason);
            switch (calls.judge(ErrorCode.of(joined.errorCode()), "join")) {
                case OK -> {
                    me = new Membership(joined.memberId(), joined.generationId());
                    leaderId = joined.leader();
                    return joined;
                }
                case ID_GIVEN -> me = new Membership(joined.memberId(), -1);
                case FORGOTTEN -> throw new Rejoin(GroupAnswer.FORGOTTEN, "join: UNKNOWN_MEMBER_ID");
                case REBALANCE, GENERATION_PASSED, TRY_AGAIN, MOVED -> {
                    lastError = "join: " + ErrorCode.of(joined.errorCode());
                    Thread.sleep(backOff);
                    backOff = min(backOff.multipliedBy(2), Duration.ofSeconds(1));
                }
                case FATAL -> throw new AssertionError("thrown by judge()");
            }
        }
    }

    private void sync(JoinGroupResponse joined) throws InterruptedException {
        state = State.SYNCING;
        checkProtocol(joined.protocolName());
        boolean leads = joined.memberId().equals(joined.leader());
        plan = leads && !joined.skipAssignment() ? LeaderPlan.make(group.client(), joined) : LeaderPlan.NONE;
        SyncGroupResponse synced = calls.sync(me, joined.protocolName(), plan.assignments());
        GroupAnswer answer = calls.judge(ErrorCode.of(synced.errorCode()), "sync");
        if (answer != GroupAnswer.OK) {
            throw new Rejoin(answer, "sync: " + ErrorCode.of(synced.errorCode()));
        }
        List<TopicPartition> mine = ConsumerProtocol.assignedPartitions(synced.assignment());
        group.completed(me.generation());
        LOG.info("{} is {} of generation {} and owns {}", name, leads ? "leader" : "member", me.generation(), mine);
        heartbeats = new Heartbeats(calls, me);
        assignment = new Assignment(group, me, mine, committer, scope, name, wake);
        assignment.start();
    }

    private void checkProtocol(String chosen) {
        if (!group.config().assignors().contains(chosen)) {
            throw new KafkaException.InvalidRequest("group " + group.config().groupId() + " uses the assignor '"
                    + chosen + "', this member knows " + group.config().assignors());
        }
    }

    private void heartbeatUntilRebalance() throws InterruptedException {
        state = State.STARTING;
        Duration usual = group.config().heartbeatInterval();
        Duration pause = QUICK;
        while (goesOn() && heartbeats.beat()) {
            if (state == State.STARTING && assignment.isStarted()) {
                state = State.STABLE;
                lastError = "";
                rejoinPause = Duration.ZERO;
            }
            if (!heartbeats.trouble().isEmpty()) {
                lastError = heartbeats.trouble();
                pause = QUICK;
            }
            boolean woken = wake.await(pause.toNanos());
            boolean somethingGoesOn = group.someoneJoins() || state == State.STARTING;
            pause = !somethingGoesOn ? usual : woken ? QUICK : min(pause.multipliedBy(2), usual);
        }
    }

    /** False when it has to give back what it owns, for a reason of its own. */
    private boolean goesOn() {
        assignment.failure().ifPresent(this::fail);
        if (closing() || fault != null) {
            return false;
        }
        String growth = group.growthSince(plan);
        if (!growth.isEmpty()) {
            LOG.info("{} rebalances the group: {}", name, growth);
            joinReason = growth;
            return false;
        }
        return true;
    }

    private void heartbeatUntilDrained() throws InterruptedException {
        Duration drain = calls.drainTimeout();
        if (closing()) {
            state = State.LEAVING;
            drain = min(drain, drainOnClose);
        } else {
            state = State.DRAINING;
            joinReason = "rebalance";
        }
        assignment.giveBack(drain);
        while (!assignment.isGivenBack()) {
            if (!wake.await(group.config().heartbeatInterval().toNanos())) {
                heartbeats.beat();
            }
        }
        if (fault != null) {
            throw fault;
        }
    }

    private void giveUpOrWait(KafkaException e) throws InterruptedException {
        if (e.recovery() == KafkaException.Recovery.GIVE_UP) {
            throw e;
        }
        LOG.info("{} tries again: {}", name, e.oneLine());
        lastError = e.oneLine();
        calls.failed(e);
        wake.await(Duration.ofMillis(500).toNanos());
    }

    /** None the first time; growing while no generation becomes stable in between, so as not to storm a coordinator. */
    private void pauseBeforeRejoin() throws InterruptedException {
        if (rejoinPause.isPositive() && !closing()) {
            wake.await(rejoinPause.toNanos());
        }
        rejoinPause = min(rejoinPause.multipliedBy(2).plusMillis(20), Duration.ofSeconds(1));
    }

    /** Whatever is still owned now is not ours any more, or there is no time to give it back. */
    private void loseEverything() {
        Assignment current = assignment;
        if (current != null && !current.isGivenBack()) {
            current.abandon();
        }
        assignment = null;
        plan = LeaderPlan.NONE;
    }

    private void leave() throws InterruptedException {
        state = State.LEAVING;
        String why = fault == null ? "the consumer is being closed" : "the consumer has failed";
        try {
            if (!me.memberId().isEmpty()) {
                ErrorCode code = calls.leave(me.memberId(), why, LEAVE_TIMEOUT);
                LOG.info("{} left the group{}", name, code == ErrorCode.NONE ? "" : ": " + code);
            }
        } catch (KafkaException e) {
            LOG.warn("{} could not say good-bye, the group waits for its session to run out: {}", name, e.oneLine());
        } finally {
            calls.disconnect();
            me = me.withoutGeneration();
            state = fault == null ? State.LEFT : State.FAILED;
        }
    }

    private void commitFailed(RuntimeException why) {
        lastError = oneLine(why);
        if (why instanceof KafkaException e && e.recovery() == KafkaException.Recovery.GIVE_UP) {
            fail(e);
        }
        wake.raise();
    }

    private void fail(RuntimeException why) {
        if (fault == null) {
            fault = why;
            lastError = oneLine(why);
        }
    }

    @Override
    public void close(Duration drain) {
        drainOnClose = drain;
        wake.raise();
        synchronized (interruptGate) {
            if (waitsForOthers != null) {
                waitsForOthers.interrupt();
            }
        }
    }

    private boolean closing() {
        return drainOnClose != null;
    }

    @Override
    public void wake() {
        wake.raise();
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public int generation() {
        return me.generation();
    }

    @Override
    public void commitNow(Duration timeout) throws InterruptedException {
        committer.commitNow(timeout);
    }

    @Override
    public Optional<PartitionWork> work(TopicPartition partition) {
        Assignment current = assignment;
        return current == null ? Optional.empty() : current.work(partition);
    }

    @Override
    public boolean holds(TopicPartition partition) {
        Assignment current = assignment;
        return current != null && current.holds(partition);
    }

    @Override
    public MemberSnapshot snapshot() {
        Assignment current = assignment;
        Membership now = me;
        List<PartitionSnapshot> partitions = current == null ? List.of() : current.snapshot();
        Map<TopicPartition, Long> committed = new HashMap<>();
        long incomplete = 0;
        if (current != null) {
            for (Progress progress : current.progresses()) {
                committed.put(progress.partition(), progress.committed());
                incomplete += progress.incomplete();
            }
        }
        String error = lastError.isEmpty() && current != null ? current.trouble() : lastError;
        return new MemberSnapshot(
                index,
                now.memberId(),
                state.label(),
                now.generation(),
                !now.memberId().isEmpty() && now.memberId().equals(leaderId),
                leaderId,
                plan.members(),
                partitions,
                committed,
                incomplete,
                error,
                fault != null);
    }

    private static String oneLine(RuntimeException e) {
        return e instanceof KafkaException known
                ? known.oneLine()
                : e instanceof PartitionFailed ? e.getMessage() : e.toString();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
