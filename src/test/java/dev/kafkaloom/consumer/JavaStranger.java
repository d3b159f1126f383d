package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.testing.RealBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A member that the Java client runs. */
final class JavaStranger implements Stranger {
    private static final Map<String, String> CLASSES = Map.of(
            "range", "org.apache.kafka.clients.consumer.RangeAssignor",
            "roundrobin", "org.apache.kafka.clients.consumer.RoundRobinAssignor",
            "sticky", "org.apache.kafka.clients.consumer.StickyAssignor",
            "cooperative-sticky", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");

    private final Scope scope = Scope.open(RealBroker.unique("java"));
    private final KafkaConsumer<String, String> consumer;
    private final Set<Integer> owned = ConcurrentHashMap.newKeySet();
    private final Set<Integer> values = ConcurrentHashMap.newKeySet();
    private final AtomicInteger rebalances = new AtomicInteger();
    private final List<Integer> revoked = new CopyOnWriteArrayList<>();

    JavaStranger(GroupLab lab, String group, String topic, String... assignors) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        lab.broker.bootstrap(),
                        "group.id",
                        group,
                        "auto.offset.reset",
                        "earliest",
                        "heartbeat.interval.ms",
                        "300",
                        "session.timeout.ms",
                        "6000",
                        "auto.commit.interval.ms",
                        "200",
                        "partition.assignment.strategy",
                        Arrays.stream(assignors).map(CLASSES::get).toList()),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<org.apache.kafka.common.TopicPartition> partitions) {
                partitions.forEach(tp -> {
                    owned.remove(tp.partition());
                    revoked.add(tp.partition());
                });
            }

            @Override
            public void onPartitionsAssigned(Collection<org.apache.kafka.common.TopicPartition> partitions) {
                rebalances.incrementAndGet();
                partitions.forEach(tp -> owned.add(tp.partition()));
            }
        });
        scope.go("java-member", this::poll);
    }

    private void poll() {
        try (consumer) {
            while (true) {
                consumer.poll(Duration.ofMillis(100)).forEach(r -> values.add(Integer.parseInt(r.value())));
            }
        } catch (WakeupException _) {
            // close() was called
        }
    }

    @Override
    public List<Integer> owned() {
        return owned.stream().sorted().toList();
    }

    @Override
    public Set<Integer> values() {
        return values;
    }

    @Override
    public int rebalances() {
        return rebalances.get();
    }

    @Override
    public List<Integer> revoked() {
        return List.copyOf(revoked);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            assertThat(scope.join(Duration.ofSeconds(15))).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        scope.close();
    }
}
