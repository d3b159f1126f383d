package dev.kafkaloom.sink;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process that handles records, and its successors: when it ends, what it had in hand is settled as to be tried again, and it is
 * started anew after a pause that grows. Its pipes are served by platform threads of their own, because a blocked pipe knows no interrupt.
 * Thread-safe.
 */
final class ExecChild implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExecChild.class);
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final int LINE_LIMIT = 1 << 13;
    private static final int SHOWN = 200;
    private static final ExecWork END = new ExecWork(null);

    /**
     * What to run.
     *
     * @param folder where
     * @param timeout it is killed when it answers nothing for so long while it has records
     * @param closeTimeout for it to end by itself
     * @param patience how long a record waits for a child process that is not there
     */
    record Order(List<String> command, Path folder, Duration timeout, Duration closeTimeout, Duration patience) {
        Order {
            command = List.copyOf(command);
        }
    }

    private final Order order;
    private final Scope scope;
    private final BlockingQueue<ExecWork> waiting = new LinkedBlockingQueue<>(); // no more than callers wait for
    private final Map<Long, ExecWork> sent = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile long progressAt;
    private volatile Process process;
    private volatile String down; // why there is none; null while there is one
    private volatile String lastError = "";
    private volatile boolean closing;
    private Coroutine keeper;

    private ExecChild(Order order, Scope scope) {
        this.order = order;
        this.scope = scope;
    }

    /** Starts it; an {@link IOException} when it cannot be started at all. */
    static ExecChild start(Order order, Scope parent) throws IOException {
        ExecChild child = new ExecChild(order, parent.child("exec"));
        Process first = child.launch();
        try {
            child.keeper = child.scope.go("sink-exec", () -> child.keep(first));
        } catch (CancellationException e) {
            kill(first);
            throw e;
        }
        return child;
    }

    private Process launch() throws IOException {
        Process started = new ProcessBuilder(order.command())
                .directory(order.folder().toFile())
                .start();
        LOG.info("{} runs as process {}", name(), started.pid());
        return started;
    }

    private String name() {
        return "the child process " + order.command().getFirst();
    }

    /** Puts a record in the line for it. */
    ExecWork submit(ConsumedRecord record) {
        ExecWork work = new ExecWork(record);
        waiting.add(work);
        return work;
    }

    /** Waits until it is settled. While there is no child process it is given back after a while, so that nobody is held up for long. */
    Outcome await(ExecWork work) throws InterruptedException {
        long until = System.nanoTime() + order.patience().toNanos();
        try {
            while (true) {
                Outcome outcome = work.await(LOOK);
                if (outcome != null) {
                    return outcome;
                }
                String reason = down;
                boolean hopeless = closing || (reason != null && System.nanoTime() - until > 0);
                if (hopeless && work.withdraw()) {
                    waiting.remove(work);
                    return Outcome.Retry.untried(closing ? "the sink is being closed" : reason);
                }
            }
        } catch (InterruptedException e) {
            forget(work);
            throw e;
        }
    }

    /** Nobody waits for it any more; what the child process says of it has no effect. */
    void forget(ExecWork work) {
        if (work.withdraw()) {
            waiting.remove(work);
        } else {
            sent.remove(work.seq());
        }
    }

    /** Runs on a thread of its own: serves one process after the other. */
    private void keep(Process first) throws InterruptedException {
        try {
            keepServing(first);
        } finally {
            closing = true; // whatever ended it: nobody may wait for what will not come
        }
    }

    private void keepServing(Process first) throws InterruptedException {
        Process current = first;
        Duration pause = FIRST_PAUSE;
        while (true) {
            long begun = System.nanoTime();
            String why = current == null ? down : serve(current);
            if (closing) {
                return;
            }
            if (System.nanoTime() - begun > LONGEST_PAUSE.toNanos()) {
                pause = FIRST_PAUSE;
            }
            down = why;
            LOG.warn("{}; it is started again in {} ms", why, pause.toMillis());
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            try {
                current = launch();
            } catch (IOException e) {
                current = null;
                down = name() + " cannot be started: " + e.getMessage();
            }
        }
    }

    /** Until it has ended; says why it has. */
    private String serve(Process current) throws InterruptedException {
        String why = name() + " was stopped";
        Scope threads = scope.child("process-" + current.pid()).closeDeadline(LAST_WORDS);
        Generation generation = new Generation(current);
        try (threads) {
            process = current;
            down = null;
            lastError = "";
            progressAt = System.nanoTime();
            threads.goPlatform("sink-exec/writer", generation::write);
            Coroutine reader = threads.goPlatform("sink-exec/reader", generation::read);
            Coroutine errors = threads.goPlatform("sink-exec/errors", generation::log);
            why = awaitEnd(current, reader);
            reader.join(LAST_WORDS); // what it said last counts
            errors.join(LAST_WORDS);
            why += lastError.isEmpty() ? "" : ", its last line on standard error: " + lastError;
        } finally {
            generation.over(why);
        }
        return why;
    }

    private String awaitEnd(Process current, Coroutine reader) throws InterruptedException {
        try {
            return watch(current, reader);
        } finally {
            kill(current); // also when this thread is interrupted, and whatever it has left behind
        }
    }

    private String watch(Process current, Coroutine reader) throws InterruptedException {
        String killed = null;
        long heardAt = System.nanoTime();
        while (!current.waitFor(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
            if (reader.state() == Coroutine.State.RUNNING) {
                heardAt = System.nanoTime();
            }
            if (killed == null && !closing) {
                killed = complaint(heardAt);
                if (killed != null) {
                    kill(current);
                }
            }
        }
        return name() + (killed == null ? " ended with exit code " + current.exitValue() : " " + killed);
    }

    /** Why it is to be killed, or null. */
    private String complaint(long heardAt) {
        if (System.nanoTime() - heardAt > LAST_WORDS.toNanos()) { // its output ends a moment before it does
            return "closed its standard output and was killed";
        }
        int inHand = sent.size();
        boolean stuck =
                inHand > 0 && System.nanoTime() - progressAt > order.timeout().toNanos();
        return stuck
                ? "answered nothing for " + order.timeout().toMillis() + " ms while it had " + inHand
                        + (inHand == 1 ? " record" : " records") + ", and was killed"
                : null;
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** One process from its start to its end. */
    private final class Generation {
        private final Process of;
        private volatile String over;

        Generation(Process of) {
            this.of = of;
        }

        /** Settles what it has in hand. What its writer adds later sees that it is over. */
        void over(String why) {
            over = why;
            for (ExecWork work : List.copyOf(sent.values())) {
                giveBack(work, why);
            }
        }

        private void giveBack(ExecWork work, String why) {
            if (sent.remove(work.seq()) != null) {
                work.settle(new Outcome.Retry(Duration.ZERO, why));
            }
        }

        void write() throws InterruptedException {
            try (OutputStream out = of.getOutputStream()) {
                for (ExecWork work = waiting.take(); work != END; work = next(out)) {
                    write(work, out);
                }
            } catch (IOException e) {
                LOG.debug("{} takes no more", name(), e); // it is about to end, or is stuck and will be killed
            }
        }

        private ExecWork next(OutputStream out) throws IOException, InterruptedException {
            ExecWork work = waiting.poll();
            if (work == null) {
                out.flush();
                work = waiting.take();
            }
            return work;
        }

        private void write(ExecWork work, OutputStream out) throws IOException {
            long seq = numbers.incrementAndGet();
            if (!work.send(seq)) {
                return;
            }
            if (sent.isEmpty()) {
                progressAt = System.nanoTime();
            }
            sent.put(seq, work);
            if (over != null) {
                giveBack(work, over);
            }
            out.write(RecordJson.line(seq, work.record()));
        }

        void read() {
            try {
                BoundedLines lines = new BoundedLines(of.getInputStream(), LINE_LIMIT);
                for (String line = lines.next(); line != null; line = lines.next()) {
                    take(line);
                }
            } catch (IOException e) {
                LOG.debug("{} says no more", name(), e);
            }
        }

        private void take(String line) {
            Optional<ExecAnswer> answer = ExecAnswer.parse(line);
            if (answer.isEmpty() || answer.get().seq() > numbers.get()) {
                LOG.warn(
                        "{} wrote \"{}\", which is not <seq> done | retry [ms] [why] | reject [why]",
                        name(),
                        shortened(line));
                return;
            }
            ExecWork work = sent.remove(answer.get().seq());
            if (work != null) { // else it is known, or nobody waits for it any more
                progressAt = System.nanoTime();
                work.settle(answer.get().of(work.record()));
            }
        }

        void log() {
            try {
                BoundedLines lines = new BoundedLines(of.getErrorStream(), LINE_LIMIT);
                for (String line = lines.next(); line != null; line = lines.next()) {
                    lastError = shortened(line);
                    LOG.info("{}: {}", name(), line);
                }
            } catch (IOException e) {
                LOG.debug("{}: no more of its standard error", name(), e);
            }
        }
    }

    private static String shortened(String line) {
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }

    /** Ends its input and waits for it; then it is killed. */
    @Override
    public void close() {
        closing = true;
        waiting.add(END);
        try (scope) {
            if (down == null && !keeper.join(order.closeTimeout())) {
                LOG.warn(
                        "{} has not ended {} ms after its input: it is killed",
                        name(),
                        order.closeTimeout().toMillis());
                Optional.ofNullable(process).ifPresent(ExecChild::kill);
                keeper.join(LAST_WORDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
