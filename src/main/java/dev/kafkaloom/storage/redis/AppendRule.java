package dev.kafkaloom.storage.redis;

import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import java.util.Optional;

/** What is to become of a stretch, from what the shard says and what this process remembers. Pure. */
final class AppendRule {
    private AppendRule() {}

    /**
     * The stretch that this process appended last to the partition.
     *
     * @param epoch its assignment; {@link #NONE} has none
     * @param next its end, or where the consumer was sent back to
     * @param unfinished the lowest offset that was stored by this process and is not known to be done; {@link Long#MAX_VALUE} for none
     */
    record Before(long epoch, long next, long unfinished) {
        static final Before NONE = new Before(Long.MIN_VALUE, -1, Long.MAX_VALUE);
    }

    /** What to do. */
    sealed interface Verdict {}

    /** Store what begins at this offset or behind it; nothing when that is the end. */
    record Store(long from) implements Verdict {}

    /** Records were stored and are gone: read again from this offset on. */
    record Lost(long from) implements Verdict {}

    /** {@code server}: the run of the server that is asked now. */
    static Verdict judge(Optional<Mark> known, Before before, RecordRange range, Uuid topicId, String server) {
        boolean sameAssignment = before.epoch() == range.assignmentEpoch();
        if (known.isEmpty()) {
            boolean forgotten = before.epoch() != Long.MIN_VALUE && before.unfinished() < range.first();
            return forgotten ? new Lost(before.unfinished()) : new Store(range.first());
        }
        Mark mark = known.get();
        if (!mark.isOf(topicId)) {
            return new Store(range.first()); // made anew: its offsets have nothing to do with the old ones
        }
        if (sameAssignment) {
            if (mark.next() < before.next() && mark.next() < range.first()) {
                return new Lost(mark.next());
            }
            boolean goesOn = before.next() == range.first();
            return new Store(goesOn ? Math.max(range.first(), mark.next()) : range.first());
        }
        if (range.first() > mark.next()) {
            boolean otherServer = !mark.server().equals(server);
            return otherServer ? new Lost(mark.next()) : new Store(range.first()); // else consumed elsewhere meanwhile
        }
        boolean reset = range.first() < mark.committed();
        return new Store(reset ? range.first() : mark.next());
    }
}
