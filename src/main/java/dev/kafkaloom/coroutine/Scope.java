package dev.kafkaloom.coroutine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns coroutines and further scopes. The first failure of a coroutine cancels the others; {@link #close()} interrupts what is
 * left and waits for it. A failure stays in its scope: a parent scope sees it only when someone passes it on.
 *
 * <p>Thread-safe: all scopes of a tree share one lock. A coroutine may cancel or close the scope that it runs in; it is then not
 * interrupted by that call and not waited for.
 */
public final class Scope implements AutoCloseable {
    /** How long {@link #close()} waits, unless {@link #closeDeadline(Duration)} says otherwise. */
    public static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Scope.class);
    private static final Duration FOREVER = Duration.ofDays(365);

    private final Tree tree;
    private final Scope parent;
    private final String name;
    private final Set<Coroutine> coroutines = new LinkedHashSet<>(); // the running ones; all below guarded by tree.lock
    private final Set<Scope> scopes = new LinkedHashSet<>();
    private volatile boolean cancelled; // written under the lock
    private Throwable failure;
    private volatile Duration closeDeadline = CLOSE_DEADLINE;

    private Scope(Scope parent, String name) {
        this.parent = parent;
        this.name = parent == null ? name : parent.name + "/" + name;
        this.tree = parent == null ? new Tree() : parent.tree;
    }

    /** A root scope. */
    public static Scope open(String name) {
        return new Scope(null, name);
    }

    /**
     * A scope inside this one: cancelled and joined with it.
     *
     * @throws CancellationException when this scope is cancelled or closed
     */
    public Scope child(String childName) {
        tree.lock.lock();
        try {
            checkOpen(childName);
            Scope child = new Scope(this, childName);
            scopes.add(child);
            return child;
        } finally {
            tree.lock.unlock();
        }
    }

    /**
     * Starts a virtual thread.
     *
     * @throws CancellationException when this scope is cancelled or closed
     */
    public Coroutine go(String coroutine, Body body) {
        return start(coroutine, true, null, body);
    }

    /** Starts a daemon platform thread, for what must run while every carrier is busy. */
    public Coroutine goPlatform(String coroutine, Body body) {
        return start(coroutine, false, null, body);
    }

    /** Starts a virtual thread that is run again after failures which the policy holds for curable; the others fail the scope. */
    public Coroutine supervise(String coroutine, Restart policy, Body body) {
        return start(coroutine, true, policy, body);
    }

    private Coroutine start(String wanted, boolean virtual, Restart restart, Body body) {
        tree.lock.lock();
        try {
            checkOpen(wanted);
            Coroutine coroutine = new Coroutine(this, wanted, virtual, restart, body);
            coroutines.add(coroutine);
            coroutine.start();
            return coroutine;
        } finally {
            tree.lock.unlock();
        }
    }

    private void checkOpen(String wanted) {
        if (cancelled) {
            throw new CancellationException("scope " + name + " is closed, " + wanted + " cannot start");
        }
    }

    /** Interrupts everything inside, but for the calling coroutine; nothing can be started any more. Does not wait. */
    public void cancel() {
        tree.lock.lock();
        try {
            cancelled = true;
            for (Coroutine coroutine : coroutines) {
                if (!coroutine.isCurrent()) {
                    coroutine.interrupt();
                }
            }
            scopes.forEach(Scope::cancel);
            tree.signal();
        } finally {
            tree.lock.unlock();
        }
    }

    /** Waits until nothing runs inside, a calling coroutine apart. */
    public void join() throws InterruptedException {
        boolean ended = join(FOREVER);
        assert ended;
    }

    /** The same with a deadline; false when something still ran at it. */
    public boolean join(Duration timeout) throws InterruptedException {
        Coroutine self = Coroutine.current().orElse(null);
        Scope before = markJoining(self, this);
        try {
            return tree.await(() -> living(self).isEmpty(), timeout);
        } finally {
            markJoining(self, before);
        }
    }

    /** The first failure of a coroutine of this scope. */
    public Optional<Throwable> failure() {
        tree.lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            tree.lock.unlock();
        }
    }

    /** Whether it was cancelled, by a failure, by {@link #cancel()} or with its parent. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Its path from the root, {@code runtime/group-orders}. */
    public String name() {
        return name;
    }

    /** Sets how long {@link #close()} waits. */
    public Scope closeDeadline(Duration deadline) {
        this.closeDeadline = deadline;
        return this;
    }

    /** Cancels and waits for the end of all inside, at most the close deadline; logs by name what did not end. */
    @Override
    public void close() {
        close(closeDeadline);
    }

    /**
     * Cancels and waits, also when the caller is interrupted (the interrupt is kept).
     *
     * @return the names of those that still run at the deadline; they are logged, and left to themselves
     */
    public List<String> close(Duration deadline) {
        cancel();
        Coroutine self = Coroutine.current().orElse(null);
        Scope before = markJoining(self, this);
        try {
            if (tree.awaitUninterruptibly(() -> living(self).isEmpty(), deadline)) {
                return List.of();
            }
        } finally {
            markJoining(self, before);
            leaveParent();
        }
        List<String> left = namesOfLiving(self);
        if (!left.isEmpty()) {
            LOG.warn(
                    "scope {} closed, but after {} ms there still run: {}",
                    name,
                    deadline.toMillis(),
                    String.join(", ", left));
        }
        return left;
    }

    private List<String> namesOfLiving(Coroutine self) {
        tree.lock.lock();
        try {
            return living(self).stream().map(Coroutine::name).toList();
        } finally {
            tree.lock.unlock();
        }
    }

    private void leaveParent() {
        if (parent != null) {
            tree.lock.lock();
            try {
                if (coroutines.isEmpty() && scopes.isEmpty()) {
                    parent.scopes.remove(this);
                }
            } finally {
                tree.lock.unlock();
            }
        }
    }

    /** Whom a close or join by {@code self} has to wait for: not itself, nor those that wait for it in turn. */
    private List<Coroutine> living(Coroutine self) {
        List<Coroutine> living = new ArrayList<>();
        collect(living);
        living.removeIf(
                each -> each == self || (self != null && each.joining != null && each.joining.contains(self.scope())));
        return living;
    }

    private void collect(List<Coroutine> into) {
        into.addAll(coroutines);
        scopes.forEach(scope -> scope.collect(into));
    }

    private boolean contains(Scope inner) {
        Scope at = inner;
        while (at != null && at != this) {
            at = at.parent;
        }
        return at == this;
    }

    private Scope markJoining(Coroutine self, Scope joined) {
        if (self == null) {
            return null;
        }
        tree.lock.lock();
        try {
            Scope before = self.joining;
            self.joining = joined;
            tree.signal(); // others may now have one less to wait for
            return before;
        } finally {
            tree.lock.unlock();
        }
    }

    Tree tree() {
        return tree;
    }

    /** The last act of a coroutine, on its own thread. */
    void ended(Coroutine coroutine, Coroutine.State end) {
        if (end == Coroutine.State.FAILED) {
            Throwable thrown = coroutine.failure().orElse(null);
            LOG.warn("{} failed: {}", coroutine.name(), String.valueOf(thrown));
            LOG.debug("{} failed", coroutine.name(), thrown);
        }
        tree.lock.lock();
        try {
            if (end == Coroutine.State.FAILED && failure == null) {
                failure = coroutine.failure().orElse(null);
            }
            coroutines.remove(coroutine);
            coroutine.publishEnd(end);
            if (end == Coroutine.State.FAILED) {
                cancel();
            }
            if (cancelled && parent != null && coroutines.isEmpty() && scopes.isEmpty()) {
                parent.scopes.remove(this);
            }
            tree.signal();
        } finally {
            tree.lock.unlock();
        }
    }
}
