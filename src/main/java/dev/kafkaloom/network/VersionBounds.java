package dev.kafkaloom.network;

import dev.kafkaloom.message.AddPartitionsToTxnRequest;
import dev.kafkaloom.message.DeleteTopicsRequest;
import dev.kafkaloom.message.EndTxnRequest;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.LeaveGroupRequest;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.TxnOffsetCommitRequest;
import dev.kafkaloom.protocol.Uuid;

/**
 * The versions that mean what a request says. The generated writers refuse a field that a version lacks, but not where the
 * definition calls the field ignorable: Fetch v13 would drop the topic's name without a word and ask for the topic id zero.
 */
final class VersionBounds {
    private static final VersionRange ANY = VersionRange.of(0, Short.MAX_VALUE);

    private VersionBounds() {}

    static VersionRange of(Request<?> request) {
        return switch (request) {
            case ProduceRequest r -> produce(r);
            case FetchRequest r ->
                byName(
                        r.topics().stream().anyMatch(t -> unset(t.topicId()))
                                || r.forgottenTopicsData().stream().anyMatch(t -> unset(t.topicId())),
                        12);
            case OffsetCommitRequest r -> byName(r.topics().stream().anyMatch(t -> unset(t.topicId())), 9);
            case OffsetFetchRequest r -> offsetFetch(r);
            case FindCoordinatorRequest r -> r.coordinatorKeys().isEmpty() ? VersionRange.of(0, 3) : from(4);
            case LeaveGroupRequest r -> r.members().isEmpty() ? VersionRange.of(0, 2) : from(3);
            case DeleteTopicsRequest r -> r.topics().isEmpty() ? VersionRange.of(0, 5) : from(6);
            // what follows needs transaction.version 2 on the cluster, or is for brokers only (KIP-890)
            case TxnOffsetCommitRequest _, EndTxnRequest _ -> VersionRange.of(0, 4);
            case AddPartitionsToTxnRequest r -> r.transactions().isEmpty() ? VersionRange.of(0, 3) : from(4);
            default -> ANY;
        };
    }

    private static VersionRange produce(ProduceRequest request) {
        if (request.transactionalId() != null) {
            return VersionRange.of(3, 11);
        }
        return byName(request.topicData().stream().anyMatch(t -> unset(t.topicId())), 12);
    }

    private static VersionRange offsetFetch(OffsetFetchRequest request) {
        if (request.groups().isEmpty()) {
            return VersionRange.of(0, 7);
        }
        boolean names = request.groups().stream()
                .anyMatch(group ->
                        group.topics() != null && group.topics().stream().anyMatch(t -> unset(t.topicId())));
        return names ? VersionRange.of(8, 9) : from(8);
    }

    /** Where some topic has a name only, versions that know nothing but topic ids are out. */
    private static VersionRange byName(boolean names, int lastWithNames) {
        return names ? VersionRange.of(0, lastWithNames) : ANY;
    }

    private static VersionRange from(int lowest) {
        return VersionRange.of(lowest, Short.MAX_VALUE);
    }

    private static boolean unset(Uuid topicId) {
        return topicId.equals(Uuid.ZERO);
    }
}
