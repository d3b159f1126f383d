package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import java.util.Locale;

/**
 * What a connection is used for. A broker serves one request of a connection at a time, so a call that it may hold for long
 * must not share a connection with short ones.
 */
public enum Lane {
    /** Short calls. */
    CONTROL,
    /** Calls with a timeout that the broker may use up. */
    BLOCKING,
    /** Produce. */
    PRODUCE,
    /** Fetch, held by the broker up to max wait. */
    FETCH,
    /** Offset commits and look-ups of a group. */
    COMMIT,
    /** Membership of a group; one connection per member, two members on one would wait for each other in JoinGroup. */
    GROUP,
    /** Share groups. */
    SHARE;

    /** The lane an API travels on unless the caller chooses another. */
    public static Lane of(ApiKey api) {
        return switch (api) {
            case PRODUCE -> PRODUCE;
            case FETCH -> FETCH;
            case OFFSET_COMMIT, OFFSET_FETCH, TXN_OFFSET_COMMIT -> COMMIT;
            case JOIN_GROUP, SYNC_GROUP, HEARTBEAT, LEAVE_GROUP, CONSUMER_GROUP_HEARTBEAT, STREAMS_GROUP_HEARTBEAT ->
                GROUP;
            case SHARE_FETCH, SHARE_ACKNOWLEDGE, SHARE_GROUP_HEARTBEAT -> SHARE;
            case LIST_OFFSETS,
                    CREATE_TOPICS,
                    DELETE_TOPICS,
                    DELETE_RECORDS,
                    CREATE_PARTITIONS,
                    ELECT_LEADERS,
                    INIT_PRODUCER_ID,
                    ADD_PARTITIONS_TO_TXN,
                    ADD_OFFSETS_TO_TXN,
                    END_TXN,
                    WRITE_TXN_MARKERS,
                    ALTER_PARTITION_REASSIGNMENTS,
                    LIST_PARTITION_REASSIGNMENTS,
                    UPDATE_FEATURES,
                    ADD_RAFT_VOTER,
                    ALTER_REPLICA_LOG_DIRS,
                    CONTROLLED_SHUTDOWN -> BLOCKING;
            default -> CONTROL;
        };
    }

    /** Its part of a connection's name. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
