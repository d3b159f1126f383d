package dev.kafkaloom.bench.storage;

import dev.kafkaloom.testing.RedisProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The storages without a broker: records of 100 bytes are appended by four partitions in stretches of 500, taken and acked by two sinkers.
 * Each round measures every storage in a fresh JVM, and the next round in the other order. Prints a Markdown table, and behind it one line
 * that begins with {@code storage-bench:}.
 *
 * <p>Words: {@code quick} (one short round), {@code rounds=N}.
 */
public final class StorageBench {
    private static final int ROUNDS = 3;

    private enum Side {
        FILE("file", "FILE", 150_000),
        UNSYNCED("unsynced", "FILE, not synced", 0),
        REDIS("redis", "REDIS, one local server with appendonly", 100_000);

        private final String word;
        private final String label;
        private final long goal;

        Side(String word, String label, long goal) {
            this.word = word;
            this.label = label;
            this.goal = goal;
        }
    }

    /** One fork: records a second, processor time of the JVM per record, appends a second. */
    private record Figure(double records, double cpuMicros, double appends) {}

    private final int seconds;
    private final Map<Side, List<Figure>> figures = new EnumMap<>(Side.class);

    private StorageBench(int seconds) {
        this.seconds = seconds;
        for (Side side : Side.values()) {
            figures.put(side, new ArrayList<>());
        }
    }

    /** Measures, and prints. */
    public static void run(List<String> words) throws IOException, InterruptedException {
        boolean quick = words.contains("quick");
        int rounds = words.stream()
                .filter(word -> word.startsWith("rounds="))
                .mapToInt(word -> Integer.parseInt(word.substring("rounds=".length())))
                .findFirst()
                .orElse(quick ? 1 : ROUNDS);
        StorageBench bench = new StorageBench(quick ? 4 : 10);
        for (int round = 0; round < rounds; round++) {
            bench.round(round);
        }
        System.out.println(bench.table());
        System.out.printf(
                Locale.ROOT,
                "storage-bench: FILE %.0f/s (without fsync %.0f/s), REDIS %.0f/s of 100 B, append + take + ack%n",
                bench.median(Side.FILE).records(),
                bench.median(Side.UNSYNCED).records(),
                bench.median(Side.REDIS).records());
    }

    private void round(int number) throws IOException, InterruptedException {
        List<Side> order = new ArrayList<>(List.of(Side.values()));
        if (number % 2 == 1) {
            Collections.reverse(order);
        }
        for (Side side : order) {
            Figure figure = measure(side);
            figures.get(side).add(figure);
            System.err.printf(Locale.ROOT, "round %d: %s %.0f records/s%n", number + 1, side.label, figure.records());
        }
    }

    private Figure measure(Side side) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "bench-storage", side.word + "-" + System.nanoTime()));
        if (side != Side.REDIS) {
            return fork(side, folder.toAbsolutePath().toString());
        }
        try (RedisProcess redis = RedisProcess.start(folder)) {
            return fork(side, Integer.toString(redis.server().port()));
        }
    }

    private Figure fork(Side side, String place) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms512m",
                        "-Xmx512m",
                        "-XX:+UseG1GC",
                        "-Djdk.virtualThreadScheduler.parallelism=4",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StorageMeasure.class.getName(),
                        side.word,
                        place,
                        Integer.toString(seconds))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(side + " ended with exit code " + process.exitValue());
        }
        String[] words = out.strip().lines().toList().getLast().split(" ", -1);
        return new Figure(Double.parseDouble(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    }

    private Figure median(Side side) {
        List<Figure> sorted = figures.get(side).stream()
                .sorted((a, b) -> Double.compare(a.records(), b.records()))
                .toList();
        return sorted.get(sorted.size() / 2);
    }

    private String table() {
        StringBuilder table = new StringBuilder(
                "\n| storage | records/s | appends/s | CPU per record | goal | met |\n| --- | ---: | ---: | ---: | ---: | --- |\n");
        for (Side side : Side.values()) {
            Figure median = median(side);
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %.2f us | %s | %s |%n",
                    side.label,
                    median.records(),
                    median.appends(),
                    median.cpuMicros(),
                    side.goal == 0 ? "" : String.format(Locale.ROOT, "%,d", side.goal),
                    side.goal == 0 ? "" : median.records() >= side.goal ? "yes" : "no"));
        }
        return table.toString();
    }
}
