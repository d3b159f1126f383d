package dev.kafkaloom.bench;

import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
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
import java.util.Optional;

/**
 * Consuming beside kafka-clients and librdkafka, over the same topics of one fresh broker. Each round runs every client in a process of its
 * own, one right after the other, and the next round in the other order; a round in which the host gave too much of the machine to others
 * is measured again. Prints a Markdown table.
 *
 * <p>Words: {@code quick} (one short round), {@code rounds=N}, {@code hold} (starts the broker, fills the topics, prints the command lines and
 * waits: for a profiler); others select the topics whose label has one of them.
 */
final class ConsumeBench {
    private static final String RELEASE = "4.3.1";
    private static final int ROUNDS = 5;
    private static final double MOST_STOLEN = 0.15;

    private final EmbeddedBroker broker;
    private final Optional<Path> program;
    private final ConsumeTimes times;
    private final int rounds;
    private int dropped;

    private ConsumeBench(EmbeddedBroker broker, Optional<Path> program, ConsumeTimes times, int rounds) {
        this.broker = broker;
        this.program = program;
        this.times = times;
        this.rounds = rounds;
    }

    static void run(List<String> words) throws IOException, InterruptedException {
        boolean quick = words.remove("quick");
        boolean hold = words.remove("hold");
        int rounds = quick ? 1 : ROUNDS;
        for (String word : List.copyOf(words)) {
            if (word.startsWith("rounds=")) {
                rounds = Integer.parseInt(word.substring("rounds=".length()));
                words.remove(word);
            }
        }
        List<ConsumeTopic> topics = ConsumeTopic.all().stream()
                .filter(topic -> words.isEmpty() || words.stream().anyMatch(topic.label()::contains))
                .toList();
        Options options = Options.defaults()
                .withHeap("1g")
                .withProperty("log.segment.bytes", "1073741824")
                .withProperty("log.retention.ms", "-1");
        try (EmbeddedBroker broker = EmbeddedBroker.start(RELEASE, options)) {
            for (ConsumeTopic topic : topics) {
                System.err.println("filling " + topic.label());
                topic.fill(broker.bootstrap());
            }
            ConsumeTimes times = quick ? ConsumeTimes.QUICK : ConsumeTimes.LONG;
            ConsumeBench bench = new ConsumeBench(broker, compile(), times, rounds);
            if (hold) {
                bench.hold(topics);
            } else {
                bench.run(topics, quick);
            }
        }
    }

    private static Optional<Path> compile() throws IOException, InterruptedException {
        Path program = Path.of("target", "consume");
        Files.createDirectories(program.getParent());
        try {
            Process cc = new ProcessBuilder("cc", "-O2", "-o", program.toString(), "src/bench/c/consume.c", "-lrdkafka")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (cc.waitFor() == 0) {
                return Optional.of(program.toAbsolutePath());
            }
            System.err.println(said);
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
        return Optional.empty();
    }

    private void hold(List<ConsumeTopic> topics) throws InterruptedException {
        for (ConsumeTopic topic : topics) {
            for (ConsumeSide side : sides(topic, true)) {
                System.out.println(String.join(
                        " ", side.command(program.orElse(null), broker.bootstrap(), topic, times, broker.pid())));
            }
        }
        System.out.flush();
        Thread.sleep(Long.MAX_VALUE);
    }

    private void run(List<ConsumeTopic> topics, boolean quick) throws IOException, InterruptedException {
        ConsumeTable table = new ConsumeTable();
        for (ConsumeTopic topic : topics) {
            measure(ConsumeSide.KAFKA, topic, ConsumeTimes.QUICK); // the broker's own warm-up, and the page cache's
        }
        for (int round = 0; round < rounds; round++) {
            for (ConsumeTopic topic : topics) {
                table.add(topic, round(round, topic, quick));
            }
            System.err.println("after " + (round + 1) + " of " + rounds + " rounds:");
            System.err.println(table.of(topics, program.isPresent()));
        }
        System.out.println(table.of(topics, program.isPresent()));
        if (program.isEmpty()) {
            System.out.println("librdkafka is left out: no C compiler, or no headers of librdkafka (librdkafka-dev).");
        }
        System.out.printf(
                Locale.ROOT,
                "%d rounds; %d were measured again, because more than %.0f %% of the machine was not there.%n",
                rounds,
                dropped,
                100 * MOST_STOLEN);
    }

    private List<ConsumeSide> sides(ConsumeTopic topic, boolean quick) {
        List<ConsumeSide> sides = new ArrayList<>();
        sides.add(ConsumeSide.OURS);
        if (topic.isPlain()) {
            sides.add(ConsumeSide.OURS_VIEWS);
        }
        sides.add(ConsumeSide.KAFKA);
        if (topic.isPlain() && !quick) {
            sides.add(ConsumeSide.KAFKA_AGAIN);
        }
        if (program.isPresent()) {
            if (topic.isPlain()) {
                sides.add(ConsumeSide.RDKAFKA_POINTERS);
            }
            sides.add(ConsumeSide.RDKAFKA);
        }
        return sides;
    }

    private Map<ConsumeSide, ConsumeFigure> round(int number, ConsumeTopic topic, boolean quick)
            throws IOException, InterruptedException {
        List<ConsumeSide> order = sides(topic, quick);
        if (number % 2 == 1) {
            Collections.reverse(order);
        }
        for (int tries = 1; ; tries++) {
            Map<ConsumeSide, ConsumeFigure> figures = new EnumMap<>(ConsumeSide.class);
            for (ConsumeSide side : order) {
                figures.put(side, measure(side, topic, times));
            }
            if (tries == 3 || figures.values().stream().allMatch(figure -> figure.stolen() <= MOST_STOLEN)) {
                return figures;
            }
            dropped++;
        }
    }

    private ConsumeFigure measure(ConsumeSide side, ConsumeTopic topic, ConsumeTimes longFor)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        side.command(program.orElse(null), broker.bootstrap(), topic, longFor, broker.pid()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(side + " of " + topic.label() + " ended with exit code " + process.exitValue());
        }
        ConsumeFigure figure = ConsumeFigure.parse(out);
        System.err.printf(
                Locale.ROOT,
                "%-12s %-18s %5.2f CPU s/M without JIT, %5.2f with it, %8.0f records/s, %5.0f B/record, %4.0f MB, broker %.2f, stolen %.0f %%%n",
                topic.label(),
                side,
                figure.work(),
                figure.total(),
                figure.perSecond(),
                figure.bytesPerRecord(),
                figure.peak(),
                figure.brokerPerMillion(),
                100 * figure.stolen());
        return figure;
    }
}
