package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.GroupBehaviour.all;
import static dev.kafkaloom.consumer.GroupBehaviour.numbers;
import static dev.kafkaloom.consumer.GroupBehaviour.union;
import static dev.kafkaloom.consumer.GroupBehaviour.within;
import static dev.kafkaloom.consumer.GroupLab.quick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One group with members of ours and of other clients, whoever leads it. */
@Timeout(90)
@ExtendWith(Evidence.class)
class MixedGroupIT {

    /** A member that another client runs. */
    private interface Stranger extends AutoCloseable {
        List<Integer> owned();

        Set<Integer> values();

        int rebalances();

        @Override
        void close();
    }

    @Test
    void theJavaClientTakesPartInAGroupThatWeLead() throws Exception {
        try (GroupLab lab = new GroupLab(RealBroker.NEWEST)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("mixed");
            lab.produce(topic, 0, 100);
            try (var ours = lab.party(quick(group, topic).build(), 1)) {
                assertThat(ours.group.awaitStable(Duration.ofSeconds(20))).isTrue();
                try (Stranger theirs = new JavaMember(lab, group, topic)) {
                    shareAndConsume(lab, topic, ours, theirs);
                    assertThat(ours.group.snapshot().members().getFirst().leader())
                            .isTrue();
                }
                within(15).untilAsserted(() -> assertThat(ours.owned()).containsExactly(0, 1, 2, 3));
            }
        }
    }

    @Test
    void weTakePartInAGroupThatTheJavaClientLeads() throws Exception {
        try (GroupLab lab = new GroupLab(RealBroker.NEWEST)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("mixed");
            lab.produce(topic, 0, 100);
            try (Stranger theirs = new JavaMember(lab, group, topic)) {
                within(20).untilAsserted(() -> assertThat(theirs.owned()).hasSize(4));
                try (var ours = lab.party(quick(group, topic).build(), 1)) {
                    shareAndConsume(lab, topic, ours, theirs);
                    assertThat(ours.group.snapshot().members().getFirst().leader())
                            .isFalse();
                }
                within(15).untilAsserted(() -> assertThat(theirs.owned()).containsExactly(0, 1, 2, 3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void librdkafkaAndWeShareAGroup(String release) throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/kcat")))
                .as("kcat is installed")
                .isTrue();
        try (GroupLab lab = new GroupLab(release)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("mixed");
            lab.produce(topic, 0, 100);
            try (var ours = lab.party(quick(group, topic).build(), 1)) {
                assertThat(ours.group.awaitStable(Duration.ofSeconds(20))).isTrue();
                try (Stranger theirs = new KcatMember(lab, group, topic)) {
                    shareAndConsume(lab, topic, ours, theirs);
                }
                within(15).untilAsserted(() -> assertThat(ours.owned()).containsExactly(0, 1, 2, 3));
            }
        }
    }

    private static void shareAndConsume(GroupLab lab, String topic, GroupLab.Party ours, Stranger theirs)
            throws InterruptedException {
        within(20).untilAsserted(() -> {
            assertThat(ours.owned()).hasSize(2);
            assertThat(all(ours.owned(), theirs.owned())).containsExactly(0, 1, 2, 3);
        });
        lab.produce(topic, 100, 100);
        within(15)
                .untilAsserted(
                        () -> assertThat(union(ours.values(), theirs.values())).isEqualTo(numbers(200)));
        assertThat(theirs.rebalances()).isPositive();
    }

    private static final class JavaMember implements Stranger {
        private final Scope scope = Scope.open(RealBroker.unique("java"));
        private final KafkaConsumer<String, String> consumer;
        private final Set<Integer> owned = ConcurrentHashMap.newKeySet();
        private final Set<Integer> values = ConcurrentHashMap.newKeySet();
        private final AtomicInteger rebalances = new AtomicInteger();

        JavaMember(GroupLab lab, String group, String topic) {
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
                            "200"),
                    new StringDeserializer(),
                    new StringDeserializer());
            consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<org.apache.kafka.common.TopicPartition> partitions) {
                    partitions.forEach(tp -> owned.remove(tp.partition()));
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

    /** {@code kcat -G}: values on its standard output, assignments on its standard error. */
    private static final class KcatMember implements Stranger {
        private static final Pattern PARTITION = Pattern.compile("\\[(\\d+)]");
        private final Scope scope = Scope.open(RealBroker.unique("kcat"));
        private final Process process;
        private final Set<Integer> values = ConcurrentHashMap.newKeySet();
        private final AtomicInteger rebalances = new AtomicInteger();
        private volatile List<Integer> owned = List.of();

        KcatMember(GroupLab lab, String group, String topic) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    "kcat",
                    "-b",
                    lab.broker.bootstrap(),
                    "-u",
                    "-X",
                    "auto.offset.reset=earliest",
                    "-X",
                    "heartbeat.interval.ms=300",
                    "-X",
                    "session.timeout.ms=6000"));
            if (lab.broker.zooKeeper().isPresent()) {
                command.addAll(List.of("-X", "api.version.request=false", "-X", "broker.version.fallback=0.9.0.1"));
            }
            command.addAll(List.of("-G", group, topic));
            process = new ProcessBuilder(command).start();
            scope.go(
                    "kcat/out",
                    () -> read(
                            process.inputReader(StandardCharsets.UTF_8),
                            line -> values.add(Integer.parseInt(line.strip()))));
            scope.go(
                    "kcat/err",
                    () -> read(
                            new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)),
                            this::noted));
        }

        private interface Line {
            void read(String line);
        }

        private static void read(BufferedReader from, Line line) {
            try {
                for (String next = from.readLine(); next != null; next = from.readLine()) {
                    line.read(next);
                }
            } catch (IOException _) {
                // the process was ended
            }
        }

        private void noted(String line) {
            if (line.contains("rebalanced")) {
                rebalances.incrementAndGet();
                Set<Integer> now = new HashSet<>();
                Matcher partition = PARTITION.matcher(line);
                while (line.contains("assigned:") && partition.find()) {
                    now.add(Integer.parseInt(partition.group(1)));
                }
                owned = now.stream().sorted().toList();
            }
        }

        @Override
        public List<Integer> owned() {
            return owned;
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
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
            scope.close();
        }
    }
}
