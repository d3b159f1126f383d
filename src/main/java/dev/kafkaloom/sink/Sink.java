package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Takes consumed records to where they are wanted. Called from many threads at once. With {@code sinker.ordering} {@code partition}, never
 * twice at the same time for one partition, and in offset order; with {@code key}, record by record, in offset order for those of one key,
 * while records without a key wait for nobody; with {@code unordered}, record by record in no order. It may block for as long as it likes;
 * an interrupt asks it to come to an end.
 */
public interface Sink extends AutoCloseable {
    /**
     * Handles records of one partition.
     *
     * @param batch at least one record, in offset order; copies, safe to keep
     * @return what became of them; anything thrown counts as {@link Outcome.Retry}
     */
    Outcome accept(List<ConsumedRecord> batch) throws Exception;

    /** Called once, when no more records come. */
    @Override
    default void close() {}

    /** What became of a batch. */
    sealed interface Outcome {
        /** The one and only {@link Done}. */
        Outcome DONE = new Done();

        /** All of it is done; it may be committed. */
        record Done() implements Outcome {}

        /**
         * Nothing of it counts as done: it is handed over again.
         *
         * @param after how long to wait before; zero leaves it to the back-off, which grows with each try
         * @param why in one line, for the log
         * @param tried whether this counts as one of {@code sinker.max.attempts}; false when nothing could be tried, through no fault of the
         *     records: what takes them is away, or one before them has to be done first
         */
        record Retry(Duration after, String why, boolean tried) implements Outcome {
            public Retry {
                Objects.requireNonNull(after);
                Objects.requireNonNull(why);
            }

            /** One that counts. */
            public Retry(Duration after, String why) {
                this(after, why, true);
            }

            /** One that does not count, after the usual back-off. */
            public static Retry untried(String why) {
                return new Retry(Duration.ZERO, why, false);
            }
        }

        /**
         * Some records can never be handled; the others of the batch are done.
         *
         * @param poison those that cannot
         * @param why in one line, for the log
         */
        record Reject(List<ConsumedRecord> poison, String why) implements Outcome {
            public Reject {
                poison = List.copyOf(poison);
                Objects.requireNonNull(why);
            }
        }

        /**
         * What became of each record, in the order of the batch: {@link Done}, {@link Retry}, or a {@link Reject} whose poison is that record.
         */
        record Each(List<Outcome> outcomes) implements Outcome {
            public Each {
                outcomes = List.copyOf(outcomes);
            }
        }
    }
}
