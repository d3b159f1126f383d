package dev.kafkaloom.storm;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.storm.Tally.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many calls of one client in bad weather, and what must be true of them afterwards.
 *
 * @param calls how many
 * @param callers how many of them at the same time
 * @param seed what everything random begins with
 */
record Storm(World world, long calls, int callers, long seed) {
    private static final Duration CALM = Duration.ofMillis(20);
    private static final Duration LATE = Duration.ofSeconds(1);
    private static final Duration HANGS = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * What it came to.
     *
     * @param left what was there after the client had been closed, and had not been before it was opened
     */
    record Outcome(Tally tally, Leftovers left, Map<String, Long> faults, long peakHeap, Duration took) {
        /** What went wrong, in one line each; none when all is well. */
        List<String> failures(long calls) {
            List<String> failures = new ArrayList<>(tally.complaints());
            long ended = 0;
            for (End end : End.values()) {
                ended += tally.count(end);
            }
            must(failures, ended == calls, "of " + calls + " calls " + ended + " ended");
            must(failures, tally.count(End.WRONG) == 0, "wrong responses: " + tally.count(End.WRONG));
            must(failures, tally.count(End.UNHEARD_OF) == 0, "unheard of: " + tally.count(End.UNHEARD_OF));
            must(
                    failures,
                    tally.lateByItself().compareTo(LATE) < 0,
                    "a call was late by " + tally.lateByItself() + " by itself");
            must(failures, left.threads().isEmpty(), "threads left: " + left.threads());
            must(failures, left.sockets().isEmpty(), "sockets left: " + left.sockets());
            must(failures, tally.count(End.ANSWERED) > calls / 10, "too few answers to show anything");
            for (End end : List.of(End.TIMED_OUT, End.INTERRUPTED, End.BROKEN)) {
                must(failures, tally.count(end) > 0, "a storm in which no call is " + end + " shows nothing");
            }
            return failures;
        }

        private static void must(List<String> failures, boolean holds, String otherwise) {
            if (!holds) {
                failures.add(otherwise);
            }
        }

        String line(boolean ok, long calls, long seed) {
            return String.format(
                    Locale.ROOT,
                    "storm: %s, %d calls, answered %d, timed out %d, interrupted %d, broken %d, wrong %d, "
                            + "latest %+d ms over deadline (%+d ms by itself), threads %d, sockets %d, peak heap %d MiB, seed %d",
                    ok ? "ok" : "FAILED",
                    calls,
                    tally.count(End.ANSWERED),
                    tally.count(End.TIMED_OUT),
                    tally.count(End.INTERRUPTED),
                    tally.count(End.BROKEN),
                    tally.count(End.WRONG),
                    tally.latest().toMillis(),
                    tally.lateByItself().toMillis(),
                    left.threads().size(),
                    left.sockets().size(),
                    peakHeap,
                    seed);
        }
    }

    /** {@code before} is what lived before the world was made; the world is closed by this. */
    Outcome rage(Leftovers before) throws Exception {
        long begun = System.nanoTime();
        Tally tally = new Tally();
        try (PeakHeap heap = PeakHeap.watch()) {
            try (world;
                    Stall stall = Stall.watch()) {
                try (KafkaClient client = KafkaClient.open(world.client()
                        .clientId("storm")
                        .requestTimeout(Duration.ofMillis(500))
                        .connectTimeout(Duration.ofMillis(500))
                        .connectTimeoutMax(Duration.ofMillis(1000))
                        .retryBackoff(Duration.ofMillis(5))
                        .retryBackoffMax(Duration.ofMillis(50))
                        .reconnectBackoff(Duration.ofMillis(5))
                        .reconnectBackoffMax(Duration.ofMillis(50))
                        .metadataMaxAge(Duration.ofSeconds(2))
                        .maxIdle(Duration.ofSeconds(1))
                        .rebootstrapTrigger(Duration.ofSeconds(1))
                        .maxFrameBytes(Weather.MAX_FRAME)
                        .build())) {
                    call(client, tally, stall);
                }
            }
            Leftovers left = before.since(PATIENCE);
            return new Outcome(
                    tally, left, world.faultsDone(), heap.mebibytes(), Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private void call(KafkaClient client, Tally tally, Stall stall) throws InterruptedException {
        Random seeds = new Random(seed);
        AtomicLong numbers = new AtomicLong();
        List<Coroutine> calling = new ArrayList<>();
        List<Caller> all = new ArrayList<>();
        try (Scope scope = Scope.open("storm")) {
            for (int i = 0; i < callers; i++) {
                Caller caller = new Caller(
                        client, world.questions(), numbers, calls, tally, stall, new Random(seeds.nextLong()));
                all.add(caller);
                calling.add(scope.go("storm/caller-" + i, () -> caller.run(scope)));
            }
            Random weather = new Random(seeds.nextLong());
            scope.go("storm/weather", () -> {
                while (true) {
                    Thread.sleep(CALM.multipliedBy(1 + weather.nextInt(10)));
                    world.disturb(weather);
                }
            });
            scope.goPlatform("storm/watch", () -> {
                while (true) {
                    Thread.sleep(CALM);
                    all.forEach(each -> each.lookAt(HANGS));
                }
            });
            for (Coroutine each : calling) {
                each.join(LONGEST);
            }
        }
    }
}
