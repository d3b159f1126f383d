package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Lanes;
import dev.kafkaloom.coroutine.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of a group that has a handler: a {@link PartitionLoop} for each partition, the lanes that they share when the order within a
 * partition does not matter, and a look at handlers that take too long. Thread-safe.
 */
final class HandlerWork implements Work {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerWork.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int WAIT_AT_LEAST = 1000;

    private record Seen(PartitionLoop loop, long offset) {}

    private final RecordHandler records; // two of the three are null
    private final ViewHandler views;
    private final RangeHandler ranges;
    private final LongAdder lateAcks = new LongAdder();
    private final Set<PartitionLoop> loops = ConcurrentHashMap.newKeySet();
    private volatile Handling handling = Handling.DEFAULT;
    private volatile int maxGap = Integer.MAX_VALUE;
    private volatile Lanes lanes; // null with ordering PARTITION, and for ranges
    private Set<Seen> reported = Set.of(); // only the watch touches it

    private HandlerWork(RecordHandler records, ViewHandler views, RangeHandler ranges) {
        this.records = records;
        this.views = views;
        this.ranges = ranges;
    }

    static HandlerWork of(RecordHandler handler) {
        return new HandlerWork(handler, null, null);
    }

    static HandlerWork ofViews(ViewHandler handler) {
        return new HandlerWork(null, handler, null);
    }

    static HandlerWork ofRanges(RangeHandler handler) {
        return new HandlerWork(null, null, handler);
    }

    @Override
    public void open(Scope group, ConsumerConfig config) {
        handling = config.handling();
        maxGap = config.progressMaxGap();
        String name = "group-" + config.groupId();
        if (handling.ordering() != Ordering.PARTITION && ranges == null) {
            if (views != null) {
                throw new IllegalArgumentException(
                        "sinker.ordering: " + handling.ordering()
                                + " does not go with views, which are of use on their partition's thread only; it must be PARTITION");
            }
            int most = handling.maxInFlight();
            lanes = Lanes.open(
                    group.child("lanes"),
                    name + "/lane",
                    most,
                    Math.max(most, WAIT_AT_LEAST),
                    handling.threads() == HandlerThreads.VIRTUAL);
        }
        // a thread of the system: a handler that holds the carriers has to be told of as well
        group.goPlatform(name + "/deadlines", () -> watch(handling.deadline()));
    }

    @Override
    public PartitionWork begin(
            Scope scope, Fetchers fetchers, StartAt at, Progress progress, Policy policy, Runnable failed) {
        return PartitionLoop.start(this, scope, fetchers, at, progress, policy, failed);
    }

    /** Runs a loop on the kind of thread that its handler is to run on. */
    boolean onPlatformThread() {
        return lanes == null && ranges == null && handling.threads() == HandlerThreads.PLATFORM;
    }

    HandOut handOut(Delivery delivery, Consumer<Throwable> failed) {
        if (lanes != null) {
            boolean byKey = handling.ordering() == Ordering.KEY;
            return new LaneHandOut(delivery, records, lanes.share(), byKey, maxGap, failed);
        }
        if (ranges != null) {
            return new RangeHandOut(delivery, ranges);
        }
        return views != null ? new ViewHandOut(delivery, views) : new ChunkHandOut(delivery, records);
    }

    void begun(PartitionLoop loop) {
        loops.add(loop);
    }

    void ended(PartitionLoop loop) {
        loops.remove(loop);
    }

    /** Counts what is done when it does not count any more. */
    LongAdder late() {
        return lateAcks;
    }

    @Override
    public long lateAcks() {
        return lateAcks.sum();
    }

    private void watch(Duration deadline) throws InterruptedException {
        Duration quarter = deadline.dividedBy(4).plusMillis(1);
        Duration pause = quarter.compareTo(LONGEST_PAUSE) < 0 ? quarter : LONGEST_PAUSE;
        while (true) {
            Thread.sleep(pause);
            lookFor(deadline);
        }
    }

    /** Shows the handlers that take longer in the snapshots of their partitions, and reports each once. */
    private void lookFor(Duration deadline) {
        Map<HandOut, List<OverdueHandler>> inLanes = inLanes(deadline);
        Set<Seen> now = new HashSet<>();
        for (PartitionLoop loop : loops) {
            List<OverdueHandler> overdue = inLanes.getOrDefault(
                    loop.handOut(), loop.handOut().overdue(deadline).stream().toList());
            loop.showOverdue(overdue);
            loop.noteCaughtUp();
            for (OverdueHandler each : overdue) {
                Seen seen = new Seen(loop, each.offset());
                now.add(seen);
                if (!reported.contains(seen)) {
                    LOG.warn(
                            "a handler takes longer than handler.deadline.ms {}: {}; it keeps its partition",
                            deadline.toMillis(),
                            each.of(loop.partition()));
                }
            }
        }
        reported = now;
    }

    private Map<HandOut, List<OverdueHandler>> inLanes(Duration deadline) {
        Map<HandOut, List<OverdueHandler>> found = new HashMap<>();
        if (lanes != null) {
            for (Lanes.Running running : lanes.running(deadline)) {
                LaneHandOut.Call call = (LaneHandOut.Call) running.task();
                found.computeIfAbsent(call.owner(), _ -> new ArrayList<>())
                        .add(new OverdueHandler(
                                call.offset(), 1, call.keyHash(), running.thread(), running.since(), running.where()));
            }
        }
        return found;
    }
}
