package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.SettingRules.check;
import static dev.kafkaloom.consumer.SettingRules.positive;

import dev.kafkaloom.consumer.assignor.Assignor;
import dev.kafkaloom.consumer.assignor.Assignors;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a group of consumers behaves. Immutable; names and defaults are those of Kafka's own consumer where a setting is the same.
 *
 * @param groupId {@code group.id}, not empty
 * @param topics the subscribed topics; may be empty here, but a group is only started with topics or a pattern
 * @param topicPattern {@code topic.pattern}: topics with such a name (the whole name) are subscribed as well; null for none
 * @param excludeInternalTopics {@code exclude.internal.topics}: whether the pattern passes over the brokers' own topics
 * @param missingTopics {@code missing.topics}: what happens when one of {@code topics} does not exist
 * @param assignors {@code partition.assignment.strategy}, in order of preference: the first that all members have is used
 * @param groupInstanceId {@code group.instance.id} of a static member (KIP-345), empty for dynamic ones; of several members in this
 *     process, each gets its number behind it
 * @param leaveOnClose {@code leave.on.close}
 * @param sessionTimeout the coordinator drops a member it has not heard of for so long; capped at 30 s on brokers before 0.10.1
 * @param rebalanceTimeout how long a member may take to give its partitions back and rejoin (brokers before 0.10.1: the session timeout)
 * @param heartbeatInterval pause between two heartbeats of a member
 * @param autoOffsetReset where a partition without a committed offset starts
 * @param newPartitionsReset {@code auto.offset.reset.new.partitions}: the same for partitions that appear while the group runs
 * @param autoCommitInterval pause between two commits in {@link CommitMode#INTERVAL}
 * @param commitMode when offsets are committed
 * @param fetchMinBytes {@code fetch.min.bytes}
 * @param fetchMaxWait how long a broker may hold a fetch for {@code fetchMinBytes}
 * @param fetchMaxBytes {@code fetch.max.bytes}, of one fetch response
 * @param maxPartitionFetchBytes {@code max.partition.fetch.bytes}, of one partition in one response
 * @param maxBufferedBytes fetched and decompressed bytes that the whole process may hold
 * @param revokeDrain how long a handler that is running may go on when its partition is taken away
 * @param progressMaxGap offsets that may be done beyond the contiguous prefix before the partition pauses
 * @param checkCrcs whether batches are checked against their checksum
 * @param maxPollRecords most records of one handler call
 * @param onCorrupt what happens at an unreadable batch
 * @param metadataRefresh how often the leader of the group looks for new partitions of the subscribed topics
 * @param clientRack {@code client.rack}, empty for none (KIP-392)
 * @param isolation {@code isolation.level}
 * @param handling how records are handed to handlers
 */
public record ConsumerConfig(
        String groupId,
        List<String> topics,
        Pattern topicPattern,
        boolean excludeInternalTopics,
        MissingTopics missingTopics,
        List<Assignor> assignors,
        String groupInstanceId,
        LeaveOnClose leaveOnClose,
        Duration sessionTimeout,
        Duration rebalanceTimeout,
        Duration heartbeatInterval,
        OffsetReset autoOffsetReset,
        OffsetReset newPartitionsReset,
        Duration autoCommitInterval,
        CommitMode commitMode,
        int fetchMinBytes,
        Duration fetchMaxWait,
        int fetchMaxBytes,
        int maxPartitionFetchBytes,
        long maxBufferedBytes,
        Duration revokeDrain,
        int progressMaxGap,
        boolean checkCrcs,
        int maxPollRecords,
        OnCorrupt onCorrupt,
        Duration metadataRefresh,
        String clientRack,
        IsolationLevel isolation,
        Handling handling) {
    private static final Pattern INSTANCE_ID = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{0,240}");

    /** Checks every value; an {@link IllegalArgumentException} names the setting, what it is and what is allowed. */
    public ConsumerConfig {
        check(groupId != null && !groupId.isBlank(), "group.id", groupId, "must not be empty");
        topics = List.copyOf(topics);
        check(topics.stream().distinct().count() == topics.size(), "topic.names", topics, "names a topic twice");
        assignors = List.copyOf(assignors);
        check(!assignors.isEmpty(), "partition.assignment.strategy", assignors, "must name at least one");
        List<String> names = assignors.stream().map(Assignor::name).toList();
        check(Set.copyOf(names).size() == names.size(), "partition.assignment.strategy", names, "names one twice");
        Objects.requireNonNull(missingTopics, "missing.topics");
        groupInstanceId = groupInstanceId == null ? "" : groupInstanceId;
        check(
                INSTANCE_ID.matcher(groupInstanceId).matches(),
                "group.instance.id",
                groupInstanceId,
                "must be up to 240 of a-z A-Z 0-9 . _ -");
        Objects.requireNonNull(leaveOnClose, "leave.on.close");
        positive("group.keep.session.max.ms", sessionTimeout);
        positive("max.poll.interval.ms", rebalanceTimeout);
        positive("heartbeat.interval.ms", heartbeatInterval);
        check(
                heartbeatInterval.compareTo(sessionTimeout) < 0,
                "heartbeat.interval.ms",
                heartbeatInterval,
                "must be shorter than the session timeout " + sessionTimeout + ", a third of it or less");
        Objects.requireNonNull(autoOffsetReset, "auto.offset.reset");
        Objects.requireNonNull(newPartitionsReset, "auto.offset.reset.new.partitions");
        positive("auto.commit.interval.ms", autoCommitInterval);
        Objects.requireNonNull(commitMode, "commit mode");
        check(fetchMinBytes >= 0, "fetch.min.bytes", fetchMinBytes, "must not be negative");
        check(!fetchMaxWait.isNegative(), "fetch.max.wait.ms", fetchMaxWait, "must not be negative");
        check(fetchMaxBytes > 0, "fetch.max.bytes", fetchMaxBytes, "must be positive");
        check(maxPartitionFetchBytes > 0, "max.partition.fetch.bytes", maxPartitionFetchBytes, "must be positive");
        check(maxBufferedBytes > 0, "fetch.max.buffered.bytes", maxBufferedBytes, "must be positive");
        check(!revokeDrain.isNegative(), "revoke.drain.ms", revokeDrain, "must not be negative");
        check(progressMaxGap > 0, "progress.max.gap", progressMaxGap, "must be positive");
        check(maxPollRecords > 0, "max.poll.records", maxPollRecords, "must be positive");
        Objects.requireNonNull(onCorrupt, "on.corrupt");
        positive("topic.metadata.refresh.interval.ms", metadataRefresh);
        clientRack = clientRack == null ? "" : clientRack;
        Objects.requireNonNull(isolation, "isolation.level");
        Objects.requireNonNull(handling, "handling");
    }

    /** What of this is about fetching. */
    public FetchConfig fetch() {
        return new FetchConfig(
                fetchMinBytes,
                fetchMaxWait,
                fetchMaxBytes,
                maxPartitionFetchBytes,
                maxBufferedBytes,
                checkCrcs,
                isolation,
                clientRack);
    }

    /** A builder with the defaults, for these topics. */
    public static Builder builder(String groupId, List<String> topics) {
        return new Builder().groupId(groupId).topics(topics);
    }

    /** The defaults, for these topics. */
    public static ConsumerConfig of(String groupId, String... topics) {
        return builder(groupId, List.of(topics)).build();
    }

    /** A builder that starts from this. */
    public Builder toBuilder() {
        Builder b = new Builder()
                .groupId(groupId)
                .topics(topics)
                .topicPattern(topicPattern)
                .excludeInternalTopics(excludeInternalTopics)
                .missingTopics(missingTopics)
                .assignors(assignors)
                .groupInstanceId(groupInstanceId)
                .leaveOnClose(leaveOnClose)
                .sessionTimeout(sessionTimeout)
                .rebalanceTimeout(rebalanceTimeout)
                .heartbeatInterval(heartbeatInterval)
                .autoOffsetReset(autoOffsetReset)
                .newPartitionsReset(newPartitionsReset)
                .autoCommitInterval(autoCommitInterval)
                .commitMode(commitMode)
                .fetchMinBytes(fetchMinBytes)
                .fetchMaxWait(fetchMaxWait)
                .fetchMaxBytes(fetchMaxBytes)
                .maxPartitionFetchBytes(maxPartitionFetchBytes)
                .maxBufferedBytes(maxBufferedBytes);
        return b.revokeDrain(revokeDrain)
                .progressMaxGap(progressMaxGap)
                .checkCrcs(checkCrcs)
                .maxPollRecords(maxPollRecords)
                .onCorrupt(onCorrupt)
                .metadataRefresh(metadataRefresh)
                .clientRack(clientRack)
                .isolation(isolation)
                .handling(handling);
    }

    /** Collects the settings; not thread-safe. Every setter is named after the component it sets. */
    public static final class Builder {
        private String groupId = "kafka-loom";
        private List<String> topics = List.of();
        private Pattern topicPattern;
        private boolean excludeInternalTopics = true;
        private MissingTopics missingTopics = MissingTopics.FAIL;
        private List<Assignor> assignors = List.of(Assignors.named("range"), Assignors.named("cooperative-sticky"));
        private String groupInstanceId = "";
        private LeaveOnClose leaveOnClose = LeaveOnClose.AUTO;
        private Duration sessionTimeout = Duration.ofSeconds(45);
        private Duration rebalanceTimeout = Duration.ofMinutes(5);
        private Duration heartbeatInterval = Duration.ofSeconds(3);
        private OffsetReset autoOffsetReset = OffsetReset.LATEST;
        private OffsetReset newPartitionsReset = OffsetReset.EARLIEST;
        private Duration autoCommitInterval = Duration.ofSeconds(5);
        private CommitMode commitMode = CommitMode.INTERVAL;
        private int fetchMinBytes = 1;
        private Duration fetchMaxWait = Duration.ofMillis(500);
        private int fetchMaxBytes = 50 << 20;
        private int maxPartitionFetchBytes = 1 << 20;
        private long maxBufferedBytes = 64 << 20;
        private Duration revokeDrain = Duration.ofSeconds(30);
        private int progressMaxGap = 10_000;
        private boolean checkCrcs = true;
        private int maxPollRecords = 500;
        private OnCorrupt onCorrupt = OnCorrupt.STOP;
        private Duration metadataRefresh = Duration.ofMinutes(5);
        private String clientRack = "";
        private IsolationLevel isolation = IsolationLevel.READ_UNCOMMITTED;
        private Handling handling = Handling.DEFAULT;

        Builder() {}

        public Builder groupId(String value) {
            groupId = value;
            return this;
        }

        public Builder topics(List<String> value) {
            topics = value;
            return this;
        }

        public Builder topicPattern(Pattern value) {
            topicPattern = value;
            return this;
        }

        public Builder excludeInternalTopics(boolean value) {
            excludeInternalTopics = value;
            return this;
        }

        public Builder missingTopics(MissingTopics value) {
            missingTopics = value;
            return this;
        }

        public Builder assignors(List<Assignor> value) {
            assignors = value;
            return this;
        }

        public Builder groupInstanceId(String value) {
            groupInstanceId = value;
            return this;
        }

        public Builder leaveOnClose(LeaveOnClose value) {
            leaveOnClose = value;
            return this;
        }

        public Builder sessionTimeout(Duration value) {
            sessionTimeout = value;
            return this;
        }

        public Builder rebalanceTimeout(Duration value) {
            rebalanceTimeout = value;
            return this;
        }

        public Builder heartbeatInterval(Duration value) {
            heartbeatInterval = value;
            return this;
        }

        public Builder autoOffsetReset(OffsetReset value) {
            autoOffsetReset = value;
            return this;
        }

        public Builder newPartitionsReset(OffsetReset value) {
            newPartitionsReset = value;
            return this;
        }

        public Builder autoCommitInterval(Duration value) {
            autoCommitInterval = value;
            return this;
        }

        public Builder commitMode(CommitMode value) {
            commitMode = value;
            return this;
        }

        public Builder fetchMinBytes(int value) {
            fetchMinBytes = value;
            return this;
        }

        public Builder fetchMaxWait(Duration value) {
            fetchMaxWait = value;
            return this;
        }

        public Builder fetchMaxBytes(int value) {
            fetchMaxBytes = value;
            return this;
        }

        public Builder maxPartitionFetchBytes(int value) {
            maxPartitionFetchBytes = value;
            return this;
        }

        public Builder maxBufferedBytes(long value) {
            maxBufferedBytes = value;
            return this;
        }

        public Builder revokeDrain(Duration value) {
            revokeDrain = value;
            return this;
        }

        public Builder progressMaxGap(int value) {
            progressMaxGap = value;
            return this;
        }

        public Builder checkCrcs(boolean value) {
            checkCrcs = value;
            return this;
        }

        public Builder maxPollRecords(int value) {
            maxPollRecords = value;
            return this;
        }

        public Builder onCorrupt(OnCorrupt value) {
            onCorrupt = value;
            return this;
        }

        public Builder metadataRefresh(Duration value) {
            metadataRefresh = value;
            return this;
        }

        public Builder clientRack(String value) {
            clientRack = value;
            return this;
        }

        public Builder isolation(IsolationLevel value) {
            isolation = value;
            return this;
        }

        public Builder handling(Handling value) {
            handling = value;
            return this;
        }

        /** Checks and builds. */
        public ConsumerConfig build() {
            return new ConsumerConfig(
                    groupId,
                    topics,
                    topicPattern,
                    excludeInternalTopics,
                    missingTopics,
                    assignors,
                    groupInstanceId,
                    leaveOnClose,
                    sessionTimeout,
                    rebalanceTimeout,
                    heartbeatInterval,
                    autoOffsetReset,
                    newPartitionsReset,
                    autoCommitInterval,
                    commitMode,
                    fetchMinBytes,
                    fetchMaxWait,
                    fetchMaxBytes,
                    maxPartitionFetchBytes,
                    maxBufferedBytes,
                    revokeDrain,
                    progressMaxGap,
                    checkCrcs,
                    maxPollRecords,
                    onCorrupt,
                    metadataRefresh,
                    clientRack,
                    isolation,
                    handling);
        }
    }
}
