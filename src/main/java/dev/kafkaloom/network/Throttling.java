package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import java.time.Duration;

/**
 * Quotas (KIP-219). A broker that finds a client too fast answers at once, says for how long it will read nothing more of that
 * connection, and the client is to keep quiet meanwhile. Before, it answered late, and the time it names is over when it is read.
 */
final class Throttling {
    /** However long a broker says. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private Throttling() {}

    /** How long to keep quiet after a response of this version that names this time. */
    static Duration after(ApiKey api, short version, int throttleTimeMs) {
        if (throttleTimeMs <= 0 || version < answeredAtOnceSince(api)) {
            return Duration.ZERO;
        }
        Duration said = Duration.ofMillis(throttleTimeMs);
        return said.compareTo(LONGEST) > 0 ? LONGEST : said;
    }

    /** The first version of an API in which brokers answer before they throttle. */
    private static int answeredAtOnceSince(ApiKey api) {
        return switch (api) {
            case FETCH -> 8;
            case PRODUCE, METADATA -> 6;
            case OFFSET_COMMIT, OFFSET_FETCH -> 4;
            case LIST_OFFSETS, JOIN_GROUP, CREATE_TOPICS -> 3;
            case FIND_COORDINATOR, HEARTBEAT, LEAVE_GROUP, SYNC_GROUP, DESCRIBE_GROUPS, LIST_GROUPS -> 2;
            case API_VERSIONS, DELETE_TOPICS, DESCRIBE_CONFIGS -> 2;
            case DELETE_RECORDS, INIT_PRODUCER_ID, ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN, END_TXN -> 1;
            case TXN_OFFSET_COMMIT, DESCRIBE_ACLS, CREATE_ACLS, DELETE_ACLS, ALTER_CONFIGS -> 1;
            case ALTER_REPLICA_LOG_DIRS, DESCRIBE_LOG_DIRS, CREATE_PARTITIONS, DELETE_GROUPS -> 1;
            case CREATE_DELEGATION_TOKEN, RENEW_DELEGATION_TOKEN, EXPIRE_DELEGATION_TOKEN -> 1;
            case DESCRIBE_DELEGATION_TOKEN -> 1;
            default -> 0; // younger than the rule
        };
    }
}
