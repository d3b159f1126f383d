package dev.kafkaloom.storage;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.util.List;

/** Records of one partition in somebody's hands. Renewed by itself while it is open. Thread-safe. */
public interface Lease extends AutoCloseable {
    /** Whose records they are. */
    TopicPartition partition();

    /** New at each take; an ack with an old one does nothing. */
    long token();

    /** At least one, in offset order; their delivery count counts this delivery. */
    List<ConsumedRecord> records();

    /** What was taken is on its way in order: others may now take what follows it in the partition. */
    void passOn();

    /** Whether it still holds. What has not begun when it does not, must not begin: somebody else has it. */
    boolean isValid();

    /** The record at this offset is done: it will not be handed out again, as soon as that is durable. False when the lease does not hold. */
    boolean done(long offset);

    /** What is not done goes back to the front of what waits. */
    @Override
    void close();
}
