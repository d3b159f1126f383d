package dev.kafkaloom.client;

import dev.kafkaloom.message.CreatePartitionsResponse;
import dev.kafkaloom.message.CreateTopicsResponse;
import dev.kafkaloom.message.DeleteGroupsResponse;
import dev.kafkaloom.message.DeleteTopicsResponse;
import dev.kafkaloom.message.DescribeGroupsResponse;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.message.OffsetCommitResponse;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException.Recovery;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds the error codes by which a whole call has failed. Codes of single partitions are the caller's matter. */
final class ResponseErrors {
    private ResponseErrors() {}

    /** The code of the response itself, or of its only group or key where that took its place. */
    static ErrorCode top(Response response) {
        short code = switch (response) {
            case OffsetFetchResponse r
            when r.groups().size() == 1 -> r.groups().getFirst().errorCode();
            case FindCoordinatorResponse r
            when r.coordinators().size() == 1 -> r.coordinators().getFirst().errorCode();
            default -> response.errorCode();
        };
        return ErrorCode.of(code);
    }

    /**
     * A code that says the whole request went to the wrong place, or came too early, though the response carries it with each of
     * its items; {@link ErrorCode#NONE} otherwise.
     */
    static ErrorCode misdirected(Response response) {
        return codes(response)
                .mapToObj(code -> ErrorCode.of((short) code))
                .filter(ResponseErrors::saysElsewhere)
                .findFirst()
                .orElse(ErrorCode.NONE);
    }

    /** Whether the same request may well succeed somewhere else, or a little later. */
    static boolean saysElsewhere(ErrorCode code) {
        return code.recovery() == Recovery.FIND_COORDINATOR
                || code == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
                || code == ErrorCode.NOT_CONTROLLER;
    }

    private static IntStream codes(Response response) {
        return switch (response) {
            case OffsetCommitResponse r ->
                r.topics().stream().flatMap(t -> t.partitions().stream()).mapToInt(p -> p.errorCode());
            case OffsetFetchResponse r ->
                Stream.concat(
                                r.topics().stream()
                                        .flatMap(t -> t.partitions().stream())
                                        .map(p -> p.errorCode()),
                                r.groups().stream().map(g -> g.errorCode()))
                        .mapToInt(Short::intValue);
            case DescribeGroupsResponse r -> r.groups().stream().mapToInt(g -> g.errorCode());
            case DeleteGroupsResponse r -> r.results().stream().mapToInt(g -> g.errorCode());
            case CreateTopicsResponse r -> r.topics().stream().mapToInt(t -> t.errorCode());
            case DeleteTopicsResponse r -> r.responses().stream().mapToInt(t -> t.errorCode());
            case CreatePartitionsResponse r -> r.results().stream().mapToInt(t -> t.errorCode());
            default -> IntStream.empty();
        };
    }
}
