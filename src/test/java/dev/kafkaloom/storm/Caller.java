package dev.kafkaloom.storm;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.storm.Tally.End;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** One of those that call, one call after the other, with time-outs and interrupts at random. */
final class Caller {
    private static final long NONE = -1;
    private static final int OWNERS = 4;
    private static final double INTERRUPTED = 0.05;
    private static final double RELEASES = 0.001;
    private static final Duration LONGEST = Duration.ofMillis(1500);

    private final KafkaClient client;
    private final List<Question> questions;
    private final AtomicLong calls;
    private final long last;
    private final Tally tally;
    private final Stall stall;
    private final Random random;
    private final ReentrantLock lock = new ReentrantLock();
    private Thread thread; // guarded by lock, as are the following
    private long current = NONE;
    private long interruptedAt;
    private long deadline;
    private boolean seenLate;

    /** {@code calls} hands out the numbers, up to {@code last}. */
    Caller(
            KafkaClient client,
            List<Question> questions,
            AtomicLong calls,
            long last,
            Tally tally,
            Stall stall,
            Random random) {
        this.client = client;
        this.questions = questions;
        this.calls = calls;
        this.last = last;
        this.tally = tally;
        this.stall = stall;
        this.random = random;
    }

    void run(Scope scope) {
        for (long call = calls.getAndIncrement(); call < last; call = calls.getAndIncrement()) {
            Duration timeout = timeout();
            begin(call, timeout);
            if (random.nextDouble() < INTERRUPTED) {
                interruptSoon(scope, call);
            }
            Question question = questions.get(random.nextInt(questions.size()));
            End end = call(call, question, timeout);
            long ended = System.nanoTime();
            tally.ended(end);
            long due = finish();
            tally.late(
                    ended - due,
                    stall.between(due, ended),
                    () -> question + " with " + timeout.toMillis() + " ms, " + end);
        }
    }

    /** Mostly enough, sometimes hopelessly little. */
    private Duration timeout() {
        double share = random.nextDouble();
        return Duration.ofNanos((long) (share * share * LONGEST.toNanos())).plusMillis(2);
    }

    private End call(long call, Question question, Duration timeout) {
        int owner = random.nextInt(OWNERS);
        CallOptions options = CallOptions.DEFAULT.timeout(timeout).owner(owner == 0 ? "" : "owner-" + owner);
        try {
            if (random.nextDouble() < RELEASES) {
                client.release(options.owner());
            }
            Request<?> request = question.request(call);
            Response response = client.call(request, options);
            return judge(call, question, request, response);
        } catch (InterruptedException _) {
            return End.INTERRUPTED;
        } catch (KafkaException.RequestTimedOut _) {
            return End.TIMED_OUT;
        } catch (KafkaException e) {
            tally.because(e.getClass().getSimpleName() + " "
                    + e.oneLine().replaceAll("storm-[0-9a-f]+", "storm").replaceAll("[0-9]+", "n"));
            return End.BROKEN;
        } catch (RuntimeException e) {
            tally.complain(question + " ended with " + e + " at " + List.of(e.getStackTrace()));
            return End.UNHEARD_OF;
        }
    }

    private End judge(long call, Question question, Request<?> request, Response response) {
        Verdict verdict = Question.judge(call, request, response);
        return switch (verdict) {
            case ANSWERED -> End.ANSWERED;
            case WRONG -> {
                tally.complain("call " + call + " asked " + request + " and was answered " + response);
                yield End.WRONG;
            }
            case REFUSED, GARBLED -> {
                tally.because(question + " answered, but " + verdict);
                yield End.BROKEN;
            }
        };
    }

    private void begin(long call, Duration timeout) {
        lock.lock();
        try {
            thread = Thread.currentThread();
            current = call;
            interruptedAt = Long.MAX_VALUE;
            deadline = System.nanoTime() + timeout.toNanos();
            seenLate = false;
        } finally {
            lock.unlock();
        }
    }

    /** Notes where a call hangs that should have ended so long ago; once a call. Called by another thread. */
    void lookAt(Duration allowed) {
        lock.lock();
        try {
            long late = System.nanoTime() - Math.min(deadline, interruptedAt);
            if (current != NONE && !seenLate && late > allowed.toNanos()) {
                seenLate = true;
                tally.hangs(late, List.of(thread.getStackTrace()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** When it had to end: at its deadline, or when it was interrupted. */
    private long finish() {
        lock.lock();
        try {
            current = NONE;
            Thread.interrupted();
            return Math.min(deadline, interruptedAt);
        } finally {
            lock.unlock();
        }
    }

    private void interruptSoon(Scope scope, long call) {
        Duration soon = Duration.ofMillis(random.nextInt(20));
        try {
            scope.go("storm/interrupt-" + call, () -> {
                Thread.sleep(soon);
                interrupt(call);
            });
        } catch (CancellationException _) {
            // the storm is over
        }
    }

    private void interrupt(long call) {
        lock.lock();
        try {
            if (current == call) {
                interruptedAt = System.nanoTime();
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
