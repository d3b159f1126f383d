package dev.kafkaloom.config;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.MetadataRecovery;
import dev.kafkaloom.config.Kind.NoneOr;
import dev.kafkaloom.config.Spec.Part;
import dev.kafkaloom.consumer.CommitMode;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.HandlerThreads;
import dev.kafkaloom.consumer.Handling;
import dev.kafkaloom.consumer.IsolationLevel;
import dev.kafkaloom.consumer.LeaveOnClose;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Builds the records that the packages below declare. A rule of theirs that does not hold becomes a ConfigException with its place. */
final class Binding {
    private static final Pattern NAME = Pattern.compile("[a-z]+(\\.[a-z]+)+|[A-Z]+(_[A-Z0-9]+)+");

    private static final int PLATFORM_THREADS_A_CORE = 4;

    private final Values values;
    private final Path home;

    Binding(Values values, Path home) {
        this.values = values;
        this.home = home;
    }

    AppConfig bind() {
        checkHeartbeat();
        checkSinkBackoff();
        ServerConfig server = server();
        Messages messages = Messages.in(server.language());
        ConsumerConfig consumer = checked(this::consumer);
        return new AppConfig(
                checked(this::client),
                consumer,
                checked(this::producer),
                checked(() -> new RuntimeBinding(values, home).bind(consumer)),
                server,
                log(),
                values.settings(messages),
                warnings(messages));
    }

    /** What has no effect: everything for which one reason holds in one line. */
    private List<String> warnings(Messages messages) {
        Map<String, List<Given>> byReason = values.idle().stream()
                .collect(Collectors.groupingBy(one -> one.spec().idle(), LinkedHashMap::new, Collectors.toList()));
        return byReason.entrySet().stream()
                .map(each -> messages.text(
                        each.getValue().size() == 1 ? "config.no-effect" : "config.no-effect.several",
                        ConfigException.place(
                                messages, each.getValue().getFirst().where()),
                        each.getValue().stream().map(Given::key).collect(Collectors.joining(", ")),
                        each.getValue().getFirst().spec().idle(messages)))
                .toList();
    }

    ConsumerConfig bindConsumer() {
        checkHeartbeat();
        return checked(this::consumer);
    }

    private ClientConfig client() {
        Part part = Part.CLIENT;
        ClientConfig.Builder client = ClientConfig.builder(String.join(",", values.list("bootstrap.servers", part)))
                .addressRewrite(AddressMap.parse(values.text("client.resolve", part)))
                .dnsLookup(
                        DnsLookup.valueOf(values.text("client.dns.lookup", part).toUpperCase(Locale.ROOT)))
                .clientId(values.text("client.id", part, values.text("APP_NAME", Part.APP)))
                .kafkaVersion(values.text("kafka.version", part))
                .connectTimeout(values.millis("socket.connection.setup.timeout.ms", part))
                .requestTimeout(values.millis("request.timeout.ms", part))
                .apiTimeout(values.millis("default.api.timeout.ms", part))
                .bootstrapTimeout(values.millis("bootstrap.timeout.ms", part))
                .metadataMaxAge(values.millis("metadata.max.age.ms", part))
                .retryBackoff(values.millis("retry.backoff.ms", part))
                .retryBackoffMax(values.millis("retry.backoff.max.ms", part))
                .reconnectBackoff(values.millis("reconnect.backoff.ms", part))
                .maxIdle(values.millis("connections.max.idle.ms", part))
                .maxInFlight(values.small("max.in.flight.requests.per.connection", part))
                .recovery(MetadataRecovery.valueOf(
                        values.text("metadata.recovery.strategy", part).toUpperCase(Locale.ROOT)))
                .rebootstrapTrigger(values.millis("metadata.recovery.rebootstrap.trigger.ms", part))
                .maxFrameBytes(values.small("receive.message.max.bytes", part));
        // a first value above the default of the longest lifts that; one that is given has to be longer
        if (values.isGiven("socket.connection.setup.timeout.max.ms", part)) {
            client.connectTimeoutMax(values.millis("socket.connection.setup.timeout.max.ms", part));
        }
        if (values.isGiven("reconnect.backoff.max.ms", part)) {
            client.reconnectBackoffMax(values.millis("reconnect.backoff.max.ms", part));
        }
        return client.build();
    }

    private ConsumerConfig consumer() {
        Part part = Part.CONSUMER;
        ConsumerConfig.Builder consumer = ConsumerConfig.builder(values.text("group.id", part), topics(part))
                .topicPattern(topicPattern(part))
                .excludeInternalTopics(values.flag("exclude.internal.topics", part))
                .missingTopics(word(MissingTopics.class, "missing.topics"))
                .assignors(values.list("partition.assignment.strategy", part).stream()
                        .map(Assignors::named)
                        .toList())
                .groupInstanceId(values.text("group.instance.id", part))
                .leaveOnClose(word(LeaveOnClose.class, "leave.on.close"))
                .sessionTimeout(values.millis("session.timeout.ms", part))
                .rebalanceTimeout(values.millis("rebalance.timeout.ms", part))
                .heartbeatInterval(values.millis("heartbeat.interval.ms", part))
                .autoOffsetReset(OffsetReset.parse(values.text("auto.offset.reset", part)))
                .newPartitionsReset(OffsetReset.parse(values.text("auto.offset.reset.new.partitions", part)))
                .autoCommitInterval(values.millis("auto.commit.interval.ms", part))
                .commitMode(commitMode());
        return consumer.fetchMinBytes(values.small("fetch.min.bytes", part))
                .fetchMaxWait(values.millis("fetch.max.wait.ms", part))
                .fetchMaxBytes(values.small("fetch.max.bytes", part))
                .maxPartitionFetchBytes(values.small("max.partition.fetch.bytes", part))
                .maxBufferedBytes(values.number("fetch.max.buffered.bytes", part))
                .revokeDrain(values.millis("revoke.drain.ms", part))
                .progressMaxGap(values.small("progress.max.gap", part))
                .checkCrcs(values.flag("check.crcs", part))
                .maxPollRecords(values.small("max.poll.records", part))
                .onCorrupt(word(OnCorrupt.class, "on.corrupt"))
                .metadataRefresh(values.millis("metadata.max.age.ms", part))
                .clientRack(values.text("client.rack", part))
                .isolation(word(IsolationLevel.class, "isolation.level"))
                .handling(new Handling(
                        word(Ordering.class, "sinker.ordering"),
                        maxInFlight(),
                        word(HandlerThreads.class, "sinker.threads"),
                        values.millis("handler.deadline.ms", part)))
                .build();
    }

    /** A thousand threads of the system that compute would leave no time to heartbeats, whatever they are told. */
    private int maxInFlight() {
        boolean given = values.isGiven("sinker.max.in.flight", Part.CONSUMER);
        boolean platform = word(HandlerThreads.class, "sinker.threads") == HandlerThreads.PLATFORM;
        return platform && !given
                ? PLATFORM_THREADS_A_CORE * Runtime.getRuntime().availableProcessors()
                : values.small("sinker.max.in.flight", Part.CONSUMER);
    }

    /** A pattern alone does not also read the topic that topic.names names by default. */
    private List<String> topics(Part part) {
        boolean patternOnly = values.isGiven("topic.pattern", part) && !values.isGiven("topic.names", part);
        return patternOnly ? List.of() : values.list("topic.names", part);
    }

    private Pattern topicPattern(Part part) {
        return values.isGiven("topic.pattern", part) ? Pattern.compile(values.text("topic.pattern", part)) : null;
    }

    /** The constant that a setting's value names. */
    private <E extends Enum<E>> E word(Class<E> type, String setting) {
        return Enum.valueOf(type, values.text(setting, Part.CONSUMER).toUpperCase(Locale.ROOT));
    }

    private CommitMode commitMode() {
        if (!values.flag("enable.auto.commit", Part.CONSUMER)) {
            return CommitMode.MANUAL;
        }
        if (values.text("KAFKA_CLIENT_API_MODE", Part.APP).equals("HIGH_LEVEL")) {
            return CommitMode.INTERVAL;
        }
        return values.text("KAFKA_MESSAGE_RELIABILITY", Part.APP).equals("HIGH")
                ? CommitMode.EVERY_ADVANCE
                : CommitMode.EVERY_CHUNK;
    }

    private ProducerConfig producer() {
        Part part = Part.PRODUCER;
        boolean atOnce = values.text("producer.type", part).equals("sync") && !values.isGiven("linger.ms", part);
        return new ProducerConfig(
                Compression.parse(values.text("compression.type", part)),
                new CompressionLevels(
                        Integer.parseInt(values.text("compression.gzip.level", part)),
                        values.small("compression.lz4.level", part),
                        values.small("compression.zstd.level", part)),
                values.small("batch.size", part),
                atOnce ? Duration.ZERO : values.millis("linger.ms", part),
                values.number("buffer.memory", part),
                values.small("max.request.size", part),
                values.millis("delivery.timeout.ms", part),
                values.millis("request.timeout.ms", part),
                values.small("retries", part),
                values.millis("retry.backoff.ms", part),
                values.millis("max.block.ms", part));
    }

    private ServerConfig server() {
        return new ServerConfig(
                values.text("APP_NAME", Part.APP),
                values.text("APP_ID", Part.APP),
                values.text("APP_MODE", Part.APP),
                Language.locale(values.text("APP_LANGUAGE", Part.APP)),
                folder("SERVER_AF_UNIX_DIR"),
                http());
    }

    private HttpAddress http() {
        String port = values.text("SERVER_PORT", Part.APP);
        return new HttpAddress(
                values.text("SERVER_IP", Part.APP),
                port.equals(NoneOr.NONE) ? HttpAddress.NONE : Integer.parseInt(port),
                values.isGiven("SERVER_PORT", Part.APP) || values.isGiven("SERVER_IP", Part.APP));
    }

    private LogConfig log() {
        return new LogConfig(
                folder("KAFKA_LOG_DIR"),
                values.text("KAFKA_LOG_LEVEL", Part.APP),
                values.flag("KAFKA_LOG_STDOUT", Part.APP),
                values.number("KAFKA_LOG_MAX_SIZE", Part.APP),
                values.small("KAFKA_LOG_MAX_FILES", Part.APP));
    }

    private Path folder(String name) {
        return home.resolve(values.text(name, Part.APP)).normalize();
    }

    private void checkSinkBackoff() {
        long first = values.number("sink.retry.backoff.ms", Part.CONSUMER);
        long longest = values.number("sink.retry.backoff.max.ms", Part.CONSUMER);
        if (first > longest) {
            Given culprit = values.source("sink.retry.backoff.ms", Part.CONSUMER)
                    .or(() -> values.source("sink.retry.backoff.max.ms", Part.CONSUMER))
                    .orElseThrow();
            throw new ConfigException(culprit.where(), culprit.key(), Phrase.of("config.rule.backoff", first, longest));
        }
    }

    private void checkHeartbeat() {
        long heartbeat = values.number("heartbeat.interval.ms", Part.CONSUMER);
        long session = values.number("session.timeout.ms", Part.CONSUMER);
        if (heartbeat < session) {
            return;
        }
        Optional<Given> given = values.source("heartbeat.interval.ms", Part.CONSUMER);
        if (given.isPresent()) {
            throw new ConfigException(
                    given.get().where(), given.get().key(), Phrase.of("config.rule.heartbeat", heartbeat, session));
        }
        Given timeout = values.source("session.timeout.ms", Part.CONSUMER).orElseThrow();
        throw new ConfigException(timeout.where(), timeout.key(), Phrase.of("config.rule.session", session, heartbeat));
    }

    /** The records' own rules name the settings they are about; the first of them that somebody gave is where to look. */
    private <T> T checked(Supplier<T> record) {
        try {
            return record.get();
        } catch (IllegalArgumentException e) {
            Matcher names = NAME.matcher(e.getMessage());
            while (names.find()) {
                Optional<Given> culprit = KnownSettings.named(names.group())
                        .flatMap(spec -> spec.parts().stream()
                                .flatMap(part -> values.source(spec.name(), part).stream())
                                .findFirst());
                if (culprit.isPresent()) {
                    throw new ConfigException(
                            culprit.get().where(), culprit.get().key(), NotAllowed.why(e), e);
                }
            }
            throw new ConfigException("configuration", "", NotAllowed.why(e), e);
        }
    }
}
