package dev.kafkaloom.coroutine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Every living coroutine of the process, by its unique name, and those that rest. Thread-safe. */
public final class CoroutineRegistry {
    private static final Map<String, Coroutine> LIVING = new ConcurrentHashMap<>();

    private static final Set<Resting> RESTING = ConcurrentHashMap.newKeySet();

    private static final LongAdder RESTARTS = new LongAdder();

    private CoroutineRegistry() {}

    /** What lives or rests right now, sorted by name. Takes a stack trace of each: for people and for alarms, not for hot paths. */
    public static List<CoroutineInfo> snapshot() {
        List<CoroutineInfo> infos = new ArrayList<>();
        for (Coroutine coroutine : LIVING.values()) {
            coroutine.info().ifPresent(infos::add);
        }
        RESTING.removeIf(Resting::isOver);
        for (Resting each : RESTING) {
            if (!LIVING.containsKey(each.name())) {
                infos.add(each.info());
            }
        }
        infos.sort(Comparator.comparing(CoroutineInfo::name));
        return infos;
    }

    /** How many live; cheap. */
    public static int living() {
        return LIVING.size();
    }

    /** How often a supervised coroutine was started again after a failure, since the process began; those count that have ended since. */
    public static long restarts() {
        return RESTARTS.sum();
    }

    static void restarted() {
        RESTARTS.increment();
    }

    /**
     * A coroutine ends for want of work: it is shown until it is {@linkplain Resting#end started again}.
     *
     * @param waitingFor what would start it, in a word
     */
    public static Resting rest(Scope scope, String name, boolean virtual, String waitingFor) {
        Resting resting = new Resting(scope, name, virtual, waitingFor);
        RESTING.add(resting);
        return resting;
    }

    static void wake(Resting resting) {
        RESTING.remove(resting);
    }

    /** The coroutines that sit on a carrier thread at this moment, by name. */
    static List<Coroutine> holdersOfCarriers() {
        return LIVING.values().stream()
                .filter(Coroutine::holdsCarrier)
                .sorted(Comparator.comparing(Coroutine::name))
                .toList();
    }

    /** Enters it under the wanted name, or with {@code #2} ... behind it while that name is taken. */
    static void enter(Coroutine coroutine, String wanted) {
        String name = wanted;
        for (int n = 2; ; n++) {
            coroutine.setName(name);
            if (LIVING.putIfAbsent(name, coroutine) == null) {
                return;
            }
            name = wanted + "#" + n;
        }
    }

    static void leave(Coroutine coroutine) {
        LIVING.remove(coroutine.name(), coroutine);
    }
}
