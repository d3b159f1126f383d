package dev.kafkaloom.mixed;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.history.HistoryWriter;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A member of a group as the Java client makes them: {@code JavaMember BOOTSTRAP GROUP TOPIC MEMBER FILE assignors=A,B [drop=VALUE]}. Ends with
 * SIGTERM or the end of its standard input, and leaves the group then. A record with that VALUE is dropped, as if it had never come.
 */
final class JavaMember {
    private final String group;
    private final String member;
    private final HistoryWriter history;
    private final KafkaConsumer<String, String> consumer;
    private final Map<TopicPartition, Long> epochs = new HashMap<>();
    private long epoch;

    private JavaMember(String[] args, HistoryWriter history) {
        this.group = args[1];
        this.member = args[3];
        this.history = history;
        Properties settings = new Properties();
        settings.put("bootstrap.servers", args[0]);
        settings.put("group.id", group);
        settings.put("client.id", member);
        settings.put("partition.assignment.strategy", Kind.classNames(args[5].substring("assignors=".length())));
        settings.put("auto.offset.reset", "earliest");
        settings.put("session.timeout.ms", "6000");
        settings.put("heartbeat.interval.ms", "500");
        settings.put("auto.commit.interval.ms", "200");
        this.consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(args[2]), new Owner());
    }

    public static void main(String[] args) throws Exception {
        String dropped = args.length > 6 ? args[6].substring("drop=".length()) : null;
        try (HistoryWriter history = HistoryWriter.open(Path.of(args[4]), dropped);
                Scope scope = Scope.open("java-member")) {
            JavaMember member = new JavaMember(args, history);
            CountDownLatch left = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                member.consumer.wakeup();
                try {
                    left.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            scope.go(
                    "standard-input",
                    () -> { // ends with whoever started this
                        System.in.transferTo(OutputStream.nullOutputStream());
                        member.consumer.wakeup();
                    });
            try {
                member.poll();
            } finally {
                left.countDown();
            }
        }
    }

    private void poll() {
        try (consumer) {
            while (true) {
                consumer.poll(Duration.ofMillis(100)).forEach(this::handle);
            }
        } catch (WakeupException _) {
            // SIGTERM, or the end of standard input
        }
    }

    private void handle(ConsumerRecord<String, String> record) {
        TopicPartition tp = new TopicPartition(record.topic(), record.partition());
        long when = epochs.get(tp);
        history.delivered(group, member, when, tp, record.offset(), record.value());
        history.done(group, member, when, tp, record.offset(), record.offset());
    }

    private final class Owner implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<org.apache.kafka.common.TopicPartition> partitions) {
            List<TopicPartition> mine = ours(partitions);
            epoch++;
            mine.forEach(tp -> epochs.put(tp, epoch));
            history.assigned(group, member, epoch, mine);
        }

        @Override
        public void onPartitionsRevoked(Collection<org.apache.kafka.common.TopicPartition> partitions) {
            history.revoked(group, member, epoch, ours(partitions));
        }

        @Override
        public void onPartitionsLost(Collection<org.apache.kafka.common.TopicPartition> partitions) {
            history.lost(group, member, epoch, ours(partitions));
        }

        private static List<TopicPartition> ours(Collection<org.apache.kafka.common.TopicPartition> theirs) {
            return theirs.stream()
                    .map(tp -> new TopicPartition(tp.topic(), tp.partition()))
                    .toList();
        }
    }
}
