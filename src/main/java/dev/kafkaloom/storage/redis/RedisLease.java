package dev.kafkaloom.storage.redis;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Lease;
import java.util.ArrayList;
import java.util.List;

/** Elements of a shard that a sinker has. Its state is guarded by itself; the shard's lock is never taken while that is held. */
final class RedisLease implements Lease {
    private final Shard shard;
    private final long hold;
    private final long token;
    private final byte[] tokenText;
    private final List<LeasedChunk> chunks;
    private final List<ConsumedRecord> records;
    private final Acks acks;
    private final Shards shards;
    private boolean passed;
    private boolean closed;
    private boolean refused; // Redis said that it is void
    private boolean queued;
    private boolean returning;

    RedisLease(
            Shard shard, long hold, long token, byte[] tokenText, List<LeasedChunk> chunks, Acks acks, Shards shards) {
        this.shard = shard;
        this.hold = hold;
        this.token = token;
        this.tokenText = tokenText;
        this.chunks = chunks;
        this.acks = acks;
        this.shards = shards;
        if (chunks.size() == 1) {
            this.records = List.copyOf(chunks.getFirst().left());
        } else {
            List<ConsumedRecord> all = new ArrayList<>();
            chunks.forEach(chunk -> all.addAll(chunk.left()));
            this.records = List.copyOf(all);
        }
    }

    Shard shard() {
        return shard;
    }

    byte[] tokenText() {
        return tokenText;
    }

    @Override
    public TopicPartition partition() {
        return shard.partition;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public List<ConsumedRecord> records() {
        return records;
    }

    @Override
    public void passOn() {
        synchronized (this) {
            if (passed) {
                return;
            }
            passed = true;
        }
        shards.passedOn(shard, hold);
    }

    @Override
    public boolean isValid() {
        synchronized (this) {
            return !closed && holds() && shard.isValid(hold);
        }
    }

    /** Whether Redis may still take acks of it, as far as it is known. */
    private boolean holds() {
        return !refused && hold == shard.hold;
    }

    @Override
    public boolean done(long offset) {
        synchronized (this) {
            if (closed || !holds()) {
                return false;
            }
            LeasedChunk chunk = find(offset);
            if (chunk == null) {
                return false;
            }
            if (!chunk.done(offset)) {
                return true; // done before
            }
            shard.unsent.incrementAndGet();
            if (!chunk.isDone() && queued) {
                return true;
            }
            queued = true;
            acks.add(this, chunk.isDone());
        }
        return true;
    }

    private LeasedChunk find(long offset) {
        if (chunks.size() == 1) {
            return chunks.getFirst();
        }
        for (LeasedChunk chunk : chunks) {
            if (offset <= chunk.last()) {
                return offset >= chunk.first() ? chunk : null;
            }
        }
        return null;
    }

    @Override
    public void close() {
        boolean giveBack;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            giveBack = holds() && !chunks.stream().allMatch(LeasedChunk::isDone);
            returning = giveBack;
        }
        if (giveBack) { // before others may take: what comes back is not to be overtaken
            shards.givingBack(shard, hold);
            acks.add(this, true);
        }
        passOn();
    }

    /** What is to be said to Redis now; chunks that are written are in {@code written}. */
    void write(List<byte[]> arguments, List<Written> written) {
        synchronized (this) {
            queued = false;
            if (!holds()) {
                return;
            }
            for (LeasedChunk chunk : chunks) {
                boolean giveBack = closed && !chunk.isDone();
                if (!chunk.isEnded() && (chunk.hasNews() || giveBack || chunk.isDone())) {
                    chunk.write(arguments, tokenText, giveBack);
                    written.add(new Written(this, chunk, giveBack || chunk.isDone()));
                }
            }
        }
    }

    /** A chunk that was written; {@code last}: it is out of our hands then. */
    record Written(RedisLease lease, LeasedChunk chunk, boolean last) {}

    /** What Redis answered to it. */
    void answered(Written written, boolean taken) {
        synchronized (this) {
            if (!taken) {
                refused = true;
                return;
            }
            int more = written.chunk().acknowledged();
            if (holds()) {
                shard.unsent.addAndGet(-more);
            }
            if (written.last()) {
                written.chunk().end();
            }
        }
    }

    /** Elements of it of which Redis may hold that they are leased. */
    int inHand() {
        synchronized (this) {
            return (int) chunks.stream().filter(chunk -> !chunk.isEnded()).count();
        }
    }

    /** Whether nothing of it is to be said any more; the shard is told when it has come back. */
    boolean isOver() {
        boolean over;
        boolean back;
        synchronized (this) {
            over = !holds() || chunks.stream().allMatch(LeasedChunk::isEnded);
            back = over && returning;
            returning &= !over;
        }
        if (back) {
            shards.gaveBack(shard, hold);
        }
        return over;
    }
}
