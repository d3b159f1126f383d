package dev.kafkaloom.consumer;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.assignor.Assignors;
import dev.kafkaloom.coroutine.ExitHook;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.history.HistoryWriter;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * One member of ours, with a client of its own, that writes down what it is assigned, gets and has done. In this process, or, as a main, in
 * one that can be killed: {@code HistoryMember <bootstrap> <group> <topic,...> <name> <file> [key=value ...]}.
 */
public final class HistoryMember implements AutoCloseable {
    private static final Duration GOOD_BYE = Duration.ofSeconds(15);

    private final String name;
    private final String groupId;
    private final HistoryWriter out;
    private final RecordHandler also;
    private final KafkaClient client;
    private final Scope scope;
    private final ConsumerGroup group;
    private final Map<TopicPartition, Long> epochs = new ConcurrentHashMap<>();
    private final AtomicLong delivered = new AtomicLong();

    /** Joins, in the background; {@code also} runs between getting and having done. */
    public HistoryMember(ClientConfig client, ConsumerConfig config, String name, HistoryWriter out, RecordHandler also)
            throws InterruptedException {
        this.name = name;
        this.groupId = config.groupId();
        this.out = out;
        this.also = also;
        this.client = KafkaClient.open(client);
        this.scope = Scope.open(name);
        this.group = ConsumerGroup.start(
                this.client,
                config,
                new MemberCount.Fixed(1),
                PartitionLoop.work(this::handle),
                new Ownership(),
                scope);
    }

    /** The same with nothing between getting and having done. */
    public HistoryMember(String bootstrap, ConsumerConfig config, String name, HistoryWriter out)
            throws InterruptedException {
        this(ClientConfig.of(bootstrap), config, name, out, (_, _) -> {});
    }

    /** Settings of a group that finds out quickly who is gone: a session of 6 s, commits every 200 ms, from the beginning. */
    public static ConsumerConfig.Builder quick(String group, String... topics) {
        return ConsumerConfig.builder(group, List.of(topics))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .sessionTimeout(Duration.ofSeconds(6))
                .heartbeatInterval(Duration.ofMillis(300))
                .rebalanceTimeout(Duration.ofSeconds(20))
                .autoCommitInterval(Duration.ofMillis(200))
                .revokeDrain(Duration.ofSeconds(5))
                .metadataRefresh(Duration.ofMillis(500));
    }

    private void handle(TopicPartition tp, List<ConsumedRecord> records) throws Exception {
        long epoch = epochs.get(tp); // of now: when it has changed at the end, this is a zombie
        for (ConsumedRecord record : records) {
            String value = new String(record.value(), StandardCharsets.UTF_8);
            out.delivered(groupId, name, epoch, tp, record.offset(), value);
        }
        delivered.addAndGet(records.size());
        also.handle(tp, records);
        out.done(
                groupId,
                name,
                epoch,
                tp,
                records.getFirst().offset(),
                records.getLast().offset());
    }

    private final class Ownership implements RebalanceListener {
        @Override
        public void assigned(Collection<TopicPartition> partitions, long epoch) {
            partitions.forEach(tp -> epochs.put(tp, epoch));
            out.assigned(groupId, name, epoch, partitions);
        }

        @Override
        public void revoked(Collection<TopicPartition> partitions, long epoch) {
            out.revoked(groupId, name, epoch, partitions);
        }

        @Override
        public void lost(Collection<TopicPartition> partitions, long epoch) {
            out.lost(groupId, name, epoch, partitions);
        }
    }

    /** For what a history does not tell. */
    public ConsumerGroup group() {
        return group;
    }

    /** How many records it got, the same ones again included. */
    public long delivered() {
        return delivered.get();
    }

    /** What it has at work now. */
    public Set<TopicPartition> owned() {
        return group.snapshot().members().stream()
                .flatMap(it -> it.partitions().stream())
                .map(PartitionSnapshot::partition)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** As if its process had been killed: nothing is committed, nobody says good-bye. */
    public void abandon() {
        client.close();
        scope.close();
        out.killed(groupId, name);
    }

    /** Finishes, commits, leaves. */
    @Override
    public void close() {
        group.close(GOOD_BYE);
        scope.close();
        client.close();
        out.killed(groupId, name);
    }

    /** The program. SIGTERM ends it as the end of its standard input does; {@code ready} on standard output: the member runs. */
    public static void main(String[] args) throws Exception {
        Map<String, String> settings = Arrays.stream(args, 5, args.length)
                .map(it -> it.split("=", 2))
                .collect(Collectors.toMap(it -> it[0], it -> it[1]));
        String drop = settings.remove("drop");
        ConsumerConfig.Builder config = quick(args[1], args[2].split(","));
        settings.forEach((key, value) -> set(config, key, value));
        HistoryWriter out = HistoryWriter.open(Path.of(args[4]), drop);
        HistoryMember member = new HistoryMember(args[0], config.build(), args[3], out);
        ExitHook.add("leave", member::close);
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until whoever started this has gone, or wants it to end
        }
        System.exit(0);
    }

    private static void set(ConsumerConfig.Builder config, String key, String value) {
        switch (key) {
            case "assignors" ->
                config.assignors(
                        Arrays.stream(value.split(",")).map(Assignors::named).toList());
            case "session" -> config.sessionTimeout(Duration.ofMillis(Long.parseLong(value)));
            case "heartbeat" -> config.heartbeatInterval(Duration.ofMillis(Long.parseLong(value)));
            case "commit" -> config.autoCommitInterval(Duration.ofMillis(Long.parseLong(value)));
            case "reset" -> config.autoOffsetReset(OffsetReset.parse(value));
            case "instance" -> config.groupInstanceId(value);
            default -> throw new IllegalArgumentException("no setting " + key);
        }
    }
}
