package dev.kafkaloom.client;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which broker coordinates which group or transactional id, as far as it is known. Thread-safe. */
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

    private record Key(Kind kind, String name) {}

    private static final int BATCHED_SINCE = 4;
    private static final int KIND_SINCE = 1;

    private final Map<Key, BrokerAddress> known = new ConcurrentHashMap<>();

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

    /** The request in the form that the broker understands. */
    static FindCoordinatorRequest request(ApiVersions versions, Kind kind, String name) {
        int version = versions.common(ApiKey.FIND_COORDINATOR)
                .map(range -> (int) range.highest())
                .orElseThrow(() -> new KafkaException.UnsupportedVersion(
                        "the broker (Kafka " + versions.release() + ") has no FindCoordinator"));
        FindCoordinatorRequest.Builder request = FindCoordinatorRequest.builder();
        if (version >= KIND_SINCE) {
            request.keyType(kind.wire);
        } else if (kind != Kind.GROUP) {
            throw new KafkaException.UnsupportedVersion(
                    "transactions exist since Kafka 0.11, the broker is Kafka " + versions.release());
        }
        return version >= BATCHED_SINCE
                ? request.coordinatorKeys(List.of(name)).build()
                : request.key(name).build();
    }

    /**
     * Keeps the answer.
     *
     * @throws KafkaException.BrokerError when it was an error
     */
    BrokerAddress learn(Kind kind, String name, FindCoordinatorResponse response) {
        BrokerAddress found;
        ErrorCode error;
        if (response.coordinators().isEmpty()) {
            error = ErrorCode.of(response.errorCode());
            found = new BrokerAddress(response.nodeId(), response.host(), response.port());
        } else {
            FindCoordinatorResponse.Coordinator first = response.coordinators().getFirst();
            error = ErrorCode.of(first.errorCode());
            found = new BrokerAddress(first.nodeId(), first.host(), first.port());
        }
        if (error != ErrorCode.NONE) {
            throw new KafkaException.BrokerError(error, "find the coordinator of " + name);
        }
        known.put(new Key(kind, name), found);
        return found;
    }
}
