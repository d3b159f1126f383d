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

/** The settings of config/*.yaml. */
final class YamlSettings {
    private static final Kind MILLIS = new Whole(1, Integer.MAX_VALUE, "ms");
    private static final Kind MILLIS_OR_ZERO = new Whole(0, Integer.MAX_VALUE, "ms");
    private static final Kind BYTES = new Whole(1, Integer.MAX_VALUE, "bytes");
    private static final Kind MANY_BYTES = new Whole(1, Long.MAX_VALUE, "bytes");
    private static final Kind COUNT = new Whole(1, Integer.MAX_VALUE, "");
    private static final Kind TOPIC =
            new Text(Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{1,249}"), "up to 249 of a-z A-Z 0-9 . _ -");
    private static final Kind RELEASE = new Text(
            Pattern.compile("auto|(?!0\\.[0-8](\\.|$))[0-9]{1,3}(\\.[0-9]{1,3}){1,3}"),
            "auto, or a release from 0.9.0.0 on, such as 4.3.1");

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

    static final List<Spec> CONSUMER = List.of(
            Spec.of("group.id", Text.ANY, "kafka-loom", "the consumer group", Part.CONSUMER),
            Spec.of("topic.names", new ListOf(TOPIC), "kafka-loom", "topics to consume", Part.CONSUMER)
                    .aka("topics"),
            Spec.of(
                    "group.protocol",
                    Choice.of(Option.of("classic"), Option.notBuilt("consumer")),
                    "classic",
                    "the group protocol",
                    Part.CONSUMER),
            Spec.of(
                    "partition.assignment.strategy",
                    new ListOf(Choice.of(
                            Option.of("Range", "org.apache.kafka.clients.consumer.RangeAssignor"),
                            Option.notBuilt("RoundRobin", "org.apache.kafka.clients.consumer.RoundRobinAssignor"),
                            Option.notBuilt("Sticky", "org.apache.kafka.clients.consumer.StickyAssignor"),
                            Option.notBuilt(
                                    "cooperative-sticky",
                                    "CooperativeSticky",
                                    "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"))),
                    "Range",
                    "how the group's partitions are shared out",
                    Part.CONSUMER),
            Spec.of(
                            "session.timeout.ms",
                            MILLIS,
                            "45000",
                            "a member not heard of for so long is dropped; 30 s at most on brokers before 0.10.1",
                            Part.CONSUMER)
                    .aka("group.keep.session.max.ms"),
            Spec.of(
                    "heartbeat.interval.ms",
                    MILLIS,
                    "3000",
                    "pause between heartbeats; shorter than the session timeout",
                    Part.CONSUMER),
            Spec.of("rebalance.timeout.ms", MILLIS, "300000", "how long a member may take to rejoin", Part.CONSUMER)
                    .aka("max.poll.interval.ms"),
            Spec.of(
                    "auto.offset.reset",
                    Choice.of(Option.of("earliest", "smallest"), Option.of("latest", "largest"), Option.of("none")),
                    "latest",
                    "where a partition without a committed offset starts",
                    Part.CONSUMER),
            Spec.of("enable.auto.commit", new Flag(true, false), "true", "commit by itself", Part.CONSUMER),
            Spec.of(
                    "auto.commit.interval.ms",
                    MILLIS,
                    "5000",
                    "pause between commits in HIGH_LEVEL mode",
                    Part.CONSUMER),
            Spec.of(
                    "isolation.level",
                    Choice.of("read_uncommitted", "read_committed"),
                    "read_uncommitted",
                    "whether records of open and aborted transactions are seen",
                    Part.CONSUMER),
            Spec.of(
                    "fetch.min.bytes",
                    new Whole(0, Integer.MAX_VALUE, "bytes"),
                    "1",
                    "a broker waits for so much",
                    Part.CONSUMER),
            Spec.of(
                            "fetch.max.wait.ms",
                            MILLIS_OR_ZERO,
                            "500",
                            "longest wait of a broker for fetch.min.bytes",
                            Part.CONSUMER)
                    .aka("fetch.wait.max.ms"),
            Spec.of("fetch.max.bytes", BYTES, "52428800", "most bytes of one fetch", Part.CONSUMER),
            Spec.of(
                            "max.partition.fetch.bytes",
                            BYTES,
                            "1048576",
                            "most bytes of one partition in a fetch",
                            Part.CONSUMER)
                    .aka("fetch.message.max.bytes"),
            Spec.of(
                    "fetch.max.buffered.bytes",
                    MANY_BYTES,
                    "67108864",
                    "most fetched bytes held in memory by the process",
                    Part.CONSUMER),
            Spec.of("max.poll.records", COUNT, "500", "most records handed to the sink at once", Part.CONSUMER),
            Spec.of("check.crcs", Flag.ANY, "true", "check the checksums of fetched batches", Part.CONSUMER),
            Spec.of(
                    "on.corrupt",
                    Choice.of("stop", "skip"),
                    "stop",
                    "at an unreadable batch: stop the partition, or count and skip",
                    Part.CONSUMER),
            Spec.of(
                    "revoke.drain.ms",
                    MILLIS_OR_ZERO,
                    "30000",
                    "how long a running handler may go on when its partition is taken away",
                    Part.CONSUMER),
            Spec.of(
                    "progress.max.gap",
                    COUNT,
                    "10000",
                    "offsets that may be done beyond the first that is not",
                    Part.CONSUMER),
            Spec.of(
                    "sink.retry.backoff.ms",
                    MILLIS,
                    "100",
                    "pause before a batch goes to a failed sink again; doubled each time",
                    Part.CONSUMER),
            Spec.of("sink.retry.backoff.max.ms", MILLIS, "10000", "longest such pause", Part.CONSUMER),
            Spec.of(
                    "starvation.alarm.ms",
                    MILLIS,
                    "2000",
                    "it is logged when virtual threads get no processor for so long",
                    Part.CONSUMER),
            Spec.of("client.rack", Text.ANY, "", "rack of this client, to fetch from a replica in it", Part.CONSUMER));

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
