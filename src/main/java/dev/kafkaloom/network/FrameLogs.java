package dev.kafkaloom.network;

import dev.kafkaloom.protocol.KafkaException;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The last frames of all connections of one client: those that live, the last {@value #OVER} that broke and the last
 * {@value #OVER} that we closed, because what explains a failure is most often read after it. Thread-safe.
 */
public final class FrameLogs {
    private static final int OVER = 8;
    private static final int CLIENTS = 16;

    // a client is closed by the time that its failure is told; soft, so that what nobody asks for makes room
    private static final Deque<SoftReference<FrameLogs>> OF_JVM = new ArrayDeque<>(); // guarded by itself

    /** Who does not listen. */
    public static final Consumer<Frame> NOBODY = _ -> {};

    private final Consumer<Frame> listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<FrameLog> living = new LinkedHashSet<>(); // guarded by lock, as the next two
    private final Deque<FrameLog> broken = new ArrayDeque<>();
    private final Deque<FrameLog> closed = new ArrayDeque<>();

    /** @param listener is given each frame as it passes, on the threads of the connections */
    FrameLogs(Consumer<Frame> listener) {
        this.listener = listener;
        synchronized (OF_JVM) {
            OF_JVM.addFirst(new SoftReference<>(this));
            if (OF_JVM.size() > CLIENTS) {
                OF_JVM.removeLast();
            }
        }
    }

    /** Those of the {@value #CLIENTS} clients that were opened last in this JVM, the newest first, closed ones too. */
    public static List<FrameLogs> ofJvm() {
        synchronized (OF_JVM) {
            return OF_JVM.stream()
                    .map(SoftReference::get)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }

    /** The log of a new connection. */
    FrameLog begin(Connection connection) {
        FrameLog log = new FrameLog(connection.name(), connection.peer(), connection.since(), listener);
        lock.lock();
        try {
            living.add(log);
        } finally {
            lock.unlock();
        }
        return log;
    }

    /** One that never got as far as a frame has nothing to tell, and would push out those that have. */
    void over(FrameLog log, KafkaException cause) {
        log.ended(cause);
        lock.lock();
        try {
            if (!living.remove(log) || log.isEmpty()) {
                return;
            }
            Deque<FrameLog> kept = cause instanceof KafkaException.Closed ? closed : broken;
            kept.addLast(log);
            if (kept.size() > OVER) {
                kept.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those that are over first, each group oldest first. */
    public List<ConnectionFrames> snapshot() {
        List<FrameLog> logs = new ArrayList<>();
        lock.lock();
        try {
            for (Collection<FrameLog> each : List.of(broken, closed, living)) {
                logs.addAll(each);
            }
        } finally {
            lock.unlock();
        }
        return logs.stream().map(FrameLog::snapshot).toList();
    }
}
