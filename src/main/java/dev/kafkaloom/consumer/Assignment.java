package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that came to a member in one assignment, under one epoch, on their way to work: the listener is told, start offsets are
 * found, resets committed, then they begin. {@link #run} is the body of the coroutine {@code group-<id>/member-<i>/start-<epoch>}; it
 * tries until all have begun or are not the member's any more.
 */
final class Assignment {
    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);
    private static final Duration RESET_COMMIT = Duration.ofSeconds(10);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);

    private final long epoch = LocalGroup.nextEpoch();
    private final List<TopicPartition> partitions;
    private final StartOffsets offsets;
    private final Committer committer;
    private volatile RuntimeException failure;
    private volatile String trouble = "";

    Assignment(List<TopicPartition> partitions, StartOffsets offsets, Committer committer) {
        this.partitions = partitions;
        this.offsets = offsets;
        this.committer = committer;
    }

    long epoch() {
        return epoch;
    }

    List<TopicPartition> partitions() {
        return partitions;
    }

    /**
     * Brings them to work.
     *
     * @param told ends when the listener knows of them
     * @param waiting which of them still are to begin under this assignment
     * @param sought where somebody wants one to begin, whatever is committed
     * @param begin begins one
     * @param changed there is something to look at for the member
     */
    void run(
            Future<Void> told,
            Predicate<TopicPartition> waiting,
            Function<TopicPartition, Optional<StartAt>> sought,
            BiConsumer<TopicPartition, StartAt> begin,
            Signal changed)
            throws InterruptedException {
        try {
            told.get();
            Duration backOff = FIRST_BACK_OFF;
            while (!beginAll(waiting, sought, begin, changed)) {
                Thread.sleep(backOff);
                backOff = backOff.compareTo(LONGEST_BACK_OFF) < 0 ? backOff.multipliedBy(2) : LONGEST_BACK_OFF;
            }
        } catch (CancellationException | ExecutionException e) {
            LOG.debug("epoch {}: closed while starting {}", epoch, partitions, e);
        } catch (RuntimeException e) {
            if (partitions.stream().anyMatch(waiting)) {
                failure = e;
            }
        } finally {
            changed.raise();
        }
    }

    /** False when some may begin later; if the membership is over, the next heartbeat says so. */
    private boolean beginAll(
            Predicate<TopicPartition> waiting,
            Function<TopicPartition, Optional<StartAt>> sought,
            BiConsumer<TopicPartition, StartAt> begin,
            Signal changed)
            throws InterruptedException {
        partitions.stream().filter(waiting).forEach(tp -> sought.apply(tp).ifPresent(at -> begin.accept(tp, at)));
        List<TopicPartition> left = partitions.stream().filter(waiting).toList();
        if (left.isEmpty()) {
            return true;
        }
        try {
            StartOffsets.Starts starts = offsets.find(left);
            if (!starts.reset().isEmpty()) {
                committer.commitReset(starts.reset(), waiting, RESET_COMMIT);
            }
            left.forEach(tp -> begin.accept(tp, starts.all().get(tp)));
            trouble = "";
            return true;
        } catch (Rejoin e) {
            trouble = e.getMessage();
            changed.raise();
        } catch (KafkaException e) {
            if (e.recovery() == KafkaException.Recovery.GIVE_UP) {
                throw e;
            }
            trouble = e.oneLine();
        }
        return false;
    }

    /** Why they cannot begin, ever; null if nothing speaks against it. */
    RuntimeException failure() {
        return failure;
    }

    /** Why some have not begun yet, in one line; empty if nothing is known. */
    String trouble() {
        return trouble;
    }
}
