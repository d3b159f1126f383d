package dev.kafkaloom.fake;

import dev.kafkaloom.message.ApiKey;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Which fault comes next: what was said of the request's API, otherwise what the dice say. Thread-safe. */
final class FaultPlan {
    private static final int FOR_EVER = -1;

    private record Scripted(Fault fault, int left) {}

    private record Dice(Random random, double probability, List<Fault> faults) {
        Fault roll() {
            // Random is thread-safe; the draws of several connections interleave as they come
            return random.nextDouble() < probability ? faults.get(random.nextInt(faults.size())) : new Fault.None();
        }
    }

    private final Map<ApiKey, Scripted> scripted = new ConcurrentHashMap<>();
    private volatile Dice dice = new Dice(new Random(), 0, List.of(new Fault.None()));

    void always(ApiKey api, Fault fault) {
        scripted.put(api, new Scripted(fault, FOR_EVER));
    }

    void next(ApiKey api, Fault fault, int requests) {
        scripted.put(api, new Scripted(fault, requests));
    }

    void randomly(long seed, double probability, List<Fault> faults) {
        dice = new Dice(new Random(seed), probability, List.copyOf(faults));
    }

    void heal(ApiKey api) {
        scripted.remove(api);
    }

    Fault take(ApiKey api) {
        Scripted[] taken = new Scripted[1];
        scripted.computeIfPresent(api, (_, now) -> {
            taken[0] = now;
            return now.left() == FOR_EVER ? now : now.left() > 1 ? new Scripted(now.fault(), now.left() - 1) : null;
        });
        return taken[0] == null ? dice.roll() : taken[0].fault();
    }
}
