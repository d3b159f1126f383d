package dev.kafkaloom.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.embedded.TestedRelease;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.ConnectionConfig;
import dev.kafkaloom.network.VersionRange;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.testing.RealBroker;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a broker speaks, as it says itself and as the table of releases says; and what its metadata say. */
final class VersionChecks {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** Advertised by some modes only, and no client's business. */
    private static final Set<ApiKey> BETWEEN_BROKERS = Set.of(
            ApiKey.LEADER_AND_ISR,
            ApiKey.STOP_REPLICA,
            ApiKey.UPDATE_METADATA,
            ApiKey.CONTROLLED_SHUTDOWN,
            ApiKey.ALTER_PARTITION,
            ApiKey.ENVELOPE,
            ApiKey.ALLOCATE_PRODUCER_IDS);

    private static final Set<ApiKey> KRAFT_ONLY = Set.of(
            ApiKey.DESCRIBE_QUORUM,
            ApiKey.UNREGISTER_BROKER,
            ApiKey.LIST_CONFIG_RESOURCES,
            ApiKey.DESCRIBE_TOPIC_PARTITIONS,
            ApiKey.ADD_RAFT_VOTER,
            ApiKey.REMOVE_RAFT_VOTER);
    /** Came to KRaft with 3.5 and 3.6. */
    private static final Set<ApiKey> LATE_IN_KRAFT = Set.of(
            ApiKey.CREATE_DELEGATION_TOKEN,
            ApiKey.RENEW_DELEGATION_TOKEN,
            ApiKey.EXPIRE_DELEGATION_TOKEN,
            ApiKey.DESCRIBE_DELEGATION_TOKEN,
            ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
            ApiKey.ALTER_USER_SCRAM_CREDENTIALS);
    /** KRaft of 2.8 was a preview: no transactions, no access control, few changes. */
    private static final Set<ApiKey> NOT_IN_PREVIEW = Set.of(
            ApiKey.INIT_PRODUCER_ID,
            ApiKey.ADD_PARTITIONS_TO_TXN,
            ApiKey.ADD_OFFSETS_TO_TXN,
            ApiKey.END_TXN,
            ApiKey.TXN_OFFSET_COMMIT,
            ApiKey.DESCRIBE_ACLS,
            ApiKey.CREATE_ACLS,
            ApiKey.DELETE_ACLS,
            ApiKey.ALTER_CONFIGS,
            ApiKey.CREATE_PARTITIONS,
            ApiKey.ELECT_LEADERS,
            ApiKey.ALTER_PARTITION_REASSIGNMENTS,
            ApiKey.LIST_PARTITION_REASSIGNMENTS,
            ApiKey.DESCRIBE_CLIENT_QUOTAS,
            ApiKey.UPDATE_FEATURES,
            ApiKey.UNREGISTER_BROKER);

    private VersionChecks() {}

    /** What the broker says it speaks is what the table says that its release speaks. */
    static void advertised(Lab lab) throws InterruptedException {
        ApiVersions versions = lab.client().versions(lab.node());
        ApiVersions table = ApiVersions.ofRelease(lab.release().version());

        assertThat(versions.fromBroker()).isEqualTo(lab.release().since("0.10.0.0"));
        assertThat(versions.release()).isEqualTo(lineAsGuessed(lab.release()));
        Map<ApiKey, VersionRange> told = new EnumMap<>(versions.all());
        Map<ApiKey, VersionRange> expected = new EnumMap<>(table.all());
        told.keySet().removeAll(BETWEEN_BROKERS);
        expected.keySet().removeAll(BETWEEN_BROKERS);
        Set<ApiKey> untold = new TreeSet<>(expected.keySet());
        untold.removeAll(told.keySet());
        assertThat(absentFrom(lab.release())).as("may be absent").containsAll(untold);
        expected.keySet().removeAll(untold);
        assertThat(told).isEqualTo(expected);
    }

    /** 3.3 and 3.4 tell clients the same; of those that look alike the newest is taken. */
    private static String lineAsGuessed(TestedRelease release) {
        return switch (release.version()) {
            case "0.9.0.1" -> "0.9.0.1";
            case "3.3.2" -> "3.4";
            default -> release.version().substring(0, release.version().lastIndexOf('.'));
        };
    }

    /** What the table has for a release, and a broker leaves out in this mode. */
    private static Set<ApiKey> absentFrom(TestedRelease release) {
        Set<ApiKey> absent = EnumSet.of(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, ApiKey.PUSH_TELEMETRY); // need a plug-in
        if (release.mode() == Options.Mode.ZOOKEEPER) {
            absent.addAll(KRAFT_ONLY);
        } else {
            absent.addAll(release.since("3.5.0") ? Set.of() : LATE_IN_KRAFT);
            absent.addAll(release.since("3.0.0") ? Set.of() : NOT_IN_PREVIEW);
        }
        return absent;
    }

    /** A client that knows nothing has its first answer at once, of a broker too that is silent when it is asked what it speaks. */
    static void firstAnswer(Lab lab) throws InterruptedException {
        long began = System.nanoTime();
        try (KafkaClient client = lab.fresh(ConnectionConfig.AUTO)) {
            assertThat(client.cluster().brokers()).hasSize(1);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("the first answer")
                .isLessThan(CONNECT_TIMEOUT.dividedBy(2));
    }

    static void metadata(Lab lab) throws InterruptedException {
        KafkaClient client = lab.client();
        TopicInfo topic = lab.topic("metadata");

        assertThat(topic.partitions())
                .hasSize(Lab.PARTITIONS)
                .allSatisfy(each -> assertThat(each.leaderId()).isEqualTo(lab.node()))
                .allSatisfy(each -> assertThat(each.isr()).containsExactly(lab.node()));
        Cluster cluster = client.cluster();
        assertThat(cluster.brokers().get(lab.node()).port())
                .isEqualTo(lab.broker().port());
        assertThat(cluster.controllerId()).isEqualTo(lab.release().since("0.10.0.0") ? lab.node() : -1);
        assertThat(cluster.clusterId() != null).isEqualTo(lab.release().since("0.10.1.0"));
        assertThat(client.allTopics().topics()).containsKey(topic.name());
        String typo = RealBroker.unique("typo");
        assertThat(client.clusterWith(List.of(typo)).topics().get(typo).error())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        MetadataResponse raw = lab.call(
                new Route.AnyBroker(),
                MetadataRequest.builder()
                        .topics(List.of(MetadataRequestTopic.builder()
                                .name(topic.name())
                                .build()))
                        .build());
        assertThat(raw.topics().getFirst().partitions()).hasSize(Lab.PARTITIONS);
    }

    /** All the same when the client is told the release: records, offsets, and the same versions. */
    static void pinned(Lab lab) throws InterruptedException {
        TopicInfo topic = lab.topic("pinned");
        int magic = RecordChecks.magic(lab.release());
        LogRecord record = new LogRecord(
                0,
                magic == 0 ? -1 : System.currentTimeMillis(),
                magic == 0 ? TimestampType.NONE : TimestampType.CREATE_TIME,
                "key".getBytes(UTF_8),
                "value".getBytes(UTF_8),
                List.of());
        try (KafkaClient client = lab.fresh(lab.release().version())) {
            RecordChecks.produce(lab, client, topic, 0, Compression.GZIP, List.of(record));

            assertThat(RecordChecks.consume(lab, client, topic, 0, 1)).containsExactly(record);
            OffsetChecks.commits(lab, client);
            assertThat(client.versions(lab.node()).all())
                    .isEqualTo(lab.client().versions(lab.node()).all());
        }
    }
}
