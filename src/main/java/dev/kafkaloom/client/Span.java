package dev.kafkaloom.client;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * How the requests of one API are split by broker and their answers joined. {@link SpanCall} does it.
 *
 * @param asked    the items of a request
 * @param answered the answers of a response; one without a name belongs to the only item that was asked about
 * @param route    where an item belongs
 * @param error    the error code of an answer
 * @param failed   what stands in the joined response for an item that no broker answered: one answer, or an empty list when it may be
 *     left out; null: the response has no place for an error, so the call fails with it
 * @param again    which of the codes that pass ({@link Retry#passes}) are worth asking again
 * @param alone    how brokers are asked that take one item a request; null: all take several
 * @param fitted   leaves out what a broker with these versions has no field for and would not miss
 * @param <Q>      the request
 * @param <R>      the response
 * @param <I>      an item of the request
 * @param <A>      an item's answer
 */
record Span<Q extends Request<R>, R extends Response, I, A>(
        Elements<Q, I> asked,
        Elements<R, A> answered,
        BiFunction<Q, I, Route> route,
        ToIntFunction<A> error,
        BiFunction<I, Failure, List<A>> failed,
        Predicate<ErrorCode> again,
        Alone<Q, R, I> alone,
        BiFunction<Q, ApiVersions, Q> fitted) {

    /**
     * The older form of a request and its response, for one item.
     *
     * @param until    the last version that has it
     * @param ask      the request for one item in that form
     * @param answered its answer in the newer form
     */
    record Alone<Q, R, I>(int until, BiFunction<Q, ApiVersions, Q> ask, BiFunction<R, I, R> answered) {}

    /**
     * Why an item has no answer.
     *
     * @param code    the broker's, or the one that comes nearest to what happened
     * @param message for people
     */
    record Failure(short code, String message) {
        static Failure of(KafkaException why) {
            ErrorCode code = switch (why) {
                case KafkaException.BrokerError e -> e.code();
                case KafkaException.ConnectionBroken _ -> ErrorCode.NETWORK_EXCEPTION;
                case KafkaException.RequestTimedOut _ -> ErrorCode.REQUEST_TIMED_OUT;
                case KafkaException.UnsupportedVersion _ -> ErrorCode.UNSUPPORTED_VERSION;
                default -> ErrorCode.UNKNOWN_SERVER_ERROR;
            };
            return new Failure(code.code(), why.oneLine());
        }
    }

    /** An item's place does not depend on the rest of the request, every code that passes is asked again, one form fits all. */
    static <Q extends Request<R>, R extends Response, I, A> Span<Q, R, I, A> of(
            Elements<Q, I> asked,
            Elements<R, A> answered,
            Function<I, Route> route,
            ToIntFunction<A> error,
            BiFunction<I, Failure, A> failed) {
        return new Span<>(
                asked,
                answered,
                (_, item) -> route.apply(item),
                error,
                (item, why) -> List.of(failed.apply(item, why)),
                _ -> true,
                null,
                (request, _) -> request);
    }

    /** The same request to each of these brokers. One that leaves the cluster meanwhile is left out. */
    static <Q extends Request<R>, R extends Response> Span<Q, R, Integer, R> everyBroker(
            List<Integer> brokers, Function<List<R>, R> join) {
        return new Span<>(
                Elements.of(_ -> brokers, (request, _) -> request, broker -> "broker " + broker),
                new Elements<>(List::of, (_, responses) -> join.apply(responses), _ -> List.of()),
                (_, broker) -> new Route.Broker(broker),
                Response::errorCode,
                (_, why) -> why.code() == ErrorCode.BROKER_NOT_AVAILABLE.code() ? List.of() : null,
                code -> code != ErrorCode.BROKER_NOT_AVAILABLE,
                null,
                (request, _) -> request);
    }

    Span<Q, R, I, A> again(Predicate<ErrorCode> which) {
        return new Span<>(asked, answered, route, error, failed, which, alone, fitted);
    }

    Span<Q, R, I, A> alone(int until, BiFunction<Q, ApiVersions, Q> ask, BiFunction<R, I, R> joined) {
        return new Span<>(asked, answered, route, error, failed, again, new Alone<>(until, ask, joined), fitted);
    }

    Span<Q, R, I, A> fitted(BiFunction<Q, ApiVersions, Q> fit) {
        return new Span<>(asked, answered, route, error, failed, again, alone, fit);
    }

    Span<Q, R, I, A> route(BiFunction<Q, I, Route> where) {
        return new Span<>(asked, answered, where, error, failed, again, alone, fitted);
    }

    /** Whether a broker with these versions takes one item a request. */
    boolean isAlone(ApiKey api, ApiVersions versions) {
        return alone != null
                && versions.common(api)
                        .map(range -> range.highest() <= alone.until())
                        .orElse(false);
    }
}
