package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.ErrorCode;

/** What an error code of JoinGroup, SyncGroup, Heartbeat, LeaveGroup or OffsetCommit means to a member: the one place that decides it. */
enum GroupAnswer {
    /** It worked. */
    OK,
    /** The group is rebalancing: give the partitions back and rejoin with the same id. */
    REBALANCE,
    /** The coordinator wants the id it has just given, before the member counts (KIP-394): join again with it, at once. */
    ID_GIVEN,
    /** The generation has passed without this member: whatever it owned is somebody else's; rejoin with the same id. */
    GENERATION_PASSED,
    /** The coordinator does not know the member (its session ran out): whatever it owned is somebody else's; join as a new one. */
    FORGOTTEN,
    /** Ask the same coordinator again, after the back-off. */
    TRY_AGAIN,
    /** Look for the coordinator, then ask again, after the back-off. */
    MOVED,
    /** Trying again cannot help: the member has failed. */
    FATAL;

    static GroupAnswer of(short code) {
        return of(ErrorCode.of(code));
    }

    static GroupAnswer of(ErrorCode code) {
        return switch (code) {
            case NONE -> OK;
            case REBALANCE_IN_PROGRESS -> REBALANCE;
            case MEMBER_ID_REQUIRED -> ID_GIVEN;
            case ILLEGAL_GENERATION -> GENERATION_PASSED;
            case UNKNOWN_MEMBER_ID, GROUP_ID_NOT_FOUND -> FORGOTTEN;
            case UNKNOWN_SERVER_ERROR -> TRY_AGAIN; // it may pass; a member that gave up would not come back
            default ->
                switch (code.recovery()) {
                    case RETRY_SAME, REFRESH_METADATA -> TRY_AGAIN;
                    case FIND_COORDINATOR -> MOVED;
                    case REJOIN_GROUP -> REBALANCE;
                    case GIVE_UP -> FATAL;
                };
        };
    }

    /** Whether the membership that was used in the call is over, so that nothing may be committed under it any more. */
    boolean lost() {
        return this == GENERATION_PASSED || this == FORGOTTEN;
    }
}
