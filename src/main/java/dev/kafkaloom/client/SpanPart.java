package dev.kafkaloom.client;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.KafkaException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What one broker is asked of a request that spans brokers: one request, or one for each item where the broker takes no more. Written by
 * the one thread that sends it, read by the call's when that has ended.
 */
final class SpanPart<Q extends Request<R>, R extends Response, I, A> {
    /** Sends to one broker, once. */
    interface Sender {
        <R extends Response> Exchange<R> send(
                BrokerAddress broker,
                ApiKey api,
                Function<ApiVersions, Request<R>> request,
                CallOptions options,
                Deadline deadline)
                throws InterruptedException;
    }

    /** An answer, in the form for several items, and what it answers. */
    record Answered<R extends Response, I, A>(Exchange<R> exchange, R response, List<SpanItem<I, A>> items) {}

    private final Span<Q, R, I, A> span;
    private final Q request;
    private final BrokerAddress broker;
    private final Deadline deadline;
    private final List<SpanItem<I, A>> items = new ArrayList<>();
    private final List<Answered<R, I, A>> answers = new ArrayList<>();
    private List<SpanItem<I, A>> left = items;
    private boolean alone;
    private KafkaException failure;

    SpanPart(Span<Q, R, I, A> span, Q request, BrokerAddress broker, Deadline deadline) {
        this.span = span;
        this.request = request;
        this.broker = broker;
        this.deadline = deadline;
    }

    BrokerAddress broker() {
        return broker;
    }

    List<SpanItem<I, A>> items() {
        return items;
    }

    List<Answered<R, I, A>> answers() {
        return answers;
    }

    /** The items that no answer came for, when there was a failure. */
    List<SpanItem<I, A>> left() {
        return left;
    }

    /** What ended it early; null when all was answered. */
    KafkaException failure() {
        return failure;
    }

    /** Whether the items were asked about one by one. */
    boolean isAlone() {
        return alone;
    }

    /** Asks until all is answered, or something fails. {@code whole}: the request names nothing but these items. */
    void run(Sender sender, boolean whole, CallOptions options) throws InterruptedException {
        try {
            do {
                Exchange<R> exchange = sender.send(
                        broker, request.api(), versions -> form(versions, whole, options), options, deadline);
                List<SpanItem<I, A>> asked = alone ? left.subList(0, 1) : left;
                R response = exchange.response();
                R joinable = alone ? span.alone().answered().apply(response, first(asked)) : response;
                answers.add(new Answered<>(exchange, joinable, asked));
                left = left.subList(asked.size(), left.size());
            } while (!left.isEmpty());
        } catch (KafkaException e) {
            failure = e;
        }
    }

    private static <I, A> I first(List<SpanItem<I, A>> items) {
        return items.getFirst().asked().getFirst();
    }

    /** May be called more than once for one send. */
    private Q form(ApiVersions versions, boolean whole, CallOptions options) {
        if (options.version() != null) {
            return whole ? request : of(left);
        }
        alone = span.isAlone(request.api(), versions);
        if (alone) {
            return span.alone().ask().apply(of(left.subList(0, 1)), versions);
        }
        return span.fitted().apply(whole ? request : of(left), versions);
    }

    private Q of(List<SpanItem<I, A>> some) {
        return span.asked()
                .with()
                .apply(
                        request,
                        some.stream().flatMap(item -> item.asked().stream()).toList());
    }
}
