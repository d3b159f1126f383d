package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsRequest;
import dev.kafkaloom.message.ApiVersionsResponse;
import dev.kafkaloom.message.HeartbeatRequest;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.network.Hosts.Generation;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Finds out what a broker speaks, on the writer thread of a new connection.
 *
 * <p>0.9 does not answer ApiVersions and keeps the connection open, so on the first connection to a host a harmless request of
 * version 0 follows it: when that one is answered first, and so a second time, the broker is a 0.9. Brokers that do not know the version of ApiVersions
 * itself answer with error 35 in version 0, and since 2.4 name the version they know (KIP-511).
 */
final class Handshake {
    private static final String SOFTWARE = "kafka-loom";
    private static final String SOFTWARE_VERSION = "0.1.0";
    private static final String OLDEST_RELEASE = "0.9.0.1";

    private static final int NAMES_THE_BROKER_SINCE = 5;
    private static final short SAYS_ITS_CLUSTER_SINCE = 2;

    private final Connection connection;
    private final Wire wire;
    private final FrameWriter out;
    private final Hosts hosts;
    private final String clusterId;
    private final ConnectionConfig config;
    private final HostAndPort host;

    Handshake(Connection connection, Wire wire, FrameWriter out, Connector connector, ConnectionConfig config) {
        this.connection = connection;
        this.wire = wire;
        this.out = out;
        this.hosts = connector.hosts();
        this.clusterId = connector.clusterId();
        this.config = config;
        this.host = connection.peer().hostAndPort();
    }

    ApiVersions run() throws IOException, InterruptedException {
        if (config.predatesApiVersions()) {
            return ApiVersions.ofRelease(config.kafkaVersion());
        }
        Generation generation = hosts.generationOf(host);
        if (generation == Generation.BEFORE_API_VERSIONS) {
            return beforeApiVersions();
        }
        boolean probe = generation == Generation.UNKNOWN;
        ApiVersionsResponse response = ask(ApiKey.API_VERSIONS.highestStableVersion(), probe);
        if (response == null) { // what is made of it lasts: once more, should something on the way have lost the answer
            response = ask(ApiKey.API_VERSIONS.highestStableVersion(), probe);
        }
        if (response == null) {
            hosts.learned(host, Generation.BEFORE_API_VERSIONS);
            return beforeApiVersions();
        }
        hosts.learned(host, Generation.MODERN);
        boolean named = true;
        if (response.errorCode() == ErrorCode.UNSUPPORTED_VERSION.code()) {
            short version = versionNamedBy(response);
            response = ask(version, false);
            named = version >= NAMES_THE_BROKER_SINCE;
        }
        if (response.errorCode() != ErrorCode.NONE.code()) {
            throw refused(ErrorCode.of(response.errorCode()));
        }
        ApiVersions versions = ApiVersions.of(response);
        if (!named && mayBeAnother()) {
            checkCluster(versions);
        }
        return versions;
    }

    private ApiVersions beforeApiVersions() {
        if (!config.kafkaVersion().equals(ConnectionConfig.AUTO)) {
            throw new KafkaException.InvalidRequest("kafka.version is " + config.kafkaVersion() + ", but "
                    + connection.where() + " is older than 0.10: set it to auto, or to " + OLDEST_RELEASE);
        }
        return ApiVersions.ofRelease(OLDEST_RELEASE);
    }

    /** Whether it matters who answers, and is known who should. */
    private boolean mayBeAnother() {
        return clusterId != null && connection.peer().nodeId() != BrokerAddress.BOOTSTRAP;
    }

    /**
     * A broker before 4.4 cannot be told who is meant to be there, but says of which cluster it is. Without that, an address that was
     * given to a broker of another cluster would quietly be written to.
     */
    private void checkCluster(ApiVersions versions) throws IOException, InterruptedException {
        VersionRange range = versions.common(ApiKey.METADATA).orElse(null);
        if (range == null || range.highest() < SAYS_ITS_CLUSTER_SINCE) {
            return;
        }
        short version = (short) Math.max(SAYS_ITS_CLUSTER_SINCE, range.lowest());
        MetadataRequest noTopics = MetadataRequest.builder().topics(List.of()).build();
        Slot<MetadataResponse> slot = Slot.of(noTopics, version, connection.nextOrigin(), connection.setupTimeout());
        wire.transmitFirst(slot, out);
        out.flush();
        String its = slot.await(connection.setupTimeout()).clusterId();
        if (its != null && !its.equals(clusterId)) {
            throw new KafkaException.BrokerError(
                    ErrorCode.REBOOTSTRAP_REQUIRED,
                    connection.where() + " is of cluster " + its + " now, this client talks to cluster " + clusterId);
        }
    }

    private KafkaException refused(ErrorCode error) {
        String what = error == ErrorCode.REBOOTSTRAP_REQUIRED
                ? connection.where() + " is not that broker of cluster " + clusterId + " any more"
                : "ApiVersions of " + connection.where();
        return new KafkaException.BrokerError(error, what);
    }

    private static short versionNamedBy(ApiVersionsResponse refusal) {
        int ours = ApiKey.API_VERSIONS.highestStableVersion();
        return (short) refusal.apiKeys().stream()
                .filter(each -> each.apiKey() == ApiKey.API_VERSIONS.id())
                .mapToInt(each -> Math.clamp(each.maxVersion(), 0, ours - 1))
                .findFirst()
                .orElse(0);
    }

    /** Says also who is meant to be there, so that another broker on an address that was given away says so (KIP-1242). */
    private ApiVersionsRequest question(short version) {
        ApiVersionsRequest.Builder question =
                ApiVersionsRequest.builder().clientSoftwareName(SOFTWARE).clientSoftwareVersion(SOFTWARE_VERSION);
        if (version >= NAMES_THE_BROKER_SINCE && mayBeAnother()) {
            question.clusterId(clusterId).nodeId(connection.peer().nodeId());
        }
        return question.build();
    }

    /** Null when the broker passed the question over. */
    private ApiVersionsResponse ask(short version, boolean probe) throws IOException, InterruptedException {
        ApiVersionsRequest question = question(version);
        Slot<ApiVersionsResponse> slot = probe
                ? Slot.maybeUnanswered(question, version, connection.nextOrigin(), connection.setupTimeout())
                : Slot.of(question, version, connection.nextOrigin(), connection.setupTimeout());
        wire.transmitFirst(slot, out);
        if (probe) {
            HeartbeatRequest harmless = HeartbeatRequest.builder()
                    .groupId("")
                    .generationId(-1)
                    .memberId("")
                    .build();
            // twice the time, so that a broker that answers neither is said to owe the first
            Duration time = connection.setupTimeout().multipliedBy(2);
            Slot<?> behind = Slot.of(harmless, (short) 0, connection.nextOrigin(), time);
            behind.abandon();
            wire.transmitFirst(behind, out);
        }
        out.flush();
        return slot.await(connection.setupTimeout());
    }
}
