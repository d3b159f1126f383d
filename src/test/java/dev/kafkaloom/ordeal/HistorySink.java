package dev.kafkaloom.ordeal;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A sink that writes down what it gets and is done with, takes its time, and fails: now and then at random, and with some records always.
 * Records are numbers, with something behind them. Thread-safe.
 */
final class HistorySink implements Sink {
    /**
     * How it behaves.
     *
     * @param fail the share of records that it does not take at the first try
     * @param sleep the share of records that it sleeps over
     * @param nap how long it sleeps on average
     * @param poison one record of so many can never be done; 0: none
     * @param drop the number of a record that it keeps silent about: the checker has to notice; -1: none
     */
    record Behaviour(double fail, double sleep, Duration nap, int poison, long drop) {
        static final Behaviour CALM = new Behaviour(0, 0, Duration.ZERO, 0, -1);

        /** Of the settings {@code sinker.option.fail, sleep, nap.micros, poison, drop}. */
        static Behaviour of(Map<String, String> options) {
            return new Behaviour(
                    Double.parseDouble(options.getOrDefault("fail", "0")),
                    Double.parseDouble(options.getOrDefault("sleep", "0")),
                    Duration.ofNanos(1_000 * Long.parseLong(options.getOrDefault("nap.micros", "0"))),
                    Integer.parseInt(options.getOrDefault("poison", "0")),
                    Long.parseLong(options.getOrDefault("drop", "-1")));
        }

        /** The same as arguments of the program. */
        List<String> settings() {
            return List.of(
                    "sinker.option.fail=" + fail,
                    "sinker.option.sleep=" + sleep,
                    "sinker.option.nap.micros=" + nap.toNanos() / 1_000,
                    "sinker.option.poison=" + poison,
                    "sinker.option.drop=" + drop);
        }
    }

    private final WorkWriter out;
    private final Behaviour behaviour;

    HistorySink(Path folder, String process, Behaviour behaviour) throws IOException {
        this.out = WorkWriter.open(folder, process);
        this.behaviour = behaviour;
    }

    /** In their order; what is behind one that failed is not touched. */
    @Override
    public Outcome accept(List<ConsumedRecord> batch) throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (ConsumedRecord record : batch) {
            Outcome outcome = one(record);
            outcomes.add(outcome);
            if (outcome instanceof Outcome.Retry) {
                Outcome behind = Outcome.Retry.untried("behind one that failed");
                outcomes.addAll(java.util.Collections.nCopies(batch.size() - outcomes.size(), behind));
                return together(outcomes);
            }
        }
        return together(outcomes);
    }

    /** In the simplest form there is for it. */
    private static Outcome together(List<Outcome> outcomes) {
        if (outcomes.size() == 1) {
            return outcomes.getFirst();
        }
        return outcomes.stream().allMatch(Outcome.Done.class::isInstance) ? Outcome.DONE : new Outcome.Each(outcomes);
    }

    private Outcome one(ConsumedRecord record) throws InterruptedException {
        long number = number(record);
        if (number == behaviour.drop()) {
            return Outcome.DONE;
        }
        out.begin(record);
        WorkWriter.Result result = WorkWriter.Result.STOPPED;
        try {
            result = handle(record, number);
        } finally {
            out.end(record, result);
        }
        return switch (result) {
            case DONE -> Outcome.DONE;
            case REJECT -> new Outcome.Reject(List.of(record), "poison " + number);
            case RETRY, STOPPED -> new Outcome.Retry(Duration.ofMillis(20), "failed at " + number);
        };
    }

    private WorkWriter.Result handle(ConsumedRecord record, long number) throws InterruptedException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextDouble() < behaviour.sleep()) {
            Thread.sleep(Duration.ofNanos(random.nextLong(2 * behaviour.nap().toNanos() + 1)));
        }
        if (behaviour.poison() > 0 && number % behaviour.poison() == behaviour.poison() / 2) {
            // half of them say so, the others are tried until there were too many attempts
            return number % 2 == 0 ? WorkWriter.Result.REJECT : WorkWriter.Result.RETRY;
        }
        boolean fails = record.deliveryCount() < 3 && random.nextDouble() < behaviour.fail();
        return fails ? WorkWriter.Result.RETRY : WorkWriter.Result.DONE;
    }

    private static long number(ConsumedRecord record) {
        String text = new String(record.value(), StandardCharsets.UTF_8);
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    @Override
    public void close() {
        out.close();
    }
}
