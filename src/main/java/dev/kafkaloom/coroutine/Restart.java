package dev.kafkaloom.coroutine;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * When and how soon a supervised coroutine is started again after a failure. The wait doubles from {@code first} to {@code max}
 * and begins anew once the body has run for longer than {@code max}.
 *
 * @param first the wait before the first restart
 * @param max   the longest wait
 * @param heals false for failures that a restart cannot heal: the coroutine then gives up and fails its scope
 */
public record Restart(Duration first, Duration max, Predicate<Throwable> heals) {
    public Restart {
        Objects.requireNonNull(heals, "heals");
        if (first.isNegative() || max.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "restart back-off must be 0 <= first <= max, not " + first + " and " + max);
        }
    }

    /** Restarts after every exception; an {@link Error} is given up on. */
    public static Restart onException(Duration first, Duration max) {
        return new Restart(first, max, failure -> failure instanceof Exception);
    }

    Duration next(Duration last) {
        if (last == null) {
            return first;
        }
        Duration doubled = last.multipliedBy(2);
        return doubled.compareTo(max) > 0 ? max : doubled;
    }
}
