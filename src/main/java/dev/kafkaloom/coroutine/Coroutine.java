package dev.kafkaloom.coroutine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named thread, owned by a {@link Scope}. The methods may be called from any thread; the body runs on the thread that bears
 * its name, and its end is published under the lock of the scope's tree.
 */
public final class Coroutine {
    /** How it stands; everything but RUNNING is final. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Coroutine.class);
    private static final ThreadLocal<Coroutine> CURRENT = new ThreadLocal<>();

    private final Scope scope;
    private final Body body;
    private final Restart restart; // null: not supervised
    private final long startedAt = System.nanoTime();
    private final Thread thread;
    private String name; // set by the registry before the thread starts, never after
    private volatile State state = State.RUNNING;
    private volatile boolean cancelRequested;
    private volatile boolean backingOff;
    private final AtomicInteger restarts = new AtomicInteger();
    private volatile Throwable failure;
    private volatile String waitingFor;
    volatile Scope joining; // the scope whose end this one waits for; written by its own thread

    Coroutine(Scope scope, String wanted, boolean virtual, Restart restart, Body body) {
        this.scope = scope;
        this.body = body;
        this.restart = restart;
        var builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
        this.thread = builder.unstarted(this::run);
        CoroutineRegistry.enter(this, wanted); // last: from here on other threads look at it
        thread.setName(name);
    }

    /** The coroutine that the calling thread is, if it is one. */
    public static Optional<Coroutine> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /**
     * Says what the calling coroutine is about to wait for, for the console; null takes it back. Costs one volatile write, and is
     * shown only while the thread really waits. Without it the top frame of the program is shown.
     */
    public static void waitingFor(String what) {
        Coroutine self = CURRENT.get();
        if (self != null) {
            self.waitingFor = what;
        }
    }

    /** Its identity, unique among the living; also the name of the thread. */
    public String name() {
        return name;
    }

    public State state() {
        return state;
    }

    /** How often a supervised coroutine was started again. */
    public int restarts() {
        return restarts.get();
    }

    /** Cancels this one: interrupts its thread, and no restart follows. */
    public void interrupt() {
        cancelRequested = true;
        thread.interrupt();
    }

    /** Whether it was asked to end, by {@link #interrupt()} or with its scope. */
    public boolean isCancelRequested() {
        return cancelRequested;
    }

    /**
     * Waits for the end.
     *
     * @return false when it still ran after {@code timeout}, or when a coroutine asks this of itself
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return Thread.currentThread() != thread && scope.tree().await(() -> state != State.RUNNING, timeout);
    }

    /** What it failed with; of a supervised one also the failure that it was last restarted after. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
        return name + " (" + state + ")";
    }

    void setName(String name) {
        this.name = name;
    }

    void start() {
        thread.start();
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    Scope scope() {
        return scope;
    }

    private void run() {
        CURRENT.set(this);
        State end = State.FAILED;
        try {
            end = runBody();
        } finally {
            CoroutineRegistry.leave(this);
            scope.ended(this, end);
        }
    }

    /** Runs the body, and again as long as the supervision allows it. */
    private State runBody() {
        Duration backOff = null;
        while (true) {
            long begun = System.nanoTime();
            try {
                body.run();
                return State.DONE;
            } catch (InterruptedException _) {
                return State.CANCELLED;
            } catch (Throwable thrown) { // whatever leaves a body has to reach the scope, an Error as well
                failure = thrown;
                if (cancelRequested && thrown instanceof Exception) {
                    LOG.debug("{} ended on cancel with {}", name, thrown, thrown);
                    return State.CANCELLED;
                }
                if (restart == null || !restart.heals().test(thrown)) {
                    return State.FAILED;
                }
                boolean ranLong = System.nanoTime() - begun > restart.max().toNanos();
                backOff = restart.next(ranLong ? null : backOff);
            }
            if (!waitForRestart(backOff)) {
                return State.CANCELLED;
            }
        }
    }

    private boolean waitForRestart(Duration backOff) {
        LOG.warn("{} failed and is started again in {} ms: {}", name, backOff.toMillis(), failure.toString());
        LOG.debug("{} failed", name, failure);
        backingOff = true;
        try {
            Thread.sleep(backOff);
            restarts.incrementAndGet();
            CoroutineRegistry.restarted();
            return !cancelRequested;
        } catch (InterruptedException _) {
            return false;
        } finally {
            backingOff = false;
        }
    }

    /** Called by the scope under the lock of the tree. */
    void publishEnd(State end) {
        state = end;
    }

    Optional<CoroutineInfo> info() {
        Thread.State threadState = thread.getState();
        if (state != State.RUNNING || threadState == Thread.State.TERMINATED) {
            return Optional.empty();
        }
        boolean waits = threadState == Thread.State.WAITING || threadState == Thread.State.TIMED_WAITING;
        String shown = backingOff
                ? "restarting"
                : waits ? "waiting" : threadState == Thread.State.BLOCKED ? "blocked" : "running";
        Duration age = Duration.ofNanos(System.nanoTime() - startedAt);
        String wait = waits ? waitText() : "";
        return Optional.of(new CoroutineInfo(name, scope.name(), thread.isVirtual(), shown, age, restarts.get(), wait));
    }

    private String waitText() {
        if (backingOff) {
            return "restart after " + failure;
        }
        String marked = waitingFor;
        return marked != null ? marked : topFrame();
    }

    private String topFrame() {
        String own = Coroutine.class.getPackageName();
        String program = own.substring(0, own.lastIndexOf('.'));
        StackTraceElement outer = null;
        for (StackTraceElement frame : thread.getStackTrace()) {
            String owner = frame.getClassName();
            if (owner.startsWith(program) && !owner.startsWith(own)) {
                return owner.substring(owner.lastIndexOf('.') + 1) + "." + frame.getMethodName();
            }
            if (outer == null && !isOfTheJdk(owner)) {
                outer = frame;
            }
        }
        return outer == null
                ? ""
                : outer.getClassName().substring(outer.getClassName().lastIndexOf('.') + 1) + "."
                        + outer.getMethodName();
    }

    /** The top of a thread's stack, the frames of the JDK left out; empty when it has ended or runs nothing else. */
    public static String where(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (!isOfTheJdk(frame.getClassName())) {
                return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")";
            }
        }
        return "";
    }

    private static boolean isOfTheJdk(String owner) {
        return owner.startsWith("java.") || owner.startsWith("jdk.") || owner.startsWith("sun.");
    }

    /** {@link #where(Thread)} of its own thread. */
    String where() {
        return where(thread);
    }

    /** A mounted virtual thread prints as {@code VirtualThread[#22,name]/runnable@carrier}, an unmounted one without the carrier. */
    boolean holdsCarrier() {
        if (!thread.isVirtual() || thread.getState() != Thread.State.RUNNABLE) {
            return false;
        }
        String printed = thread.toString();
        return printed.indexOf('@', printed.lastIndexOf("]/")) >= 0;
    }
}
