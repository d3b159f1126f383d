package dev.kafkaloom.config;

import dev.kafkaloom.config.Kind.Choice;
import dev.kafkaloom.config.Kind.Expression;
import dev.kafkaloom.config.Kind.Flag;
import dev.kafkaloom.config.Kind.ListOf;
import dev.kafkaloom.config.Kind.Option;
import dev.kafkaloom.config.Kind.Start;
import dev.kafkaloom.config.Kind.Text;
import dev.kafkaloom.config.Kind.Whole;
import dev.kafkaloom.config.Spec.Part;
import java.util.List;
import java.util.regex.Pattern;

/** The settings of consumers, in config/common.yaml and config/consumer.yaml. */
final class ConsumerSettings {
    private static final String KAFKAS = "org.apache.kafka.clients.consumer.";
    static final Kind TOPIC =
            new Text(Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{1,249}"), Phrase.of("config.allowed.name", 249));
    private static final Kind INSTANCE =
            new Text(Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{1,240}"), Phrase.of("config.allowed.name", 240));
    private static final Choice EARLIEST_OR_LATEST =
            Choice.of(Option.of("earliest", "smallest"), Option.of("latest", "largest"), Option.of("none"));

    static final List<Spec> ALL = List.of(
            Spec.of("group.id", Text.ANY, "kafka-loom", "the consumer group", Part.CONSUMER),
            Spec.of("topic.names", new ListOf(TOPIC), "kafka-loom", "topics to consume", Part.CONSUMER)
                    .aka("topics"),
            Spec.of(
                    "topic.pattern",
                    new Expression(),
                    "",
                    "topics whose whole name matches are consumed as well, or instead when topic.names is not given",
                    Part.CONSUMER),
            Spec.of(
                    "exclude.internal.topics",
                    Flag.ANY,
                    "true",
                    "topic.pattern passes over the brokers' own topics",
                    Part.CONSUMER),
            Spec.of(
                    "missing.topics",
                    Choice.of("fail", "wait"),
                    "fail",
                    "when a topic of topic.names does not exist at the start: end, or take it in when it appears",
                    Part.CONSUMER),
            Spec.of(
                    "group.protocol",
                    Choice.of(Option.of("classic"), Option.notBuilt("consumer")),
                    "classic",
                    "the group protocol",
                    Part.CONSUMER),
            Spec.of(
                    "partition.assignment.strategy",
                    new ListOf(Choice.of(
                            Option.of("Range", KAFKAS + "RangeAssignor"),
                            Option.of("RoundRobin", KAFKAS + "RoundRobinAssignor"),
                            Option.of("Sticky", KAFKAS + "StickyAssignor"),
                            Option.of(
                                    "cooperative-sticky", "CooperativeSticky", KAFKAS + "CooperativeStickyAssignor"))),
                    "Range,cooperative-sticky",
                    "how the group's partitions are shared out; the first that all members know",
                    Part.CONSUMER),
            Spec.of(
                    "group.instance.id",
                    INSTANCE,
                    "",
                    "makes members static: one that is back within the session keeps its partitions; member n gets -n behind it",
                    Part.CONSUMER),
            Spec.of(
                    "leave.on.close",
                    Choice.of("auto", "always", "never"),
                    "auto",
                    "whether a closed member leaves its group at once; auto: unless it is static",
                    Part.CONSUMER),
            Spec.of(
                            "session.timeout.ms",
                            YamlSettings.MILLIS,
                            "45000",
                            "a member not heard of for so long is dropped; 30 s at most on brokers before 0.10.1",
                            Part.CONSUMER)
                    .aka("group.keep.session.max.ms"),
            Spec.of(
                    "heartbeat.interval.ms",
                    YamlSettings.MILLIS,
                    "3000",
                    "pause between heartbeats; shorter than the session timeout",
                    Part.CONSUMER),
            Spec.of(
                            "rebalance.timeout.ms",
                            YamlSettings.MILLIS,
                            "300000",
                            "how long a member may take to rejoin",
                            Part.CONSUMER)
                    .aka("max.poll.interval.ms"),
            Spec.of(
                    "auto.offset.reset",
                    new Start(EARLIEST_OR_LATEST),
                    "latest",
                    "where a partition without a committed offset starts",
                    Part.CONSUMER),
            Spec.of(
                    "auto.offset.reset.new.partitions",
                    new Start(EARLIEST_OR_LATEST),
                    "earliest",
                    "the same for a partition that appears while the group runs",
                    Part.CONSUMER),
            Spec.of(
                    "enable.auto.commit",
                    Flag.ANY,
                    "true",
                    "commit what is done; false: only the program itself commits",
                    Part.CONSUMER),
            Spec.of(
                    "auto.commit.interval.ms",
                    YamlSettings.MILLIS,
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
                            YamlSettings.MILLIS_OR_ZERO,
                            "500",
                            "longest wait of a broker for fetch.min.bytes",
                            Part.CONSUMER)
                    .aka("fetch.wait.max.ms"),
            Spec.of("fetch.max.bytes", YamlSettings.BYTES, "52428800", "most bytes of one fetch", Part.CONSUMER),
            Spec.of(
                            "max.partition.fetch.bytes",
                            YamlSettings.BYTES,
                            "1048576",
                            "most bytes of one partition in a fetch",
                            Part.CONSUMER)
                    .aka("fetch.message.max.bytes"),
            Spec.of(
                    "fetch.max.buffered.bytes",
                    YamlSettings.MANY_BYTES,
                    "67108864",
                    "most fetched bytes held in memory by the process",
                    Part.CONSUMER),
            Spec.of(
                    "max.poll.records",
                    YamlSettings.COUNT,
                    "500",
                    "most records handed to the sink at once",
                    Part.CONSUMER),
            Spec.of("check.crcs", Flag.ANY, "true", "check the checksums of fetched batches", Part.CONSUMER),
            Spec.of(
                    "on.corrupt",
                    Choice.of("stop", "skip"),
                    "stop",
                    "at an unreadable batch: stop the partition, or count and skip",
                    Part.CONSUMER),
            Spec.of(
                    "revoke.drain.ms",
                    YamlSettings.MILLIS_OR_ZERO,
                    "30000",
                    "how long a running handler may go on when its partition is taken away",
                    Part.CONSUMER),
            Spec.of(
                    "progress.max.gap",
                    YamlSettings.COUNT,
                    "10000",
                    "offsets that may be done beyond the first that is not",
                    Part.CONSUMER),
            Spec.of("client.rack", Text.ANY, "", "rack of this client, to fetch from a replica in it", Part.CONSUMER));

    private ConsumerSettings() {}
}
