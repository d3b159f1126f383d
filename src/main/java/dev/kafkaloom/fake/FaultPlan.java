package dev.kafkaloom.fake;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Which fault comes next: what was said of this API or connection, otherwise what the dice say. Thread-safe. */
final class FaultPlan<K> {
    private static final int FOR_EVER = -1;

    private record Scripted(Fault fault, int left) {}

    private record Dice(Random random, double probability, List<Fault> faults) {
        Fault roll() {
            // Random is thread-safe; the draws of several connections interleave as they come
            return random.nextDouble() < probability ? faults.get(random.nextInt(faults.size())) : new Fault.None();
        }
    }

    private final Map<K, Scripted> scripted = new ConcurrentHashMap<>();
    private final Map<String, Long> done = new ConcurrentSkipListMap<>();
    private volatile Dice dice = new Dice(new Random(), 0, List.of(new Fault.None()));

    void always(K of, Fault fault) {
        scripted.put(of, new Scripted(fault, FOR_EVER));
    }

    void next(K of, Fault fault, int requests) {
        scripted.put(of, new Scripted(fault, requests));
    }

    void randomly(long seed, double probability, List<Fault> faults) {
        dice = new Dice(new Random(seed), probability, List.copyOf(faults));
    }

    void heal(K of) {
        scripted.remove(of);
    }

    void healAll() {
        scripted.clear();
        dice = new Dice(new Random(), 0, List.of(new Fault.None()));
    }

    /** Counts it as taken; null when nothing was said of it. */
    private Fault saidOf(K of) {
        Scripted[] taken = new Scripted[1];
        scripted.computeIfPresent(of, (_, now) -> {
            taken[0] = now;
            return now.left() == FOR_EVER ? now : now.left() > 1 ? new Scripted(now.fault(), now.left() - 1) : null;
        });
        return taken[0] == null ? null : taken[0].fault();
    }

    /** The fault said of the first of these of which something was said. */
    @SafeVarargs
    final Fault take(K... of) {
        Fault taken = said(of);
        if (!(taken instanceof Fault.None)) {
            done.merge(taken.getClass().getSimpleName(), 1L, Long::sum);
        }
        return taken;
    }

    @SafeVarargs
    private final Fault said(K... of) {
        for (K each : of) {
            Fault said = saidOf(each);
            if (said != null) {
                return said;
            }
        }
        return dice.roll();
    }

    /** How often each kind of fault was taken so far. */
    Map<String, Long> done() {
        return new TreeMap<>(done);
    }
}
