package dev.kafkaloom.storage.redis;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this process knows of a shard. Guarded by the lock of {@link Shards}, unless it says otherwise.
 */
final class Shard {
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    final TopicPartition partition;
    final ShardKeys keys;

    // wishes of this process
    boolean owned; // the consumer says that the partition is ours
    boolean seize; // and was not yet written down; whoever wrote so before is overruled
    boolean adopted; // it has records, and nobody else
    long committed = -1; // what the consumer says of the group's offset
    boolean yielded; // it is owned here, and somebody else's who said so later

    // what Redis said last
    boolean known; // anything at all
    String holder = "";
    String holderBeat = "";
    String owner = "";
    String ownerBeat = "";
    long generation;
    long version; // of the next two
    long pending;
    long leased;
    long bytes;
    long headTimestamp = -1;
    String markText = "";
    long unreadable; // elements
    String refusedTake; // why Redis refused the last take of it, null: it did not
    volatile String refusedTend; // the same of the last sign of life
    private long restsUntil = System.nanoTime(); // nobody takes of it before
    private int looks; // how often Redis was asked for all this
    String run = "";

    // as holder
    boolean held;
    boolean busy; // a take is under way, or a lease is not passed on
    int taking; // takes under way, those that are void by now, too
    int givingBack; // leases on their way back to what waits: what follows them must not overtake them
    boolean dirty; // the answer to a take was lost: something may be leased to nobody
    final Set<RedisLease> open = new HashSet<>();
    volatile long hold; // grows whenever all leases become void
    volatile boolean lapsed; // the signs of life came too late: it may be somebody else's
    volatile long validUntil; // nanoTime
    final AtomicLong unsent = new AtomicLong(); // records done, of which Redis does not know

    // since when another's signs of life are the same, nanoTime
    private long holderSince;
    private long ownerSince;
    private boolean watching;

    // a mark that is an old one, as it seems, since which look, and whether that was told
    private String doubted = "";
    private int doubtedAt;
    private boolean told;
    volatile long catchingUpTo; // until there, what Redis forgot is being stored again; 0: nothing is

    // as appender, guarded by appending
    final ReentrantLock appending = new ReentrantLock();
    boolean markKnown;
    long committedThere = -1;
    String mark = "";
    AppendRule.Before before = AppendRule.Before.NONE;

    Shard(TopicPartition partition, ShardKeys keys) {
        this.partition = partition;
        this.keys = keys;
    }

    /** Redis was asked for all of this. */
    void looked() {
        looks++;
    }

    /**
     * What {@link dev.kafkaloom.storage.Storage#lostSince} says: a mark below what is committed that another run of the server wrote. Believed
     * when it is seen twice, since an append may have overtaken the first look.
     */
    OptionalLong lostSince(long committed) {
        Optional<Mark> mark = Mark.parse(markText);
        if (!owned
                || catchingUpTo > 0
                || mark.isEmpty()
                || mark.get().next() >= committed
                || mark.get().server().equals(run)) {
            doubted = "";
            return OptionalLong.empty();
        }
        if (!doubted.equals(markText)) {
            doubted = markText;
            doubtedAt = looks;
            told = false;
        }
        if (told || looks - doubtedAt < 2) {
            return OptionalLong.empty();
        }
        told = true;
        catchingUpTo = committed;
        return OptionalLong.of(mark.get().next());
    }

    /** Any thread: whether leases of that holding still hold. Once the time is over it stays so, also when Redis would have it otherwise. */
    boolean isValid(long ofHold) {
        if (lapsed) {
            return false;
        }
        if (System.nanoTime() - validUntil >= 0) {
            lapsed = true;
            return false;
        }
        return ofHold == hold; // last: what was read before may be of the next holding
    }

    /** All leases become void. */
    void voidLeases() {
        long next = hold + 1; // only written under the lock
        hold = next;
        open.clear();
        busy = false;
        dirty = false;
        givingBack = 0;
        unsent.set(0);
    }

    boolean mayTake() {
        return held
                && isWanted()
                && !busy
                && taking == 0
                && givingBack == 0
                && !dirty
                && !lapsed
                && pending > 0
                && System.nanoTime() - restsUntil >= 0;
    }

    /** Redis does not want anything taken of it; tells whether that is new. Others are taken from meanwhile. */
    boolean refuses(String why) {
        boolean news = refusedTake == null;
        refusedTake = why;
        restsUntil = System.nanoTime() + REST_NANOS;
        return news;
    }

    /** What Redis does not want to do with it; null: nothing. */
    String refused() {
        if (refusedTend != null && isWanted()) {
            return refusedTend;
        }
        return held && pending > 0 ? refusedTake : null;
    }

    /** Whether this process is to hold it. */
    boolean isWanted() {
        return adopted || (owned && !yielded);
    }

    /** Nothing of it is in this process's hands. */
    boolean isIdle() {
        return open.isEmpty() && !busy;
    }

    /** Elements that are leased and not known to be done or back. */
    int inHand() {
        return open.stream().mapToInt(RedisLease::inHand).sum();
    }

    List<byte[]> openTokens() {
        List<byte[]> tokens = new ArrayList<>();
        open.forEach(lease -> tokens.add(lease.tokenText()));
        return tokens;
    }

    /** Remembers how long others have shown the same sign of life. */
    void watch(String newHolder, String newHolderBeat, String newOwner, String newOwnerBeat, long now) {
        if (!watching || !newHolder.equals(holder) || !newHolderBeat.equals(holderBeat)) {
            holderSince = now;
        }
        if (!watching || !newOwner.equals(owner) || !newOwnerBeat.equals(ownerBeat)) {
            ownerSince = now;
        }
        watching = true;
        holder = newHolder;
        holderBeat = newHolderBeat;
        owner = newOwner;
        ownerBeat = newOwnerBeat;
    }

    /** After a time in which nobody could show a sign of life. */
    void watchAnew() {
        watching = false;
    }

    boolean isHolderSilent(long now, long nanos) {
        return watching && now - holderSince > nanos;
    }

    boolean isOwnerSilent(long now, long nanos) {
        return watching && now - ownerSince > nanos;
    }
}
