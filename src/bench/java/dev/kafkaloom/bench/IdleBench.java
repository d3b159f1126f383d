package dev.kafkaloom.bench;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A consumer that is assigned very many partitions in which nothing happens, then hardly anything, beside kafka-clients on the same broker:
 * heap that lives, and processor time. Each round runs both in a fresh JVM each, the next round in the other order; prints a Markdown table.
 *
 * <p>Words: {@code partitions=N} (10,000), {@code seconds=N} that each part is measured for (60), {@code rounds=N} (1).
 */
public final class IdleBench {
    private static final String RELEASE = "4.3.1";
    private static final int TOPICS = 10;
    private static final int RECORDS_A_SECOND = 100;

    private final EmbeddedBroker broker;
    private final int partitions;
    private final int seconds;
    private final List<String> topics = new ArrayList<>();

    private IdleBench(EmbeddedBroker broker, int partitions, int seconds) {
        this.broker = broker;
        this.partitions = partitions;
        this.seconds = seconds;
        for (int i = 0; i < TOPICS; i++) {
            topics.add("idle-" + i);
        }
    }

    public static void main(String[] words) throws IOException, InterruptedException {
        run(List.of(words));
    }

    static void run(List<String> words) throws IOException, InterruptedException {
        int partitions = number(words, "partitions", 10_000) / TOPICS * TOPICS;
        int rounds = number(words, "rounds", 1);
        Options options = Options.defaults().withHeap("1g").withProperty("log.index.size.max.bytes", "65536");
        try (EmbeddedBroker broker = EmbeddedBroker.start(RELEASE, options)) {
            IdleBench bench = new IdleBench(broker, partitions, number(words, "seconds", 60));
            bench.createTopics();
            System.out.printf(
                    "%n%d partitions, %d s each part%n%n| client | round | live heap, bytes a partition | after trickle | idle, CPU s/min (JIT) |"
                            + " %d records/s, CPU s/min (JIT) | records | broker idle, trickle | peak RSS, MB |%n"
                            + "|---|---:|---:|---:|---:|---:|---:|---:|---:|%n",
                    partitions, bench.seconds, RECORDS_A_SECOND);
            for (int round = 1; round <= rounds; round++) {
                List<String> order = round % 2 == 1 ? List.of("kafka", "ours") : List.of("ours", "kafka");
                for (String side : order) {
                    bench.show(side, round, bench.measure(side));
                }
            }
        }
    }

    private static int number(List<String> words, String name, int otherwise) {
        return words.stream()
                .filter(word -> word.startsWith(name + "="))
                .mapToInt(word -> Integer.parseInt(word.substring(name.length() + 1)))
                .findFirst()
                .orElse(otherwise);
    }

    private void createTopics() throws InterruptedException {
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()).toBuilder()
                .apiTimeout(Duration.ofMinutes(5))
                .build())) {
            for (String topic : topics) {
                Topics.create(client, topic, partitions / TOPICS, 1);
            }
        }
    }

    private void show(String side, int round, Map<String, String> figures) {
        System.out.printf(
                "| %s | %d | %s | %s | %s (%s) | %s (%s) | %s | %s, %s | %s |%n",
                side.equals("ours") ? "kafka-loom" : "kafka-clients",
                round,
                figures.get("heap"),
                figures.get("after"),
                figures.get("idle"),
                figures.get("idlejit"),
                figures.get("trickle"),
                figures.get("tricklejit"),
                figures.get("records"),
                figures.get("idlebroker"),
                figures.get("tricklebroker"),
                figures.get("peak"));
    }

    private Map<String, String> measure(String side) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseG1GC",
                "-XX:-UseDynamicNumberOfCompilerThreads",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                IdleMeasure.class.getName(),
                side,
                broker.bootstrap(),
                String.join(",", topics),
                Integer.toString(partitions),
                Integer.toString(seconds),
                Long.toString(broker.pid()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, String> figures = new TreeMap<>();
        try (Scope scope = Scope.open("trickle");
                BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null) {
                if (line.equals("trickle")) {
                    scope.go("producer", this::produce);
                } else if (line.startsWith("figures ")) {
                    for (String pair : line.substring("figures ".length()).split(" ")) {
                        figures.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
                    }
                } else {
                    System.err.println(line);
                }
                line = out.readLine();
            }
        } finally {
            process.destroy();
        }
        if (figures.isEmpty()) {
            throw new IOException(side + " gave no figures and ended with " + process.waitFor());
        }
        return figures;
    }

    private void produce() throws InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", "0", "acks", "1");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            long next = System.nanoTime();
            while (true) {
                int number = ThreadLocalRandom.current().nextInt(partitions);
                producer.send(new ProducerRecord<>(topics.get(number % TOPICS), number / TOPICS, null, new byte[100]));
                next += 1_000_000_000L / RECORDS_A_SECOND;
                Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            }
        }
    }
}
