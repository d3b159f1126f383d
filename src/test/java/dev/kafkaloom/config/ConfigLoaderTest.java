package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.MetadataRecovery;
import dev.kafkaloom.consumer.CommitMode;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.HandlerThreads;
import dev.kafkaloom.consumer.Handling;
import dev.kafkaloom.consumer.IsolationLevel;
import dev.kafkaloom.consumer.LeaveOnClose;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.MissingTopics;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.consumer.OnCorrupt;
import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.consumer.assignor.Assignors;
import dev.kafkaloom.network.AddressMap;
import dev.kafkaloom.network.DnsLookup;
import dev.kafkaloom.producer.CompressionLevels;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.runtime.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From settings to the records of the packages below. */
class ConfigLoaderTest {
    @TempDir
    private Path home;

    private final Map<String, String> flags = new LinkedHashMap<>();

    private AppConfig load() {
        return ConfigLoader.load(home, Map.of(), flags);
    }

    @Test
    void withoutAnyFileTheDefaultsOfEachPackageHold() {
        AppConfig config = load();
        assertThat(config.client()).isEqualTo(ClientConfig.of("localhost:9092"));
        assertThat(config.producer()).isEqualTo(ProducerConfig.DEFAULT);
        assertThat(config.consumer())
                .isEqualTo(ConsumerConfig.builder("kafka-loom", List.of("kafka-loom"))
                        .commitMode(CommitMode.EVERY_CHUNK)
                        .build());
        RuntimeConfig runtime = RuntimeConfig.of(config.consumer(), new MemberCount.Fixed(1));
        assertThat(config.runtime()).isEqualTo(runtime.sinkers(RuntimeBindingTest.at(home, runtime.sinkers())));
        assertThat(config.server().language()).isEqualTo(Locale.US);
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void theShippedFilesGiveTheSameAsNone() {
        AppConfig shipped = ConfigLoader.load(Path.of(""), Map.of(), Map.of());
        AppConfig none = load();
        assertThat(shipped.client()).isEqualTo(none.client());
        assertThat(shipped.consumer()).isEqualTo(none.consumer());
        assertThat(shipped.producer()).isEqualTo(none.producer());
        assertThat(shipped.warnings()).isEmpty();
    }

    @Test
    void everySettingOfTheClientReachesIt() {
        flags.put("bootstrap.servers", "a:1, [::1]:2");
        flags.put("client.id", "me");
        flags.put("kafka.version", "0.9.0.1");
        flags.put("socket.connection.setup.timeout.ms", "1");
        flags.put("request.timeout.ms", "2");
        flags.put("default.api.timeout.ms", "3");
        flags.put("bootstrap.timeout.ms", "4");
        flags.put("metadata.max.age.ms", "5");
        flags.put("retry.backoff.ms", "6");
        flags.put("retry.backoff.max.ms", "7");
        flags.put("receive.message.max.bytes", "8 * 1024");
        flags.put("client.resolve", "Kafka=localhost:9, kafka:1=b");
        flags.put("client.dns.lookup", "resolve_canonical_bootstrap_servers_only");
        flags.put("socket.connection.setup.timeout.max.ms", "8");
        flags.put("reconnect.backoff.ms", "9");
        flags.put("reconnect.backoff.max.ms", "10");
        flags.put("connections.max.idle.ms", "11");
        flags.put("max.in.flight.requests.per.connection", "12");
        flags.put("metadata.recovery.strategy", "none");
        flags.put("metadata.recovery.rebootstrap.trigger.ms", "13");
        assertThat(load().client())
                .isEqualTo(ClientConfig.builder("a:1,[::1]:2")
                        .clientId("me")
                        .kafkaVersion("0.9.0.1")
                        .connectTimeout(Duration.ofMillis(1))
                        .requestTimeout(Duration.ofMillis(2))
                        .apiTimeout(Duration.ofMillis(3))
                        .bootstrapTimeout(Duration.ofMillis(4))
                        .metadataMaxAge(Duration.ofMillis(5))
                        .retryBackoff(Duration.ofMillis(6))
                        .retryBackoffMax(Duration.ofMillis(7))
                        .maxFrameBytes(8192)
                        .addressRewrite(AddressMap.parse("kafka=localhost:9,kafka:1=b"))
                        .dnsLookup(DnsLookup.RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY)
                        .connectTimeoutMax(Duration.ofMillis(8))
                        .reconnectBackoff(Duration.ofMillis(9))
                        .reconnectBackoffMax(Duration.ofMillis(10))
                        .maxIdle(Duration.ofMillis(11))
                        .maxInFlight(12)
                        .recovery(MetadataRecovery.NONE)
                        .rebootstrapTrigger(Duration.ofMillis(13))
                        .build());
    }

    @Test
    void aFirstValueAboveTheDefaultOfTheLongestLiftsThat() {
        flags.put("socket.connection.setup.timeout.ms", "60000");
        flags.put("reconnect.backoff.ms", "5000");
        assertThat(load().client().connectTimeoutMax()).isEqualTo(Duration.ofSeconds(60));
        assertThat(load().client().reconnectBackoffMax()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void everySettingOfTheConsumerReachesIt() {
        flags.putAll(Map.of(
                "group.id",
                "g",
                "topic.names",
                "a,b",
                "group.keep.session.max.ms",
                "9000",
                "heartbeat.interval.ms",
                "2",
                "max.poll.interval.ms",
                "3",
                "auto.offset.reset",
                "smallest",
                "auto.commit.interval.ms",
                "4",
                "fetch.min.bytes",
                "5",
                "fetch.max.wait.ms",
                "6",
                "fetch.max.bytes",
                "7"));
        flags.putAll(Map.of(
                "max.partition.fetch.bytes",
                "8",
                "fetch.max.buffered.bytes",
                "9",
                "revoke.drain.ms",
                "10",
                "progress.max.gap",
                "11",
                "check.crcs",
                "no",
                "max.poll.records",
                "12",
                "on.corrupt",
                "skip",
                "topic.metadata.refresh.interval.ms",
                "13",
                "client.rack",
                "r",
                "isolation.level",
                "read_committed"));
        assertThat(load().consumer())
                .isEqualTo(ConsumerConfig.builder("g", List.of("a", "b"))
                        .sessionTimeout(Duration.ofSeconds(9))
                        .heartbeatInterval(Duration.ofMillis(2))
                        .rebalanceTimeout(Duration.ofMillis(3))
                        .autoOffsetReset(OffsetReset.EARLIEST)
                        .autoCommitInterval(Duration.ofMillis(4))
                        .fetchMinBytes(5)
                        .fetchMaxWait(Duration.ofMillis(6))
                        .fetchMaxBytes(7)
                        .maxPartitionFetchBytes(8)
                        .maxBufferedBytes(9)
                        .revokeDrain(Duration.ofMillis(10))
                        .progressMaxGap(11)
                        .checkCrcs(false)
                        .maxPollRecords(12)
                        .onCorrupt(OnCorrupt.SKIP)
                        .metadataRefresh(Duration.ofMillis(13))
                        .clientRack("r")
                        .isolation(IsolationLevel.READ_COMMITTED)
                        .commitMode(CommitMode.EVERY_CHUNK)
                        .build());
    }

    @Test
    void everySettingOfGroupsAndHandlersReachesThem() {
        flags.putAll(Map.of(
                "missing.topics",
                "wait",
                "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.RoundRobinAssignor, range",
                "group.instance.id",
                "host-1",
                "leave.on.close",
                "never",
                "exclude.internal.topics",
                "false",
                "auto.offset.reset",
                "by_duration:PT2H",
                "auto.offset.reset.new.partitions",
                "largest",
                "enable.auto.commit",
                "false"));
        flags.putAll(Map.of(
                "sinker.ordering",
                "key",
                "sinker.max.in.flight",
                "7",
                "sinker.threads",
                "platform",
                "handler.deadline.ms",
                "8"));
        assertThat(load().consumer())
                .isEqualTo(ConsumerConfig.builder("kafka-loom", List.of("kafka-loom"))
                        .missingTopics(MissingTopics.WAIT)
                        .assignors(List.of(Assignors.named("roundrobin"), Assignors.named("range")))
                        .groupInstanceId("host-1")
                        .leaveOnClose(LeaveOnClose.NEVER)
                        .excludeInternalTopics(false)
                        .autoOffsetReset(OffsetReset.byDuration(Duration.ofHours(2)))
                        .newPartitionsReset(OffsetReset.LATEST)
                        .commitMode(CommitMode.MANUAL)
                        .handling(new Handling(Ordering.KEY, 7, HandlerThreads.PLATFORM, Duration.ofMillis(8)))
                        .build());
    }

    @Test
    void aToolMayChangeTheConsumersPartForItself() {
        flags.putAll(Map.of("group.id", "mine", "fetch.max.bytes", "7 * 2", "metadata.max.age.ms", "8"));
        AppConfig base = load();
        assertThat(ConfigLoader.consumer(base, Map.of())).isEqualTo(base.consumer());
        assertThat(ConfigLoader.consumer(base, Map.of("fetch.max.bytes", "9", "fetch.message.max.bytes", "5")))
                .isEqualTo(base.consumer().toBuilder()
                        .fetchMaxBytes(9)
                        .maxPartitionFetchBytes(5)
                        .build());
        assertThatThrownBy(() -> ConfigLoader.consumer(base, Map.of("client.id", "x")))
                .hasMessage("command line: client.id: is no setting of the consumer; -X client.id=... gives it");
        assertThatThrownBy(() -> ConfigLoader.consumer(base, Map.of("fetch.max.byte", "9")))
                .hasMessageContaining("did you mean fetch.max.bytes?");
    }

    @Test
    void aPatternAloneReadsNoTopicByName() {
        flags.put("topic.pattern", "orders-.*");
        assertThat(load().consumer().topics()).isEmpty();
        assertThat(load().consumer().topicPattern().pattern()).isEqualTo("orders-.*");
        flags.put("topic.names", "billing");
        assertThat(load().consumer().topics()).containsExactly("billing");
        assertThat(load().consumer().topicPattern()).isNotNull();
    }

    @Test
    void everySettingOfTheProducerReachesIt() {
        flags.putAll(
                Map.of("compression.gzip.level", "1", "compression.lz4.level", "2", "compression.zstd.level", "-4"));
        flags.putAll(Map.of(
                "compression.type",
                "3",
                "batch.size",
                "1",
                "linger.ms",
                "2",
                "buffer.memory",
                "3",
                "max.request.size",
                "4",
                "delivery.timeout.ms",
                "1000",
                "request.timeout.ms",
                "6",
                "message.send.max.retries",
                "7",
                "retry.backoff.ms",
                "8",
                "max.block.ms",
                "9"));
        assertThat(load().producer())
                .isEqualTo(new ProducerConfig(
                        Compression.LZ4,
                        new CompressionLevels(1, 2, -4),
                        1,
                        Duration.ofMillis(2),
                        3,
                        4,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(6),
                        7,
                        Duration.ofMillis(8),
                        Duration.ofMillis(9)));
    }

    @ParameterizedTest
    @CsvSource({"sync,, 0", "sync, 7, 7", "async,, 5", "async, 7, 7"})
    void aSyncProducerDoesNotWaitUnlessToldTo(String type, String linger, long millis) {
        flags.put("producer.type", type);
        if (linger != null) {
            flags.put("linger.ms", linger);
        }
        assertThat(load().producer().linger()).hasMillis(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "HIGH_LEVEL, LOW, INTERVAL",
        "HIGH LEVEL, HIGH, INTERVAL",
        "LOW_LEVEL, LOW, EVERY_CHUNK",
        "LOW_LEVEL, HIGH, EVERY_ADVANCE"
    })
    void modeAndReliabilitySayWhenOffsetsAreCommitted(String mode, String reliability, CommitMode expected) {
        flags.put("KAFKA_CLIENT_API_MODE", mode);
        flags.put("KAFKA_MESSAGE_RELIABILITY", reliability);
        assertThat(load().consumer().commitMode()).isEqualTo(expected);
    }

    @Test
    void membersAreANumberOrAuto() {
        flags.put("KAFKA_CLIENT_CONSUMER_NUM", "2 + 2");
        assertThat(load().runtime().members()).isEqualTo(new MemberCount.Fixed(4));
        flags.put("KAFKA_CLIENT_CONSUMER_NUM", "AUTO");
        assertThat(load().runtime().members()).isEqualTo(new MemberCount.Auto());
    }

    @Test
    void handlersOnPlatformThreadsAreFewUnlessTheirNumberIsGiven() {
        flags.put("sinker.threads", "platform");
        assertThat(load().consumer().handling().maxInFlight())
                .isEqualTo(4 * Runtime.getRuntime().availableProcessors());
        flags.put("sinker.max.in.flight", "1000");
        assertThat(load().consumer().handling().maxInFlight()).isEqualTo(1000);
    }

    @Test
    void theRuntimeRetriesAndAlarmsAsSet() {
        flags.putAll(
                Map.of("sink.retry.backoff.ms", "1", "sink.retry.backoff.max.ms", "2", "starvation.alarm.ms", "3"));
        AppConfig config = load();
        assertThat(config.runtime().sinkers().retryBackoff()).hasMillis(1);
        assertThat(config.runtime().sinkers().retryBackoffMax()).hasMillis(2);
        assertThat(config.runtime().starvationAlarm()).hasMillis(3);
    }

    @Test
    void theAppsNameIsTheClientsUnlessThatHasItsOwn() {
        flags.put("APP_NAME", "billing");
        assertThat(load().client().clientId()).isEqualTo("billing");
        flags.put("client.id", "other");
        assertThat(load().client().clientId()).isEqualTo("other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heartbeat.interval.ms: 50000 | heartbeat.interval.ms: 50000 ms must be shorter than session.timeout.ms, 45000 ms;"
                        + " a third of it is usual",
                "group.keep.session.max.ms: 3000 | group.keep.session.max.ms: 3000 ms must be longer than heartbeat.interval.ms,"
                        + " 3000 ms; three times that is usual",
                "sink.retry.backoff.max.ms: 50 | sink.retry.backoff.max.ms: sink.retry.backoff.ms, 100 ms,"
                        + " must not be above sink.retry.backoff.max.ms, 50 ms",
                "request.timeout.ms: 200000 | request.timeout.ms: delivery.timeout.ms is 120000, must be at least 200005"
                        + " (linger.ms + request.timeout.ms)",
                "reconnect.backoff.max.ms: 20 | reconnect.backoff.max.ms: reconnect.backoff.max.ms, 20 ms, must not be below"
                        + " reconnect.backoff.ms, 50 ms",
                "client.resolve: a | client.resolve: address rule 'a': expected from=to[,from=to], each side host:port or host",
            })
    void rulesBetweenSettingsNameTheOneThatWasGiven(String line, String message) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/common.yaml"), line);
        assertThatThrownBy(this::load)
                .isInstanceOf(ConfigException.class)
                .hasMessage("config/common.yaml:1: " + message);
    }
}
