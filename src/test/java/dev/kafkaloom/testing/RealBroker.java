package dev.kafkaloom.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A real broker that all tests of this JVM share, one per release: started at its first use, gone with the JVM. Tests keep apart by the
 * names of their topics and groups ({@link #unique}); one that stops, kills or suspends a broker starts its own with
 * {@link EmbeddedBroker#start}. Thread-safe.
 *
 * <p>With {@code @ExtendWith(Evidence.class)} a failed test leaves the broker's log and a thread dump in target/failures.
 */
public final class RealBroker {
    /** The oldest release that is supported: no ApiVersions, message sets v0, no topics by request. */
    public static final String OLDEST = "0.9.0.1";
    /** The newest release whose POM resolves whole as it stands. */
    public static final String NEWEST = "4.3.1";

    private static final Map<String, RealBroker> RUNNING = new HashMap<>();
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EmbeddedBroker broker;

    private RealBroker(EmbeddedBroker broker) {
        this.broker = broker;
    }

    /** The shared broker of a release, started if this is its first use. */
    public static RealBroker of(String version) {
        synchronized (RUNNING) {
            RealBroker running = RUNNING.get(version);
            if (running == null) {
                running = new RealBroker(start(version));
                RUNNING.put(version, running);
            }
            return running;
        }
    }

    /** The brokers that were started so far. */
    static List<RealBroker> running() {
        synchronized (RUNNING) {
            return List.copyOf(RUNNING.values());
        }
    }

    public String bootstrap() {
        return broker.bootstrap();
    }

    public String version() {
        return broker.version();
    }

    /** For its log, its tools and its process id; the broker is shared, so leave it running. */
    public EmbeddedBroker process() {
        return broker;
    }

    /** A name that no other test of this run has, for a topic or a group. */
    public static String unique(String what) {
        return what + "-" + NAMES.incrementAndGet();
    }

    /** Creates a topic with a name of its own, replication 1, and waits until all its partitions have a leader; answers the name. */
    public String topic(String what, int partitions) {
        String name = unique(what);
        createTopic(broker, name, partitions);
        return name;
    }

    /** The same on a broker of the test's own. Not by our own client, which is what is tested. */
    public static void createTopic(EmbeddedBroker broker, String name, int partitions) {
        try {
            if (broker.zooKeeper().isPresent()) {
                createByTool(broker, name, partitions);
            } else {
                createByRequest(broker, name, partitions);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException("topic " + name + " on Kafka " + broker.version(), e);
        }
        awaitLeaders(broker, name, partitions);
    }

    private static void createByRequest(EmbeddedBroker broker, String name, int partitions)
            throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** kafka-clients 4.x speaks to 2.1 and later only; until 3.0 the broker's own tool writes into ZooKeeper. */
    private static void createByTool(EmbeddedBroker broker, String name, int partitions)
            throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of("--zookeeper", broker.zooKeeper().orElseThrow(), "--create", "--topic", name));
        arguments.addAll(List.of("--partitions", Integer.toString(partitions), "--replication-factor", "1"));
        Process tool = broker.tool("kafka.admin.TopicCommand", arguments)
                .redirectErrorStream(true)
                .start();
        String output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tool.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        assertThat(tool.exitValue()).as(output).isZero();
    }

    private static void awaitLeaders(EmbeddedBroker broker, String name, int partitions) {
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            await("leaders of " + name)
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        client.clusterWith(List.of(name));
                        TopicInfo topic =
                                client.refreshCluster("a new topic").topics().get(name);
                        return topic.partitions().stream()
                                        .filter(partition -> partition.leaderId() >= 0)
                                        .count()
                                == partitions;
                    });
        }
    }

    private static EmbeddedBroker start(String version) {
        try {
            return EmbeddedBroker.start(version, Options.defaults());
        } catch (IOException e) {
            throw new IllegalStateException("no broker for the tests: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a broker was starting", e);
        }
    }
}
