package dev.kafkaloom.consumer;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The array that one fetch answer was received into: it goes back to where it came from when the last mail that was cut from it is read,
 * and so once at most. A lease that is never ended leaves the array to the collector. Thread-safe.
 */
final class AnswerMemory {
    /** What one mail holds of it. */
    static final class Lease {
        /** Of a mail that has memory of its own. */
        static final Lease NONE = new Lease(null);

        private final AnswerMemory of;
        private final AtomicBoolean over = new AtomicBoolean();

        private Lease(AnswerMemory of) {
            this.of = of;
        }

        /** Nobody looks at the mail's bytes any more. More than once does nothing. */
        void end() {
            if (of != null && over.compareAndSet(false, true)) {
                of.letGo();
            }
        }
    }

    private final byte[] array;
    private final Consumer<byte[]> home;
    private final AtomicInteger holders = new AtomicInteger(1); // the first is the one who makes the mails

    AnswerMemory(byte[] array, Consumer<byte[]> home) {
        this.array = array;
        this.home = home;
    }

    /** For one mail more. Only before {@link #delivered}. */
    Lease lease() {
        holders.incrementAndGet();
        return new Lease(this);
    }

    /** All mails are made, and nothing else looks at the answer. Called once. */
    void delivered() {
        letGo();
    }

    private void letGo() {
        if (holders.decrementAndGet() == 0) {
            home.accept(array);
        }
    }
}
