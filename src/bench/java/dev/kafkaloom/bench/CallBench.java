package dev.kafkaloom.bench;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Small calls beside kafka-clients' Admin, on one real broker and one connection each: the metadata of a cluster with one topic, asked by
 * one caller and by sixteen. Prints a Markdown table. Each round runs every side in a fresh JVM, and the next round in the other order.
 */
final class CallBench {
    private static final String RELEASE = "4.3.1";
    private static final double AS_FAST_AS_KAFKA = 1.0;
    private static final double SIXTEEN_OVER_ONE = 1.5;

    private enum Side {
        OURS_1("ours", 1),
        KAFKA_1("kafka", 1),
        OURS_16("ours", 16),
        KAFKA_16("kafka", 16);

        private final String client;
        private final int callers;

        Side(String client, int callers) {
            this.client = client;
            this.callers = callers;
        }
    }

    /** One fork: calls a second, and the client's processor time per call. */
    private record Figure(double calls, double cpuMicros) {}

    private final String bootstrap;
    private final Map<Side, List<Figure>> figures = new EnumMap<>(Side.class);

    private CallBench(String bootstrap) {
        this.bootstrap = bootstrap;
        for (Side side : Side.values()) {
            figures.put(side, new ArrayList<>());
        }
    }

    static void run(int rounds) throws IOException, InterruptedException {
        try (EmbeddedBroker broker = EmbeddedBroker.start(RELEASE, Options.defaults())) {
            try (KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
                Topics.create(client, "calls", 1, 1);
            }
            CallBench bench = new CallBench(broker.bootstrap());
            bench.fork(Side.OURS_16); // the broker's own warm-up, not counted
            for (int round = 0; round < rounds; round++) {
                bench.round(round);
            }
            System.out.println(bench.table());
        }
    }

    private void round(int number) throws IOException, InterruptedException {
        List<Side> order = new ArrayList<>(List.of(Side.values()));
        if (number % 2 == 1) {
            Collections.reverse(order);
        }
        for (Side side : order) {
            Figure figure = fork(side);
            figures.get(side).add(figure);
            System.err.printf(Locale.ROOT, "round %d: %s %.0f calls/s%n", number + 1, side, figure.calls());
        }
    }

    private Figure fork(Side side) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms512m",
                        "-Xmx512m",
                        "-XX:+UseG1GC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CallMeasure.class.getName(),
                        side.client,
                        Integer.toString(side.callers),
                        bootstrap,
                        "1")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(side + " ended with exit code " + process.exitValue());
        }
        String[] words = out.strip().split(" ", -1);
        return new Figure(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
    }

    private String table() {
        return "\n| case | calls/s | CPU per call | beside | calls/s | CPU per call | ratio (lowest to highest) | goal | met |\n"
                + "| --- | ---: | ---: | --- | ---: | ---: | ---: | --- | --- |\n"
                + row("Metadata of one topic, 1 caller", Side.OURS_1, "Admin, 1 caller", Side.KAFKA_1, AS_FAST_AS_KAFKA)
                + row(
                        "the same, 16 callers on one connection",
                        Side.OURS_16,
                        "kafka-loom, 1 caller",
                        Side.OURS_1,
                        SIXTEEN_OVER_ONE)
                + row("the same, 16 callers", Side.OURS_16, "Admin, 16 callers", Side.KAFKA_16, AS_FAST_AS_KAFKA);
    }

    private String row(String label, Side side, String otherLabel, Side other, double goal) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < figures.get(side).size(); i++) {
            ratios.add(
                    figures.get(side).get(i).calls() / figures.get(other).get(i).calls());
        }
        double ratio = Figures.median(ratios);
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f µs | %s | %.0f | %.0f µs | %.2f (%.2f to %.2f) | ≥ %.1f× | %s |%n",
                label,
                Figures.median(figures.get(side).stream().map(Figure::calls).toList()),
                Figures.median(figures.get(side).stream().map(Figure::cpuMicros).toList()),
                otherLabel,
                Figures.median(figures.get(other).stream().map(Figure::calls).toList()),
                Figures.median(
                        figures.get(other).stream().map(Figure::cpuMicros).toList()),
                ratio,
                Collections.min(ratios),
                Collections.max(ratios),
                goal,
                ratio >= goal ? "yes" : "NO");
    }
}
