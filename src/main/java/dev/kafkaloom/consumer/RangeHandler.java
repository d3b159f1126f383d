package dev.kafkaloom.consumer;

import dev.kafkaloom.record.RecordRange;

/**
 * A {@link RecordHandler} that also wants to know which offsets its records cover, as a storage does that has to see that nothing is
 * missing. Called on the partition's own thread, one stretch after the other, whatever the ordering is set to.
 */
@FunctionalInterface
public interface RangeHandler {
    /**
     * Takes a stretch; returning means that all of it is done.
     *
     * @throws GoBack the partition goes on at another offset, and nothing of the stretch is done
     * @throws Exception stops the partition: neither this stretch nor any later one is committed
     */
    void handle(RecordRange range) throws Exception;
}
