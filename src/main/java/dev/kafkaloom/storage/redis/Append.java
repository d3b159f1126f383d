package dev.kafkaloom.storage.redis;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stretch on its way to its shard: piece by piece when it is large, again and again until it is stored. Every piece is stored under the
 * condition that the shard's mark is the one that was decided upon. Owned by the caller's thread, which has the shard's {@code appending}.
 */
final class Append {
    private static final Logger LOG = LoggerFactory.getLogger(Append.class);
    private static final long PIECE_BYTES = 4 << 20;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration RECONNECT = Duration.ofMillis(500);
    private static final Duration REPLICAS = Duration.ofSeconds(1);

    private final Appends appends;
    private final Shard shard;
    private final Uuid topicId;
    private final RecordRange range;
    private final BooleanSupplier wanted;
    private RecordRange rest; // what is still to be stored; null: nothing
    private final Map<String, Mark> unsure = new HashMap<>(); // of tries whose answers were lost
    private long pauseMs = 20;

    Append(Appends appends, Shard shard, Uuid topicId, RecordRange range, BooleanSupplier wanted) {
        this.appends = appends;
        this.shard = shard;
        this.topicId = topicId;
        this.range = range;
        this.wanted = wanted;
        this.rest = range;
    }

    /** As {@link dev.kafkaloom.storage.Storage#append}. */
    long store() throws InterruptedException {
        while (true) {
            checkWanted();
            try {
                RedisLink link = appends.linkOf(shard);
                RedisSession session = link.awaitSession(RECONNECT, wanted);
                return storeOn(session == null ? link.session() : session);
            } catch (RedisTrouble e) {
                pause(e.getMessage());
            }
        }
    }

    private void checkWanted() throws InterruptedException {
        if (!wanted.getAsBoolean()) {
            throw new InterruptedException(range.partition() + " is given back");
        }
    }

    private void pause(String why) throws InterruptedException {
        if (appends.trouble(range.partition(), why)) {
            LOG.warn("{} is not stored, and tried again until it is: {}", range.partition(), why);
        }
        Coroutine.waitingFor("Redis, to store records of " + range.partition());
        for (long left = pauseMs; left > 0; left -= 100) {
            checkWanted();
            Thread.sleep(Math.min(left, 100));
        }
        pauseMs = Math.min(2000, pauseMs * 2);
    }

    private long storeOn(RedisSession session) throws RedisTrouble, InterruptedException {
        enroll(session);
        if (!shard.markKnown || shard.before.epoch() != range.assignmentEpoch()) {
            shard.mark = session.mark(shard.keys);
            shard.committedThere = session.committed(shard.keys);
            shard.markKnown = true;
        }
        while (rest != null) {
            checkWanted();
            AppendRule.Verdict verdict = AppendRule.judge(known(), shard.before, rest, topicId, session.run());
            switch (verdict) {
                case AppendRule.Store store -> storeFrom(session, store.from());
                case AppendRule.Lost gone -> {
                    Optional<Long> back = goBack(session, gone.from());
                    if (back.isPresent()) {
                        return back.get();
                    }
                }
            }
        }
        return range.next();
    }

    /** What the shard says, with what its owners said since of the group's offset. */
    private Optional<Mark> known() {
        return Mark.parse(shard.mark).map(mark -> mark.committedAtLeast(shard.committedThere));
    }

    /** Nobody need have said that the partition is ours. */
    private void enroll(RedisSession session) throws RedisTrouble, InterruptedException {
        if (shard.owned && shard.run.equals(session.run())) {
            return;
        }
        appends.shards.own(shard, true, false);
        appends.tender.tend(List.of(shard));
    }

    /** Where the consumer has to go on reading; empty when that is not so, or what is lost is still in our hands. */
    private Optional<Long> goBack(RedisSession session, long from) throws RedisTrouble, InterruptedException {
        String now = session.mark(shard.keys);
        if (!now.equals(shard.mark)) { // it was not up to date
            shard.mark = now;
            return Optional.empty();
        }
        long end = Math.max(shard.before.next(), rest.first());
        appends.lost.addAndGet(Math.max(0, end - from));
        LOG.warn(
                "{}: Redis has lost what was stored from offset {} up to {}; it is read again",
                shard.partition,
                from,
                end);
        shard.before = new AppendRule.Before(range.assignmentEpoch(), from, Long.MAX_VALUE);
        shard.catchingUpTo = Math.max(shard.catchingUpTo, end);
        if (from < range.first()) {
            return Optional.of(from);
        }
        rest = behind(from);
        return Optional.empty();
    }

    /** What of the stretch begins at that offset; null when nothing is left of it. */
    private RecordRange behind(long offset) {
        if (offset >= range.next()) {
            return null;
        }
        List<ConsumedRecord> left = range.records().stream()
                .filter(record -> record.offset() >= offset)
                .toList();
        // a stretch without records, behind the last one of this: its end has to become the mark all the same
        return left.isEmpty()
                ? rest
                : new RecordRange(
                        range.partition(), range.assignmentEpoch(), offset, range.next(), range.committed(), left);
    }

    /** Stores the next piece from that offset on, unless the mark turns out to be another one. */
    private void storeFrom(RedisSession session, long from) throws RedisTrouble, InterruptedException {
        List<ConsumedRecord> left = rest.records().stream()
                .filter(record -> record.offset() >= from)
                .toList();
        int skipped = rest.records().size() - left.size();
        if (from >= range.next()) {
            stored(range.next(), skipped, 0);
            return;
        }
        List<ConsumedRecord> piece = left.subList(0, pieceEnd(left));
        long next = piece.size() == left.size()
                ? range.next()
                : left.get(piece.size()).offset();
        boolean caughtUp = next >= shard.catchingUpTo;
        // until then it stays the mark of a server that forgot something: whoever goes on here has to know
        String server = caughtUp ? session.run() : "";
        Mark mark = new Mark(next, topicId, range.committed(), server, appends.nextOperation());
        awaitRoom(piece.size());
        try {
            if (send(session, piece, from, mark)) {
                awaitReplicas(session);
                stored(next, skipped, piece.size());
            }
        } finally {
            appends.shards.unreserve(piece.size());
        }
    }

    private int pieceEnd(List<ConsumedRecord> records) {
        long most = Math.min(records.size(), appends.config.limitRecords());
        long bytes = 0;
        int end = 0;
        while (end < most && bytes < PIECE_BYTES) {
            bytes += size(records.get(end++));
        }
        return end;
    }

    private static long size(ConsumedRecord record) {
        byte[] key = record.key();
        byte[] value = record.value();
        return 64L + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }

    private void awaitRoom(int records) throws InterruptedException {
        Shards shards = appends.shards;
        shards.lock.lockInterruptibly();
        try {
            while (!shards.reserve(records)) {
                Coroutine.waitingFor("room in Redis: KAFKA_STORAGE_REDIS_LIMIT is " + appends.config.limitRecords());
                shards.await(SLICE_NANOS);
                checkWanted();
            }
        } finally {
            shards.lock.unlock();
        }
    }

    /** False when the mark is another one. */
    private boolean send(RedisSession session, List<ConsumedRecord> piece, long first, Mark mark)
            throws RedisTrouble, InterruptedException {
        unsure.put(mark.text(), mark);
        Answer answer;
        try {
            answer = session.await(
                    session.send(Script.APPEND, shard.keys.keys(), arguments(piece, first, mark)), wanted);
        } catch (InterruptedException e) {
            shard.markKnown = false; // somebody else's next stretch begins by asking
            throw e;
        }
        if (answer.number(0) < 0) {
            throw new RedisTrouble(shard.partition + " belongs to another process, " + answer.text(1)
                    + ", until that gives it back or shows no sign of life for "
                    + appends.config.leaseTimeout().toMillis() + " ms");
        }
        boolean taken = answer.number(0) == 1;
        shard.mark = taken ? mark.text() : answer.text(1);
        if (taken) {
            appends.shards.stored(shard, answer.number(1), answer.number(2), answer.number(3), shard.mark);
        } else if (unsure.containsKey(shard.mark)) { // a try whose answer was lost had been stored
            stored(unsure.get(shard.mark).next(), 0, 0);
        }
        unsure.clear();
        return taken;
    }

    private byte[][] arguments(List<ConsumedRecord> piece, long first, Mark mark) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(ShardKeys.bytes(appends.me.text()));
        arguments.add(ShardKeys.bytes(shard.mark));
        arguments.add(ShardKeys.bytes(mark.text()));
        arguments.add(ShardKeys.bytes(ShardKeys.channel(appends.config)));
        arguments.add(ShardKeys.bytes(Notices.text(appends.me, shard)));
        long from = first;
        for (int at = 0; at < piece.size(); ) {
            int end = Math.min(piece.size(), at + appends.config.chunkRecords());
            List<ConsumedRecord> chunk = piece.subList(at, end);
            long next = end == piece.size() ? mark.next() : piece.get(end).offset();
            arguments.add(ShardKeys.bytes(Integer.toString(chunk.size())));
            arguments.add(ShardKeys.bytes(Long.toString(from)));
            arguments.add(ShardKeys.bytes(Long.toString(next)));
            arguments.add(
                    ShardKeys.bytes(Long.toString(Math.max(0, chunk.getFirst().timestamp()))));
            arguments.add(Chunk.encode(chunk));
            from = next;
            at = end;
        }
        return arguments.toArray(byte[][]::new);
    }

    private void awaitReplicas(RedisSession session) throws RedisTrouble, InterruptedException {
        int wantedReplicas = appends.config.replicas();
        while (wantedReplicas > 0) {
            long have = session.awaitReplicas(wantedReplicas, REPLICAS, wanted);
            if (have >= wantedReplicas) {
                return;
            }
            String why = "only " + have + " replicas of " + appends.config.server() + " have what was stored,"
                    + " KAFKA_STORAGE_REDIS_WAIT is " + wantedReplicas;
            boolean _ = appends.trouble(range.partition(), why);
            checkWanted();
        }
    }

    /** The stretch is stored up to there. */
    private void stored(long next, int skipped, int records) {
        appends.skipped.addAndGet(skipped);
        appends.appended.addAndGet(records);
        long unfinished = appends.shards.isEmpty(shard, records)
                ? rest.first()
                : Math.min(shard.before.unfinished(), rest.first());
        shard.before = new AppendRule.Before(range.assignmentEpoch(), next, unfinished);
        if (next >= shard.catchingUpTo) {
            shard.catchingUpTo = 0;
        }
        rest = behind(next);
    }
}
