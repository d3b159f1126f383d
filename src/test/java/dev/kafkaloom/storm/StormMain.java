package dev.kafkaloom.storm;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * {@code StormMain <calls> <seed> [bootstrap]}: the calls go to fake brokers, or through a proxy to the brokers that are named, all of
 * them. Prints one line, and on standard error what went on; exits with 1 when something did not hold. Late is what a call was late by
 * itself: without the time in which a coroutine that only sleeps did not get to run either, on a machine that is busy with other things.
 */
public final class StormMain {
    private static final int CALLERS = 64;
    private static final double FAULTS = 0.015;

    private StormMain() {}

    /** The program. */
    public static void main(String[] args) throws Exception {
        if (args.length < 2 || args.length > 3) {
            System.err.println("usage: StormMain <calls> <seed> [bootstrap]");
            System.exit(2);
        }
        long calls = Long.parseLong(args[0]);
        long seed = Long.parseLong(args[1]);
        String bootstrap = args.length == 3 ? args[2] : null;
        Leftovers before = Leftovers.atFirst();
        World world = bootstrap == null ? FakeWorld.start(seed, FAULTS) : RealWorld.behind(bootstrap, seed, FAULTS);
        Storm.Outcome outcome = new Storm(world, calls, CALLERS, seed).rage(before);
        List<String> failures = outcome.failures(calls);
        failures.forEach(each -> System.err.println("storm: " + each));
        System.err.println("storm: took " + outcome.took().toMillis() + " ms, latest: "
                + outcome.tally().latestCall() + ", faults " + outcome.faults());
        outcome.tally().causes().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(25)
                .map(each -> "storm: " + each.getValue() + " times " + each.getKey())
                .forEach(System.err::println);
        outcome.tally()
                .hanging()
                .forEach((at, nanos) -> System.err.println(
                        "storm: a call hung for " + Duration.ofNanos(nanos).toMillis() + " ms after its end at " + at));
        System.out.println(outcome.line(failures.isEmpty(), calls, seed));
        System.exit(failures.isEmpty() ? 0 : 1);
    }
}
