package dev.kafkaloom.consumer;

/**
 * What the highest version of Fetch that a broker speaks decides.
 *
 * @param limitsRequests knows a limit for a whole answer (0.10.1)
 * @param findsTruncation compares its log with the one that was read (2.7, KIP-320)
 * @param topicIds knows topics by their ids (3.1, KIP-516)
 */
record FetchAbilities(boolean limitsRequests, boolean findsTruncation, boolean topicIds) {
    static FetchAbilities of(short highest) {
        return new FetchAbilities(highest >= 3, highest >= 12, highest >= 13);
    }
}
