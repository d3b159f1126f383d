package dev.kafkaloom.console;

import dev.kafkaloom.runtime.ConsumerRuntime;
import dev.kafkaloom.runtime.RuntimeSnapshot;
import dev.kafkaloom.storage.Storage;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The consumer of this process, as commands see and steer it. Its parts may be called by any thread.
 *
 * @param storage where records wait for the sink; empty when they do not
 * @param retransmit hands out again what is leased, all of it or only what the dead hold; how many records
 * @param clear throws away what is stored, or only what is leased; how many records
 * @param rate the most records a second that sinkers hand over; 0: no limit
 */
public record Running(
        Supplier<RuntimeSnapshot> snapshot,
        Supplier<Optional<Storage>> storage,
        OnStored retransmit,
        OnStored clear,
        Runnable pause,
        Runnable resume,
        LongConsumer rate) {
    /** Something that is done with what is stored. */
    @FunctionalInterface
    public interface OnStored {
        /** How many records it was done with. */
        long apply(boolean flag) throws IOException, InterruptedException;
    }

    /** All of a runtime. */
    public static Running of(ConsumerRuntime runtime) {
        return new Running(
                runtime::snapshot,
                runtime::storage,
                runtime::retransmit,
                runtime::clear,
                runtime::pauseSinkers,
                runtime::resumeSinkers,
                runtime::rateLimit);
    }
}
