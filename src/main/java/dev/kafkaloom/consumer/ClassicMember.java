package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.consumer.assignor.Assignor;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.JoinGroupRequest.JoinGroupRequestProtocol;
import dev.kafkaloom.message.JoinGroupResponse;
import dev.kafkaloom.message.SyncGroupResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a group that uses the classic protocol: join, sync, heartbeat until the group is rebalanced, heartbeat until everything
 * that is to be given back is, and again. With an eager assignor everything is given back, with cooperative ones (KIP-429) only what the
 * member was not given again: the rest runs on meanwhile, whatever the group does.
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
    private final MemberPartitions partitions;
    private final Signal wake = new Signal();
    private final HeldCalls held = new HeldCalls(this::closing);
    private Heartbeats heartbeats; // of the present generation, null while joining
    private List<String> joinedWith = List.of();
    private Collection<TopicPartition> toGiveBack = List.of(); // to others, with a cooperative assignor
    private Duration rejoinPause = Duration.ZERO;
    private Long outOfTouchSince; // since when the coordinator could not be asked to join
    private String joinReason = "new member";

    private volatile State state = State.JOINING;
    private volatile Membership me;
    private volatile LeaderPlan plan = LeaderPlan.NONE;
    private volatile String leaderId = "";
    private volatile String lastError = "";
    private volatile RuntimeException fault;
    private volatile Duration drainOnClose; // null: not closing
    private volatile LeaveOnClose leaveOnClose;

    /** {@code scope} is this member's own. */
    ClassicMember(LocalGroup group, int index, String name, Scope scope) {
        this.group = group;
        this.index = index;
        this.name = name;
        this.scope = scope;
        ConsumerConfig config = group.config();
        String instance = config.groupInstanceId();
        this.me = Membership.ofNew(instance.isEmpty() ? null : instance + "-" + index);
        this.leaveOnClose = config.leaveOnClose();
        this.calls = new CoordinatorCalls(group.client(), config, name);
        this.committer = group.committer(name, this::commitFailed);
        this.partitions = new MemberPartitions(group, committer, scope, name, wake);
    }

    @Override
    public void run() throws InterruptedException {
        scope.go(name + "/committer", committer::run);
        try {
            while (!closing()) {
                oneGeneration();
            }
        } catch (CancellationException e) {
            throw new InterruptedException(name + " was cancelled, without good-bye: " + e.getMessage());
        } catch (RuntimeException | Error e) { // an Error of an assignor, too: else pollers would wait for ever
            fault = e instanceof RuntimeException known ? known : new IllegalStateException(name + " ended: " + e, e);
            lastError = oneLine(fault);
            LOG.error("{} has failed and leaves the group: {}", name, lastError);
            LOG.debug("{} has failed", name, e);
        } finally {
            partitions.lose();
        }
        leave();
    }

    private void oneGeneration() throws InterruptedException {
        try {
            if (joinAndSync()) {
                heartbeatUntilRebalance();
            }
            heartbeatUntilDrained();
        } catch (Rejoin e) {
            LOG.info("{} joins again: {}", name, e.getMessage());
            me = e.after(me);
            joinReason = e.getMessage();
            lastError = e.getMessage();
            if (e.lost()) {
                partitions.lose();
            }
            pauseBeforeRejoin();
        } catch (KafkaException e) {
            giveUpOrWait(e);
        } finally {
            plan = LeaderPlan.NONE;
        }
    }

    /** The part in which the coordinator makes it wait for others, and in which {@link #close} therefore interrupts it; false then. */
    private boolean joinAndSync() throws InterruptedException {
        group.joinBegins();
        heartbeats = null;
        try {
            if (!held.begin()) {
                return false;
            }
            JoinGroupResponse joined = join();
            sync(joined);
            outOfTouchSince = null;
            return true;
        } catch (InterruptedException e) {
            calls.disconnect();
            if (!closing()) {
                throw e;
            }
            return false;
        } finally {
            held.end();
            group.joinEnded();
        }
    }

    private JoinGroupResponse join() throws InterruptedException {
        state = State.JOINING;
        Duration backOff = QUICK;
        while (true) {
            calls.learnBrokers(me);
            joinedWith = group.subscription().topics();
            JoinGroupResponse joined = calls.join(me, offers(), joinReason);
            ErrorCode code = ErrorCode.of(joined.errorCode());
            switch (calls.judge(code, "join", me)) {
                case OK -> {
                    me = me.in(joined.memberId(), joined.generationId());
                    leaderId = joined.leader();
                    return joined;
                }
                case ID_GIVEN -> me = me.in(joined.memberId(), -1);
                case FORGOTTEN -> throw new Rejoin(GroupAnswer.FORGOTTEN, "join: " + code);
                case REBALANCE, GENERATION_PASSED, TRY_AGAIN, MOVED -> {
                    lastError = "join: " + code;
                    Thread.sleep(backOff);
                    backOff = min(backOff.multipliedBy(2), Duration.ofSeconds(1));
                }
                case FATAL -> throw new AssertionError("thrown by judge()");
            }
        }
    }

    private List<JoinGroupRequestProtocol> offers() {
        Strategy strategy = group.strategy();
        return strategy.offers(joinedWith, strategy.cooperative() ? partitions.kept() : partitions.last());
    }

    private void sync(JoinGroupResponse joined) throws InterruptedException {
        state = State.SYNCING;
        Assignor assignor = group.strategy().named(joined.protocolName());
        boolean leads = joined.memberId().equals(joined.leader());
        plan = leads ? LeaderPlan.make(group.client(), joined, assignor, group.seenAt()) : LeaderPlan.NONE;
        group.subscription().alsoWatch(plan.partitionCounts().keySet());
        SyncGroupResponse synced = calls.sync(me, joined.protocolName(), plan.assignments());
        ErrorCode code = ErrorCode.of(synced.errorCode());
        GroupAnswer answer = calls.judge(code, "sync", me);
        if (answer != GroupAnswer.OK) {
            throw new Rejoin(answer, "sync: " + code);
        }
        List<TopicPartition> mine = ConsumerProtocol.assignedPartitions(synced.assignment());
        group.completed(me.generation());
        LOG.info("{} is {} of generation {} and owns {}", name, leads ? "leader" : "member", me.generation(), mine);
        heartbeats = new Heartbeats(calls, me);
        toGiveBack = partitions.assigned(me, mine);
        state = State.STARTING;
    }

    private void heartbeatUntilRebalance() throws InterruptedException {
        Duration usual = group.config().heartbeatInterval();
        Duration pause = QUICK;
        while (goesOn() && heartbeats.beat()) {
            if (state == State.STARTING && partitions.isStarted()) {
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

    /** False when it has to join again, or to leave, for a reason of its own. */
    private boolean goesOn() {
        partitions.failure().ifPresent(this::fail);
        if (closing() || fault != null) {
            return false;
        }
        joinReason = "the group is rebalanced";
        if (!toGiveBack.isEmpty()) {
            joinReason = "gave back " + toGiveBack + " for others";
            return false;
        }
        String change = group.changeSince(joinedWith, plan);
        if (!change.isEmpty()) {
            LOG.info("{} rebalances the group: {}", name, change);
            joinReason = change;
        }
        return change.isEmpty();
    }

    private void heartbeatUntilDrained() throws InterruptedException {
        Collection<TopicPartition> leaving = leaving();
        while (!leaving.isEmpty()) {
            state = closing() ? State.LEAVING : State.DRAINING;
            partitions.giveBack(leaving, closing() ? min(calls.drainTimeout(), drainOnClose) : calls.drainTimeout());
            while (!partitions.isGivenBack()) {
                wake.await(group.config().heartbeatInterval().toNanos());
                if (heartbeats != null && heartbeats.isDue(group.config().heartbeatInterval())) {
                    heartbeats.beat();
                }
            }
            toGiveBack = List.of();
            leaving = leaving();
        }
        if (fault != null) {
            throw fault;
        }
    }

    /** What it must not go on with: nothing that it may keep while the group is rebalanced. */
    private Collection<TopicPartition> leaving() {
        boolean keepsSome = group.strategy().cooperative() && !closing() && fault == null;
        return keepsSome ? toGiveBack : List.copyOf(partitions.held());
    }

    private void giveUpOrWait(KafkaException e) throws InterruptedException {
        if (e.recovery() == KafkaException.Recovery.GIVE_UP) {
            throw e;
        }
        LOG.info("{} tries again: {}", name, e.oneLine());
        lastError = e.oneLine();
        calls.failed(e);
        outOfTouchSince = outOfTouchSince == null ? Long.valueOf(System.nanoTime()) : outOfTouchSince;
        if (System.nanoTime() - outOfTouchSince > calls.sessionTimeout().toNanos()) {
            partitions.lose(); // the coordinator has given up on it by now
        }
        wake.await(Duration.ofMillis(500).toNanos());
    }

    /** None the first time; growing while no generation becomes stable in between, so as not to storm a coordinator. */
    private void pauseBeforeRejoin() throws InterruptedException {
        if (rejoinPause.isPositive() && !closing()) {
            wake.await(rejoinPause.toNanos());
        }
        rejoinPause = min(rejoinPause.multipliedBy(2).plusMillis(20), Duration.ofSeconds(1));
    }

    private void leave() throws InterruptedException {
        state = State.LEAVING;
        String why = fault == null ? "the consumer is being closed" : "the consumer has failed";
        try {
            partitions.awaitListener(LEAVE_TIMEOUT);
            if (!me.memberId().isEmpty() && leaveOnClose.leaves(me.isStatic()) && !isFenced()) {
                ErrorCode code = calls.leave(me, why, LEAVE_TIMEOUT);
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

    /** Whether somebody else is this static member now, who should not be thrown out. */
    private boolean isFenced() {
        return fault instanceof KafkaException.BrokerError error && error.code() == ErrorCode.FENCED_INSTANCE_ID;
    }

    private void commitFailed(RuntimeException why) {
        boolean betweenGenerations = state == State.JOINING || state == State.SYNCING;
        if (why instanceof Rejoin && betweenGenerations) {
            return; // what is kept meanwhile is committed in the next generation
        }
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
    public void close(Duration drain, LeaveOnClose leave) {
        leaveOnClose = leave;
        drainOnClose = drain;
        wake.raise();
        held.interrupt();
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
    public void commit(Map<TopicPartition, CommittedOffset> offsets, Duration timeout) throws InterruptedException {
        committer.commit(offsets, partitions::has, timeout);
    }

    @Override
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(fault);
    }

    @Override
    public Map<TopicPartition, PartitionWork> works() {
        return Collections.unmodifiableMap(partitions.works());
    }

    @Override
    public Optional<PartitionWork> work(TopicPartition partition) {
        return partitions.work(partition);
    }

    @Override
    public boolean holds(TopicPartition partition) {
        return partitions.holds(partition);
    }

    @Override
    public MemberSnapshot snapshot() {
        Membership now = me;
        MemberPartitions.Figures figures = partitions.figures();
        return new MemberSnapshot(
                index,
                now.memberId(),
                state.label(),
                now.generation(),
                !now.memberId().isEmpty() && now.memberId().equals(leaderId),
                leaderId,
                plan.members(),
                figures.partitions(),
                figures.committed(),
                figures.incomplete(),
                lastError.isEmpty() ? partitions.trouble() : lastError,
                fault != null);
    }

    private static String oneLine(RuntimeException e) {
        boolean speaks = e instanceof PartitionFailed || e instanceof ListenerFailed;
        return e instanceof KafkaException known ? known.oneLine() : speaks ? e.getMessage() : e.toString();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
