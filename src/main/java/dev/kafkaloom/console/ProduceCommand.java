package dev.kafkaloom.console;

import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.producer.Receipt;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.Header;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/** {@code kafka.produce}: sends one message, or each line of the standard input, and says where they went. */
final class ProduceCommand implements Command {
    private static final Usage USAGE = new Usage(
            List.of(
                    Flag.value("-t --topic", "TOPIC", "where to; by default the first of the configured topic.names"),
                    Flag.value("-p --partition", "N", "the partition; by default the key's hash says, or any"),
                    Flag.value("-k --key", "KEY", "the key"),
                    Flag.values("-H --header", "NAME=VALUE", "a header; since Kafka 0.11"),
                    Flag.value(
                            "-c --compression",
                            "none|gzip|snappy|lz4|zstd",
                            "the codec, or kafka-swoole's number 0|1|2|3"),
                    Flag.value("-r --repeat", "N", "how often each message is sent"),
                    Flag.toggle("--stdin", "every line of the standard input is a message; so does the message -")),
            "MESSAGE",
            1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OUTSTANDING = 50_000;

    @Override
    public String name() {
        return "produce";
    }

    @Override
    public List<String> aliases() {
        return List.of("kafka.produce");
    }

    @Override
    public String summary() {
        return "send a message, or every line of the standard input";
    }

    @Override
    public boolean watchable() {
        return false;
    }

    @Override
    public Usage usage() {
        return USAGE;
    }

    @Override
    public int run(Session session, List<String> args) throws Exception {
        Arguments arguments = USAGE.parse(args);
        boolean lines = arguments.has("stdin") || arguments.plain().equals(List.of("-"));
        if (!lines && arguments.plain().isEmpty()) {
            throw new UsageException("produce needs a message, or --stdin");
        }
        if (lines && session.stdin() == null) {
            throw new UsageException("there is no standard input here: use bin/kafka-client produce --stdin");
        }
        Loom loom = session.loom();
        Template template = template(loom, arguments);
        Tally tally = new Tally();
        try (Producer producer = Producer.open(loom.client(), config(loom.producerConfig(), arguments), loom.scope())) {
            Sending sending = value -> {
                for (int i = 0; i < template.repeat(); i++) {
                    tally.add(producer.send(template.record(value)));
                }
            };
            if (lines) {
                eachLine(session.stdin(), sending);
            } else {
                sending.send(arguments.plain().getFirst().getBytes(StandardCharsets.UTF_8));
            }
            tally.awaitAll();
        } finally {
            tally.show(session.out());
        }
        return tally.failed() ? 1 : 0;
    }

    /** What every record of this run has in common. */
    private record Template(String topic, Integer partition, byte[] key, List<Header> headers, int repeat) {
        ProduceRecord record(byte[] value) {
            return new ProduceRecord(topic, partition, null, key, value, headers);
        }
    }

    private interface Sending {
        void send(byte[] value) throws InterruptedException;
    }

    private static Template template(Loom loom, Arguments arguments) {
        String topic = arguments
                .value("topic")
                .orElseGet(() -> loom.consumerConfig().topics().stream()
                        .findFirst()
                        .orElseThrow(() ->
                                new UsageException("produce needs a topic: -t, or topic.names in the configuration")));
        byte[] key = arguments
                .value("key")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .orElse(null);
        List<Header> headers =
                arguments.all("header").stream().map(ProduceCommand::header).toList();
        return new Template(
                topic,
                arguments.number("partition", 0).orElse(null),
                key,
                headers,
                arguments.number("repeat", 1).orElse(1));
    }

    private static Header header(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new UsageException("-H must be name=value, not '" + text + "'");
        }
        return new Header(text.substring(0, equals), text.substring(equals + 1).getBytes(StandardCharsets.UTF_8));
    }

    /** The configured producer, but a person waits: a topic that does not come up is told soon. */
    private static ProducerConfig config(ProducerConfig configured, Arguments arguments) {
        ProducerConfig config =
                configured.maxBlock().compareTo(PATIENCE) > 0 ? configured.maxBlock(PATIENCE) : configured;
        return arguments
                .value("compression")
                .map(text -> config.compression(codec(text)))
                .orElse(config);
    }

    private static Compression codec(String text) {
        try {
            return Compression.parse(text);
        } catch (KafkaException.InvalidRequest e) {
            throw new UsageException("-c: " + e.getMessage());
        }
    }

    /** Lines as bytes, so that nothing is lost of what is not UTF-8; the last one needs no line break. */
    private static void eachLine(InputStream stdin, Sending sending) throws IOException, InterruptedException {
        InputStream in = new BufferedInputStream(stdin, 1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                sending.send(line.toByteArray());
                line.reset();
            } else {
                line.write(next);
            }
        }
        if (line.size() > 0) {
            sending.send(line.toByteArray());
        }
    }

    /** Counts up what became of the records, in little memory however many they are. */
    private static final class Tally {
        private final ArrayDeque<Receipt> open = new ArrayDeque<>();
        private final TreeMap<String, List<Object>> rows = new TreeMap<>();
        private boolean failed;

        void add(Receipt receipt) throws InterruptedException {
            open.add(receipt);
            settle(done -> done.isDone() || open.size() > OUTSTANDING);
        }

        void awaitAll() throws InterruptedException {
            settle(_ -> true);
        }

        private void settle(Predicate<Receipt> ripe) throws InterruptedException {
            while (!open.isEmpty() && ripe.test(open.peek())) {
                Receipt receipt = open.remove();
                String topic = receipt.partition().topic();
                int partition = receipt.partition().partition();
                try {
                    long offset = receipt.await(Duration.ofDays(1))
                            .offset(); // the producer's delivery timeout ends it before
                    put(topic, partition, "NONE", offset);
                } catch (KafkaException e) {
                    failed = true;
                    put(
                            topic,
                            partition,
                            e instanceof KafkaException.BrokerError error
                                    ? error.code().name()
                                    : e.oneLine(),
                            -1);
                }
            }
        }

        private void put(String topic, int partition, String error, long offset) {
            String key = String.format("%010d %s %s", partition, topic, error);
            List<Object> row =
                    rows.computeIfAbsent(key, _ -> new ArrayList<>(List.of(topic, partition, error, offset)));
            if (offset >= 0 && offset < (long) row.get(3)) {
                row.set(3, offset);
            }
        }

        boolean failed() {
            return failed;
        }

        void show(Output out) throws IOException {
            if (!rows.isEmpty()) {
                out.show(new Table(List.of("topic", "partition", "error", "base offset"), List.copyOf(rows.values())));
            }
        }
    }
}
