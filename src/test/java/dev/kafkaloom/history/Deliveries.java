package dev.kafkaloom.history;

import dev.kafkaloom.history.GroupHistory.Holder;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/** Whether a group got everything of a partition, and each assignment of it in order and without holes. */
final class Deliveries {
    private final GroupHistory group;
    private final TopicPartition tp;
    private final NavigableMap<Long, String> owed;
    private final boolean cutBack;
    private final List<Anomaly> anomalies = new ArrayList<>();

    private Deliveries(GroupHistory group, Ledger ledger, TopicPartition tp) {
        this.group = group;
        this.tp = tp;
        this.owed = group.owed(ledger, tp);
        this.cutBack = ledger.wasTruncated(tp);
    }

    static List<Anomaly> check(GroupHistory group, Ledger ledger, TopicPartition tp) {
        Deliveries it = new Deliveries(group, ledger, tp);
        it.checkAll();
        it.checkOrder();
        return it.anomalies;
    }

    private void checkAll() {
        Set<Long> got = new HashSet<>();
        long highest = -1;
        for (Event event : group.of(tp)) {
            if (event instanceof Event.Delivered it) {
                highest = Math.max(highest, it.offset());
                if (!got.add(it.offset()) && !cutBack) {
                    add(Anomaly.Kind.REDELIVERED, "%s@%d again, to %s".formatted(tp, it.offset(), it.member()));
                }
            }
        }
        for (Map.Entry<Long, String> record : owed.entrySet()) {
            if (!got.contains(record.getKey())) {
                boolean passed = record.getKey() < highest;
                add(
                        passed ? Anomaly.Kind.LOST : Anomaly.Kind.UNSEEN,
                        "%s@%d, %s, was never got%s"
                                .formatted(
                                        tp,
                                        record.getKey(),
                                        record.getValue(),
                                        passed ? ", the last one was " + highest : ""));
            }
        }
    }

    private void checkOrder() {
        Map<Holder, Long> last = new HashMap<>();
        for (Event event : group.of(tp)) {
            if (event instanceof Event.Seek) {
                last.clear();
            } else if (event instanceof Event.Delivered it) {
                Holder holder = new Holder(it.member(), it.epoch());
                Long before = last.put(holder, it.offset());
                if (before != null && !cutBack) {
                    checkStep(holder, before, it.offset());
                }
            }
        }
    }

    private void checkStep(Holder holder, long before, long now) {
        if (now <= before) {
            add(Anomaly.Kind.NONMONOTONIC_POLL, "%s got %s@%d after %d".formatted(holder, tp, now, before));
        } else {
            NavigableMap<Long, String> between = owed.subMap(before, false, now, false);
            if (!between.isEmpty()) {
                add(
                        Anomaly.Kind.POLL_SKIP,
                        "%s got %s@%d after %d, without %d records from %d on"
                                .formatted(holder, tp, now, before, between.size(), between.firstKey()));
            }
        }
    }

    private void add(Anomaly.Kind kind, String what) {
        anomalies.add(new Anomaly(kind, group.group() + ": " + what));
    }
}
