package dev.kafkaloom.cli;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.config.ConfigLoader;
import dev.kafkaloom.console.Loom;
import dev.kafkaloom.console.Output;
import dev.kafkaloom.console.Session;
import dev.kafkaloom.console.StandardCommands;
import dev.kafkaloom.console.StreamOutput;
import dev.kafkaloom.consumer.Consumer;
import dev.kafkaloom.consumer.StartAt;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.producer.Delivery;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the jshell start-up script stands on: one client for the session, and every console command. Thread-safe. */
public final class Script {
    static final String HOME = "kafkaloom.script.home";
    static final String BOOTSTRAP = "kafkaloom.script.bootstrap";
    static final String TRACE = "kafkaloom.script.trace";
    static final String SETTING = "kafkaloom.script.setting.";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Loom loom; // guarded by the class, as the next
    private static Producer producer;

    private Script() {}

    /** The client of this session, on the configured brokers or those of {@code -b}. */
    public static KafkaClient kafka() {
        return loom().client();
    }

    /** The first of the configured topics. */
    public static String topic() {
        return loom().consumerConfig().topics().stream()
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("topic.names names no topic, topic.pattern cannot be asked for one"));
    }

    /** Sends one message; where it ended up. */
    public static Delivery produce(String topic, String value) throws InterruptedException {
        return produce(topic, null, value);
    }

    /** Sends one message with a key; where it ended up. */
    public static Delivery produce(String topic, String key, String value) throws InterruptedException {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        return producer()
                .send(ProduceRecord.of(topic, keyBytes, value.getBytes(StandardCharsets.UTF_8)))
                .await(PATIENCE);
    }

    /** The first records of a topic, without a group; at most so many, fewer when there are no more. */
    public static List<ConsumedRecord> consume(String topic, int most) throws InterruptedException {
        KafkaClient client = kafka();
        var partitions = client.clusterWith(List.of(topic)).topics().get(topic).partitions().stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
        var starts = OffsetLookup.list(
                client, partitions.stream().collect(Collectors.toMap(each -> each, _ -> OffsetLookup.EARLIEST)));
        var ends = OffsetLookup.list(
                client, partitions.stream().collect(Collectors.toMap(each -> each, _ -> OffsetLookup.LATEST)));
        List<ConsumedRecord> records = new ArrayList<>();
        Map<TopicPartition, StartAt> from = starts.keySet().stream()
                .collect(Collectors.toMap(each -> each, each -> StartAt.offset(starts.get(each))));
        try (Consumer<byte[], byte[]> consumer = Consumer.builder(client, loom().consumerConfig())
                .scope(loom().scope())
                .assign(from)) {
            while (records.size() < most
                    && ends.entrySet().stream()
                            .anyMatch(end -> consumer.positions().getOrDefault(end.getKey(), starts.get(end.getKey()))
                                    < end.getValue())) {
                records.addAll(consumer.poll(Duration.ofSeconds(1)).raw());
            }
        }
        return records.subList(0, Math.min(most, records.size()));
    }

    /** How many records the configured group has not consumed yet, over its topics. */
    public static long lag() throws Exception {
        return lag(
                loom().consumerConfig().groupId(),
                loom().consumerConfig().topics().toArray(String[]::new));
    }

    /** The same of any group. */
    public static long lag(String group, String... topics) throws Exception {
        return StandardCommands.lag(kafka(), group, List.of(topics));
    }

    /** Runs a console command and prints what it answers, {@code run("offset_checker", "-g", "orders")}; its exit code. */
    public static int run(String... words) throws Exception {
        return run(new StreamOutput(System.out, System.err, dev.kafkaloom.console.Format.TABLE), words);
    }

    /** The same with the answers going where the caller wants. */
    public static int run(Output out, String... words) throws Exception {
        return StandardCommands.create().run(new Session(loom(), out, null), List.of(words));
    }

    private static synchronized Producer producer() {
        if (producer == null) {
            producer = Producer.open(kafka(), loom().producerConfig(), loom().scope());
        }
        return producer;
    }

    private static synchronized Loom loom() {
        if (loom == null) {
            Map<String, String> overrides = new HashMap<>();
            System.getProperties().stringPropertyNames().stream()
                    .filter(name -> name.startsWith(SETTING))
                    .forEach(name -> overrides.put(name.substring(SETTING.length()), System.getProperty(name)));
            if (System.getProperty(BOOTSTRAP) != null) {
                overrides.put("bootstrap.servers", System.getProperty(BOOTSTRAP));
            }
            AppConfig config = ConfigLoader.load(
                    Path.of(System.getProperty(HOME, "")).toAbsolutePath(), System.getenv(), overrides);
            loom = new Loom(
                    Boolean.getBoolean(TRACE) ? Trace.into(config, System.err::println) : config, Scope.open("jshell"));
        }
        return loom;
    }
}
