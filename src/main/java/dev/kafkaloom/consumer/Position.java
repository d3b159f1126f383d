package dev.kafkaloom.consumer;

/**
 * What a request asks of a partition.
 *
 * @param epoch tells whether the answer still matters
 * @param limit in bytes
 * @param leaderEpoch of the last batch before the offset, -1 unknown
 */
record Position(long offset, int epoch, int limit, int leaderEpoch) {
    StartAt at() {
        return new StartAt(offset, leaderEpoch);
    }
}
