package dev.kafkaloom.ordeal;

import dev.kafkaloom.storage.StorageKind;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One ordeal.
 *
 * @param rate records that are sent in a second
 * @param daemons how many processes share the work
 * @param kills how often what is killed
 * @param sink what the sink does
 */
record OrdealPlan(
        StorageKind storage,
        WorkRules.Order ordering,
        long records,
        int keys,
        int rate,
        int daemons,
        Kills kills,
        HistorySink.Behaviour sink) {
    /** When the next one is killed and started again; zero: never. */
    record Kills(Duration daemon, Duration broker, Duration redis) {}

    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("storage", "directly"),
            Map.entry("ordering", "partition"),
            Map.entry("records", "200000"),
            Map.entry("keys", "1000"),
            Map.entry("rate", "3000"),
            Map.entry("daemons", "1"),
            Map.entry("kill", "20"), // seconds, as the next two
            Map.entry("broker", "50"),
            Map.entry("redis", "35"),
            Map.entry("fail", "0.01"),
            Map.entry("sleep", "0.05"),
            Map.entry("nap", "2"), // ms
            Map.entry("poison", "10000"),
            Map.entry("drop", "-1"));

    /** {@code storage=file ordering=key records=200000 ...}: what is not said is as usual. */
    static OrdealPlan of(String... words) {
        Map<String, String> given = new TreeMap<>(USUAL);
        for (String word : words) {
            String[] both = word.split("=", 2);
            if (both.length != 2 || given.put(both[0], both[1]) == null) {
                throw new IllegalArgumentException("'" + word + "' is not of " + USUAL.keySet());
            }
        }
        return new OrdealPlan(
                StorageKind.valueOf(given.get("storage").toUpperCase(Locale.ROOT)),
                WorkRules.Order.valueOf(given.get("ordering").toUpperCase(Locale.ROOT)),
                Long.parseLong(given.get("records")),
                Integer.parseInt(given.get("keys")),
                Integer.parseInt(given.get("rate")),
                Integer.parseInt(given.get("daemons")),
                new Kills(seconds(given.get("kill")), seconds(given.get("broker")), seconds(given.get("redis"))),
                new HistorySink.Behaviour(
                        Double.parseDouble(given.get("fail")),
                        Double.parseDouble(given.get("sleep")),
                        Duration.ofMillis(Long.parseLong(given.get("nap"))),
                        Integer.parseInt(given.get("poison")),
                        Long.parseLong(given.get("drop"))));
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text));
    }

    /** How many of its records no sink will ever be done with. */
    long poisoned() {
        return sink.poison() == 0 ? 0 : (records + sink.poison() - 1 - sink.poison() / 2) / sink.poison();
    }

    /** What it has to keep to. */
    WorkRules rules() {
        boolean direct = storage == StorageKind.DIRECTLY;
        // DIRECTLY: progress.max.gap and a chunk of each partition. Else: what is in the sinkers' hands, and acks of a
        // moment.
        long mostAgain = direct ? OrdealLab.PARTITIONS * 10_500L : 2_000L * daemons + rate;
        // What a daemon had stored in its own files when it was killed, it does when it is back, whoever did it
        // meanwhile.
        boolean parted = storage == StorageKind.FILE && daemons > 1;
        return new WorkRules(ordering, direct, mostAgain, parted ? Duration.ofDays(1) : Duration.ofSeconds(5));
    }

    /** In words, as part of a file's name. */
    String title() {
        String name = (storage + "-" + ordering).toLowerCase(Locale.ROOT);
        return daemons == 1 ? name : name + "-" + daemons;
    }
}
