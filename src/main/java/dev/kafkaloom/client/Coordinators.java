package dev.kafkaloom.client;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.message.FindCoordinatorResponse.Coordinator;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which broker coordinates which group, transactional id or partition of a share group, as far as it is known. Thread-safe. */
final class Coordinators {
    /** What a key names; the numbers of the wire. */
    enum Kind {
        GROUP(0),
        TRANSACTION(1),
        SHARE(2);

        private final byte wire;

        Kind(int wire) {
            this.wire = (byte) wire;
        }
    }

    /** What has a coordinator. */
    record Key(Kind kind, String name) {}

    /** From this version on a request asks for several. */
    static final int BATCHED_SINCE = 4;

    private static final int KIND_SINCE = 1;

    private final Map<Key, BrokerAddress> known = new ConcurrentHashMap<>();

    /** What a route leads to the coordinator of; null for a route that leads elsewhere. */
    static Key key(Route route) {
        return switch (route) {
            case Route.GroupCoordinator(String groupId) -> new Key(Kind.GROUP, groupId);
            case Route.TransactionCoordinator(String transactionalId) -> new Key(Kind.TRANSACTION, transactionalId);
            case Route.ShareCoordinator(String key) -> new Key(Kind.SHARE, key);
            default -> null;
        };
    }

    /** Null when it has to be looked up. */
    BrokerAddress get(Kind kind, String name) {
        return known.get(new Key(kind, name));
    }

    /** Forgets a coordinator, unless someone has found another one in the meantime. */
    void forget(Kind kind, String name, BrokerAddress wrong) {
        known.remove(new Key(kind, name), wrong);
    }

    void forget(Kind kind, String name) {
        known.remove(new Key(kind, name));
    }

    void forgetAll() {
        known.clear();
    }

    // ---- asking

    /** The request for all of them, as brokers since 3.0 understand it. */
    static FindCoordinatorRequest request(Kind kind, Collection<String> names) {
        return FindCoordinatorRequest.builder()
                .keyType(kind.wire)
                .coordinatorKeys(List.copyOf(names))
                .build();
    }

    /** The request for one, in the form that the broker understands. */
    static FindCoordinatorRequest request(ApiVersions versions, Kind kind, String name) {
        FindCoordinatorRequest request = request(kind, List.of(name));
        return version(versions) < BATCHED_SINCE ? alone(request, versions) : request;
    }

    /** A request for one in the form that brokers before 3.0 understand. */
    static FindCoordinatorRequest alone(FindCoordinatorRequest one, ApiVersions versions) {
        if (one.keyType() != Kind.GROUP.wire && version(versions) < KIND_SINCE) {
            throw new KafkaException.UnsupportedVersion(
                    "there are no coordinators but those of groups before Kafka 0.11, the broker is Kafka "
                            + versions.release());
        }
        return one.toBuilder()
                .key(one.coordinatorKeys().getFirst())
                .coordinatorKeys(List.of())
                .build();
    }

    private static int version(ApiVersions versions) {
        return versions.common(ApiKey.FIND_COORDINATOR)
                .map(range -> (int) range.highest())
                .orElseThrow(() -> new KafkaException.UnsupportedVersion(
                        "the broker (Kafka " + versions.release() + ") has no FindCoordinator"));
    }

    /** The answer of a broker before 3.0 in the form of later ones. */
    static FindCoordinatorResponse batch(FindCoordinatorResponse one, String name) {
        Coordinator found = Coordinator.builder()
                .key(name)
                .nodeId(one.nodeId())
                .host(one.host())
                .port(one.port())
                .errorCode(one.errorCode())
                .errorMessage(one.errorMessage())
                .build();
        return FindCoordinatorResponse.builder()
                .throttleTimeMs(one.throttleTimeMs())
                .coordinators(List.of(found))
                .build();
    }

    // ---- what was answered

    /** Keeps what was found; answers the others, each with what was said about it. */
    Map<String, KafkaException> learn(Kind kind, FindCoordinatorResponse response) {
        Map<String, KafkaException> lost = new HashMap<>();
        for (Coordinator each : response.coordinators()) {
            ErrorCode error = ErrorCode.of(each.errorCode());
            if (error == ErrorCode.NONE) {
                known.put(new Key(kind, each.key()), new BrokerAddress(each.nodeId(), each.host(), each.port()));
            } else {
                lost.put(each.key(), new KafkaException.BrokerError(error, "find the coordinator of " + each.key()));
            }
        }
        return lost;
    }

    /**
     * Keeps the answer to the question for one, in whichever form it came.
     *
     * @throws KafkaException.BrokerError when it was an error
     */
    BrokerAddress learn(Kind kind, String name, FindCoordinatorResponse response) {
        KafkaException error = learn(kind, response.coordinators().isEmpty() ? batch(response, name) : response)
                .get(name);
        BrokerAddress found = get(kind, name);
        if (error == null && found == null) {
            error = new KafkaException.BrokerError(
                    ErrorCode.COORDINATOR_NOT_AVAILABLE, "the answer names no coordinator of " + name);
        }
        if (error != null) {
            throw error;
        }
        return found;
    }
}
