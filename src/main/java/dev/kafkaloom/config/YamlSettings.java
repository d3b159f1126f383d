package dev.kafkaloom.config;

import dev.kafkaloom.config.Kind.Address;
import dev.kafkaloom.config.Kind.Choice;
import dev.kafkaloom.config.Kind.Flag;
import dev.kafkaloom.config.Kind.ListOf;
import dev.kafkaloom.config.Kind.Option;
import dev.kafkaloom.config.Kind.Rewriting;
import dev.kafkaloom.config.Kind.Text;
import dev.kafkaloom.config.Kind.Whole;
import dev.kafkaloom.config.Spec.Part;
import java.util.List;
import java.util.regex.Pattern;

/** The settings of config/*.yaml beside those of {@link ConsumerSettings}. */
final class YamlSettings {
    static final Kind MILLIS = new Whole(1, Integer.MAX_VALUE, "ms");
    static final Kind MILLIS_OR_ZERO = new Whole(0, Integer.MAX_VALUE, "ms");
    static final Kind BYTES = new Whole(1, Integer.MAX_VALUE, "bytes");
    static final Kind MANY_BYTES = new Whole(1, Long.MAX_VALUE, "bytes");
    static final Kind COUNT = new Whole(1, Integer.MAX_VALUE, "");
    private static final Kind RELEASE = new Text(
            Pattern.compile("auto|(?!0\\.[0-8](\\.|$))[0-9]{1,3}(\\.[0-9]{1,3}){1,3}"),
            Phrase.of("config.allowed.release"));

    static final List<Spec> CLIENT = List.of(
            Spec.of(
                            "bootstrap.servers",
                            new ListOf(new Address()),
                            "localhost:9092",
                            "brokers to find the cluster by",
                            Part.CLIENT)
                    .aka("metadata.broker.list"),
            Spec.of(
                    "client.resolve",
                    new Rewriting(),
                    "",
                    "addresses to dial in place of others, for tunnels and port-forwards",
                    Part.CLIENT),
            Spec.of(
                    "client.dns.lookup",
                    Choice.of("use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"),
                    "use_all_dns_ips",
                    "what is made of host names; every address of a name is tried in either case",
                    Part.CLIENT),
            Spec.of("kafka.version", RELEASE, "auto", "release of the brokers; auto asks them", Part.CLIENT),
            Spec.of("client.id", Text.ANY, "", "name shown to the brokers; APP_NAME when not given", Part.CLIENT),
            Spec.of(
                    "security.protocol",
                    Choice.of(
                            Option.of("PLAINTEXT"),
                            Option.notBuilt("SSL"),
                            Option.notBuilt("SASL_PLAINTEXT"),
                            Option.notBuilt("SASL_SSL")),
                    "PLAINTEXT",
                    "how connections are secured",
                    Part.CLIENT),
            Spec.of(
                            "metadata.max.age.ms",
                            MILLIS,
                            "300000",
                            "how often the cluster's metadata is read again",
                            Part.CLIENT,
                            Part.CONSUMER)
                    .aka("topic.metadata.refresh.interval.ms"),
            Spec.of(
                    "bootstrap.timeout.ms",
                    MILLIS,
                    "10000",
                    "how long the first contact with the cluster may take",
                    Part.CLIENT),
            Spec.of(
                    "socket.connection.setup.timeout.ms",
                    MILLIS,
                    "10000",
                    "how long connecting to a broker may take at first; longer with each failure",
                    Part.CLIENT),
            Spec.of("socket.connection.setup.timeout.max.ms", MILLIS, "30000", "the longest it grows to", Part.CLIENT),
            Spec.of(
                    "reconnect.backoff.ms",
                    MILLIS,
                    "50",
                    "how long a host that cannot be reached is left alone at first; longer with each failure",
                    Part.CLIENT),
            Spec.of("reconnect.backoff.max.ms", MILLIS, "1000", "the longest it grows to", Part.CLIENT),
            Spec.of(
                    "connections.max.idle.ms",
                    MILLIS,
                    "540000",
                    "a connection that nobody uses for so long is closed",
                    Part.CLIENT),
            Spec.of(
                    "max.in.flight.requests.per.connection",
                    COUNT,
                    "64",
                    "requests of a connection that may be sent and not yet answered",
                    Part.CLIENT),
            Spec.of(
                    "metadata.recovery.strategy",
                    Choice.of("rebootstrap", "none"),
                    "rebootstrap",
                    "when no broker that is known can be reached: begin again with bootstrap.servers, or go on trying",
                    Part.CLIENT),
            Spec.of(
                    "metadata.recovery.rebootstrap.trigger.ms",
                    MILLIS,
                    "300000",
                    "without metadata for so long, begin again with bootstrap.servers",
                    Part.CLIENT),
            Spec.of(
                    "request.timeout.ms",
                    MILLIS,
                    "30000",
                    "how long a broker may take to answer",
                    Part.CLIENT,
                    Part.PRODUCER),
            Spec.of(
                    "default.api.timeout.ms",
                    MILLIS,
                    "60000",
                    "how long a call may take, retries included",
                    Part.CLIENT),
            Spec.of("retry.backoff.ms", MILLIS, "100", "pause before the first retry", Part.CLIENT, Part.PRODUCER),
            Spec.of("retry.backoff.max.ms", MILLIS, "1000", "longest pause between retries", Part.CLIENT),
            Spec.of(
                    "receive.message.max.bytes",
                    new Whole(1024, Integer.MAX_VALUE, "bytes"),
                    "104857600",
                    "largest answer that is read from a broker",
                    Part.CLIENT));

    static final List<Spec> PRODUCER = List.of(
            Spec.of(
                    "producer.type",
                    Choice.of("sync", "async"),
                    "async",
                    "sync sends every message at once; async waits linger.ms to send more together",
                    Part.PRODUCER),
            Spec.of(
                            "acks",
                            Choice.of(Option.of("all", "-1"), Option.notBuilt("0"), Option.notBuilt("1")),
                            "all",
                            "replicas that must have a message before it counts as sent",
                            Part.PRODUCER)
                    .aka("request.required.acks"),
            Spec.of("enable.idempotence", new Flag(false, true), "false", "no duplicates from retries", Part.PRODUCER),
            Spec.of(
                            "compression.type",
                            Choice.of(
                                    Option.of("none", "0"),
                                    Option.of("gzip", "1"),
                                    Option.of("snappy", "2"),
                                    Option.of("lz4", "3"),
                                    Option.of("zstd", "4")),
                            "none",
                            "codec of the batches",
                            Part.PRODUCER)
                    .aka("compression.codec"),
            Spec.of(
                    "compression.gzip.level",
                    Choice.of("-1", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
                    "-1",
                    "how dense gzip gets; -1 is zlib's own choice",
                    Part.PRODUCER),
            Spec.of(
                    "compression.lz4.level",
                    new Whole(1, 17, ""),
                    "9",
                    "how dense lz4 gets; 9 is the fast one",
                    Part.PRODUCER),
            Spec.of("compression.zstd.level", new Whole(-131_072, 22, ""), "3", "how dense zstd gets", Part.PRODUCER),
            Spec.of("batch.size", BYTES, "16384", "bytes of a batch", Part.PRODUCER),
            Spec.of(
                            "linger.ms",
                            MILLIS_OR_ZERO,
                            "5",
                            "how long a batch waits to fill; 0 when producer.type is sync",
                            Part.PRODUCER)
                    .aka("queue.buffering.max.ms"),
            Spec.of("buffer.memory", MANY_BYTES, "33554432", "bytes that may wait to be sent", Part.PRODUCER),
            Spec.of("max.request.size", BYTES, "1048576", "largest message or request", Part.PRODUCER),
            Spec.of(
                    "max.block.ms",
                    MILLIS_OR_ZERO,
                    "60000",
                    "how long sending may wait for memory or metadata",
                    Part.PRODUCER),
            Spec.of(
                    "delivery.timeout.ms",
                    MILLIS,
                    "120000",
                    "how long delivering a message may take, retries included",
                    Part.PRODUCER),
            Spec.of(
                            "retries",
                            new Whole(0, Integer.MAX_VALUE, ""),
                            "2147483647",
                            "retries of a message, within delivery.timeout.ms",
                            Part.PRODUCER)
                    .aka("message.send.max.retries"));

    private YamlSettings() {}
}
