package dev.kafkaloom.history;

import dev.kafkaloom.history.GroupHistory.Holder;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Whether what a group has committed of a partition was done before, by members that owned it, and only ever grew. */
final class Commits {
    private static final long NEVER = Long.MAX_VALUE;

    private final GroupHistory group;
    private final TopicPartition tp;
    private final boolean cutBack;
    private final long[] offsets; // of all records that the group has to get
    private final long[] done; // when the first of them to this one were all done, by anybody
    private final long[] doneByOwners;
    private final List<Anomaly> anomalies = new ArrayList<>();

    private Commits(GroupHistory group, Ledger ledger, TopicPartition tp) {
        this.group = group;
        this.tp = tp;
        this.cutBack = ledger.wasTruncated(tp);
        this.offsets = group.owed(ledger, tp).keySet().stream()
                .mapToLong(Long::longValue)
                .toArray();
        this.done = new long[offsets.length];
        this.doneByOwners = new long[offsets.length];
        Arrays.fill(done, NEVER);
        Arrays.fill(doneByOwners, NEVER);
    }

    static List<Anomaly> check(GroupHistory group, Ledger ledger, TopicPartition tp) {
        Commits it = new Commits(group, ledger, tp);
        it.findDone();
        it.checkCommits();
        return it.anomalies;
    }

    private void findDone() {
        Map<Holder, NavigableMap<Long, Event.Delivered>> inHand = new HashMap<>();
        Holder owner = null;
        for (Event event : group.of(tp)) {
            switch (event) {
                case Event.Assigned it -> owner = new Holder(it.member(), it.epoch());
                case Event.Delivered it ->
                    inHand.computeIfAbsent(new Holder(it.member(), it.epoch()), _ -> new TreeMap<>())
                            .put(it.offset(), it);
                case Event.Done it -> {
                    Holder by = new Holder(it.member(), it.epoch());
                    var these = inHand.getOrDefault(by, new TreeMap<>()).subMap(it.first(), true, it.last(), true);
                    boolean owned = owner == null || owner.equals(by);
                    these.keySet().forEach(offset -> noteDone(offset, it.at(), owned));
                    these.clear();
                }
                default -> {}
            }
        }
        for (int i = 1; i < offsets.length; i++) {
            done[i] = Math.max(done[i], done[i - 1]);
            doneByOwners[i] = Math.max(doneByOwners[i], doneByOwners[i - 1]);
        }
    }

    private void noteDone(long offset, long at, boolean owned) {
        int index = Arrays.binarySearch(offsets, offset);
        if (index >= 0) {
            done[index] = Math.min(done[index], at);
            if (owned) {
                doneByOwners[index] = Math.min(doneByOwners[index], at);
            }
        }
    }

    private void checkCommits() {
        long before = -1;
        boolean soughtSince = false;
        for (Event event : group.of(tp)) {
            if (event instanceof Event.Seek) {
                soughtSince = true;
            } else if (event instanceof Event.Committed it) {
                if (it.offset() < before && !soughtSince && !cutBack) {
                    add(Anomaly.Kind.COMMIT_REWOUND, "%s from %d back to %d".formatted(tp, before, it.offset()));
                }
                if (it.offset() != before && !soughtSince && !cutBack) {
                    checkCommit(it);
                }
                before = it.offset();
            }
        }
    }

    private void checkCommit(Event.Committed it) {
        int at = Arrays.binarySearch(offsets, it.offset());
        int last = (at >= 0 ? at : -at - 1) - 1; // the last record below what is committed
        if (last < 0) {
            return;
        }
        if (done[last] > it.at()) {
            add(
                    Anomaly.Kind.COMMIT_AHEAD,
                    "%s at %d, but %s".formatted(tp, it.offset(), firstUndone(done, last, it.at())));
        } else if (doneByOwners[last] > it.at()) {
            String first = firstUndone(doneByOwners, last, it.at());
            add(Anomaly.Kind.ZOMBIE_COMMIT, "%s at %d, but by its owner %s".formatted(tp, it.offset(), first));
        }
    }

    private String firstUndone(long[] prefix, int last, long at) {
        int first = 0;
        while (first < last && prefix[first] <= at) {
            first++;
        }
        return offsets[first] + (prefix[first] == NEVER ? " was never done" : " was done only later");
    }

    private void add(Anomaly.Kind kind, String what) {
        anomalies.add(new Anomaly(kind, group.group() + ": " + what));
    }
}
