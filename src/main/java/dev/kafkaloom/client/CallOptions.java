package dev.kafkaloom.client;

import dev.kafkaloom.network.Lane;
import java.time.Duration;

/**
 * How one call is made.
 *
 * @param lane the lane; null: the API's own
 * @param owner whose connection it uses; empty: the shared one
 * @param timeout for the whole call with its retries, {@code hold} apart; null: the client's {@code apiTimeout}
 * @param version the version to send in and no other; null: the highest that both sides have and that can carry the request
 * @param hold how long the broker may hold the request by contract (the rebalance timeout of JoinGroup, the max wait of Fetch)
 */
public record CallOptions(Lane lane, String owner, Duration timeout, Short version, Duration hold) {
    /** The API's lane, shared, the client's time-out, nothing held. */
    public static final CallOptions DEFAULT = new CallOptions(null, "", null, null, Duration.ZERO);

    public CallOptions lane(Lane value) {
        return new CallOptions(value, owner, timeout, version, hold);
    }

    public CallOptions owner(String value) {
        return new CallOptions(lane, value, timeout, version, hold);
    }

    public CallOptions timeout(Duration value) {
        return new CallOptions(lane, owner, value, version, hold);
    }

    public CallOptions version(Short value) {
        return new CallOptions(lane, owner, timeout, value, hold);
    }

    public CallOptions hold(Duration value) {
        return new CallOptions(lane, owner, timeout, version, value);
    }
}
