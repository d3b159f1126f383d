package dev.kafkaloom.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.console.Answer;
import dev.kafkaloom.console.DaemonFiles;
import dev.kafkaloom.console.Output;
import dev.kafkaloom.console.RpcClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How soon a daemon answers while its handlers compute on every core: on virtual and on a few platform threads, in two orders, over a connection
 * that stays (attach), over a new one for each command (rpc) and over HTTP. Run by hand or by the acceptance script, on a broker of its own; the one
 * argument is how many seconds each takes. Prints {@code saturated: ...} and exits with 1 unless the 95th percentile of everything that asks the
 * daemon only about itself is at most 250 ms; {@code kafka_lag}, which asks the brokers, is shown beside it.
 */
final class SaturatedMain {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final double MOST_MILLIS = 250;
    private static final String OF_BROKERS = "kafka_lag";
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 60_000;
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    private final EmbeddedBroker broker;
    private final Duration time;

    private SaturatedMain(EmbeddedBroker broker, Duration time) {
        this.broker = broker;
        this.time = time;
    }

    public static void main(String[] args) throws Exception {
        Duration time = Duration.ofSeconds(args.length > 0 ? Integer.parseInt(args[0]) : 15);
        StringBuilder told = new StringBuilder();
        boolean good = true;
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.newest(), Options.defaults())) {
            SaturatedMain main = new SaturatedMain(broker, time);
            main.fill();
            for (String threads : List.of("virtual", "platform")) {
                for (String ordering : List.of("partition", "key")) {
                    good &= main.measure(threads, ordering, told);
                }
            }
        }
        System.out.println("saturated: " + told);
        System.exit(good ? 0 : 1);
    }

    private void fill() throws Exception {
        try (Scope scope = Scope.open("fill");
                KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            Topics.create(client, "work", PARTITIONS, 1);
            try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT, scope)) {
                for (int i = 0; i < RECORDS; i++) {
                    byte[] key = Integer.toString(i % 1000).getBytes(StandardCharsets.US_ASCII);
                    producer.send(new ProduceRecord("work", i % PARTITIONS, null, key, new byte[100], List.of()));
                }
                producer.flush(SOON);
            }
        }
    }

    private List<String> daemon(String threads, String ordering) {
        List<String> line = new ArrayList<>(Run.commandLine(
                "start",
                "--daemon",
                "-b",
                broker.bootstrap(),
                "-X",
                "topic.names=work",
                "-X",
                "group.id=" + threads + "-" + ordering,
                "-X",
                "auto.offset.reset=earliest",
                "-X",
                "sinker=computing",
                "-X",
                "sinker.threads=" + threads,
                "-X",
                "sinker.ordering=" + ordering,
                "-X",
                "sinker.max.in.flight=" + (threads.equals("platform") ? 16 : 1000),
                "-X",
                "SERVER_PORT=0"));
        line.remove("-XX:TieredStopAtLevel=1"); // as bin/kafka-client starts it
        line.remove("-XX:+UseSerialGC");
        return line;
    }

    /** Nobody looks at the answer. */
    private static final class Dropped implements Output {
        @Override
        public void show(Answer answer) {}

        @Override
        public void note(String line) {}
    }

    private boolean measure(String threads, String ordering, StringBuilder told) throws Exception {
        Path home = Files.createTempDirectory("saturated");
        Path folder = home.resolve("runtime");
        Map<String, List<Long>> times;
        double load;
        try (Scope scope = Scope.open("saturated");
                HttpClient http = HttpClient.newHttpClient();
                Child daemon =
                        Child.start(home, Map.of("KAFKA_LOOM_HOME", home.toString()), daemon(threads, ordering))) {
            daemon.awaitErr("joined in ");
            URI metrics = URI.create(address(folder) + "/metrics");
            URI ready = URI.create(address(folder) + "/health/ready");
            awaitWork(http, metrics);
            var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            try (RpcClient attached = DaemonFiles.connect(folder, scope)) {
                Map<String, Callable<?>> calls = new LinkedHashMap<>();
                for (String command : List.of("status", "block_size", "member_leader", "coroutines", OF_BROKERS)) {
                    calls.put("attach " + command, () -> attached.run(List.of(command), new Dropped()));
                }
                calls.put("rpc status", () -> {
                    try (RpcClient once = DaemonFiles.connect(folder, scope)) {
                        return once.run(List.of("status"), new Dropped());
                    }
                });
                calls.put("metrics", () -> get(http, metrics));
                calls.put("ready", () -> get(http, ready));
                ask(calls, time.dividedBy(2)); // a daemon has been running for long: what it answers with is compiled
                system.getCpuLoad(); // since the last call
                times = ask(calls, time);
            }
            load = system.getCpuLoad();
        }
        return tell(threads + "/" + ordering, load, times, told);
    }

    private static String address(Path folder) throws IOException {
        Matcher match = ADDRESS.matcher(Files.readString(folder.resolve("logs/kafka-loom.log")));
        if (!match.find()) {
            throw new IOException("the daemon's log names no address");
        }
        return match.group();
    }

    private static void awaitWork(HttpClient http, URI metrics) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!get(http, metrics).matches("(?s).*kafka_loom_partition_in_hand\\{[^}]*} [1-9].*")) {
            if (System.nanoTime() > deadline) {
                throw new IOException("no handler has begun within " + SOON.toSeconds() + " s");
            }
            Thread.sleep(50);
        }
    }

    private static String get(HttpClient http, URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).timeout(SOON).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Makes all the calls again and again for so long; how long each took, in ns. */
    private static Map<String, List<Long>> ask(Map<String, Callable<?>> calls, Duration time) throws Exception {
        Map<String, List<Long>> times = new LinkedHashMap<>();
        long end = System.nanoTime() + time.toNanos();
        for (int round = 0; System.nanoTime() < end; round++) {
            for (Map.Entry<String, Callable<?>> each : calls.entrySet()) {
                if (round % 10 != 0 && each.getKey().endsWith(OF_BROKERS)) {
                    continue; // it takes as long as all the others
                }
                long begun = System.nanoTime();
                each.getValue().call();
                times.computeIfAbsent(each.getKey(), _ -> new ArrayList<>()).add(System.nanoTime() - begun);
            }
            Thread.sleep(20);
        }
        return times;
    }

    private static boolean tell(String how, double load, Map<String, List<Long>> times, StringBuilder told) {
        boolean good = load > 0.9;
        told.append(told.isEmpty() ? "" : "; ")
                .append(String.format(Locale.ROOT, "%s, processors busy %.0f %%, p95 ms:", how, 100 * load));
        for (Map.Entry<String, List<Long>> each : times.entrySet()) {
            List<Long> sorted = each.getValue().stream().sorted().toList();
            double p95 = sorted.get(sorted.size() * 95 / 100) / 1e6;
            told.append(String.format(Locale.ROOT, " %s %.0f", each.getKey(), p95));
            good &= each.getKey().endsWith(OF_BROKERS) || p95 <= MOST_MILLIS;
        }
        told.append(" (").append(times.get("metrics").size()).append(" of each)");
        return good;
    }
}
