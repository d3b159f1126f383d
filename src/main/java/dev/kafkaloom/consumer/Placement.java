package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.Uuid;

/**
 * Where a partition is fetched from, as the metadata said when it was placed there.
 *
 * @param until of a follower: when the leader is to be asked again, as {@link System#nanoTime}; {@link Long#MAX_VALUE} of the leader
 */
record Placement(BrokerFetcher fetcher, int leaderEpoch, Uuid topicId, long until) {
    boolean follows() {
        return until != Long.MAX_VALUE;
    }
}
