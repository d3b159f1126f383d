package dev.kafkaloom.client;

import dev.kafkaloom.client.Retry.Outcome;
import dev.kafkaloom.client.Span.Failure;
import dev.kafkaloom.client.SpanPart.Answered;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One call of a request that spans brokers. In each round it finds out where the open items belong, asks all those brokers at once, and
 * keeps what was answered; what another broker is responsible for, or what may work later, is left to the next round. Used by one thread;
 * only the parts of a round run on threads of their own.
 */
final class SpanCall<Q extends Request<R>, R extends Response, I, A> {
    private static final Route ANY = new Route.AnyBroker();

    private final Span<Q, R, I, A> span;
    private final Q request;
    private final CallOptions options;
    private final Deadline deadline;
    private final Places places;
    private final SpanPart.Sender sender;
    private final Function<Object, String> context; // null: items may fail, the response says so
    private final List<SpanItem<I, A>> items;
    private final Map<Object, SpanItem<I, A>> byName = new HashMap<>();
    private final List<Answered<R, I, A>> answered = new ArrayList<>();
    private final List<A> unasked = new ArrayList<>(); // a broker may answer more than was asked
    private boolean alone;

    /** {@code context}: all items or none are wanted, and this is said in front of an item's error; null: errors stay in the response. */
    SpanCall(
            Span<Q, R, I, A> span,
            Q request,
            CallOptions options,
            Deadline deadline,
            Places places,
            SpanPart.Sender sender,
            Function<Object, String> context) {
        this.span = span;
        this.request = request;
        this.options = options;
        this.deadline = deadline;
        this.places = places;
        this.sender = sender;
        this.context = context;
        this.items = itemsOf(request);
    }

    private List<SpanItem<I, A>> itemsOf(Q asked) {
        Map<Object, SpanItem<I, A>> all = new LinkedHashMap<>();
        for (I each : span.asked().in().apply(asked)) {
            List<Object> names = span.asked().names().apply(each);
            SpanItem<I, A> item = all.computeIfAbsent(
                    names.getFirst(), name -> new SpanItem<>(name, span.route().apply(asked, each)));
            item.asked().add(each);
            names.forEach(name -> byName.put(name, item));
        }
        return List.copyOf(all.values());
    }

    /**
     * One round; what it could not bring is {@link Outcome.Again}.
     *
     * @param failures     how many rounds have failed before
     * @param replaceable  by when a broker has to answer that another could replace
     */
    Outcome<Exchange<R>> round(int failures, Deadline replaceable) throws InterruptedException {
        try {
            Places.Found found = places.find(
                    items.isEmpty() ? List.of(ANY) : open().map(SpanItem::route).toList(), failures, deadline);
            if (items.isEmpty()) { // nothing is asked, which any broker can answer
                BrokerAddress any = found.brokers().get(ANY);
                return new Outcome.Done<>(sender.send(any, request.api(), _ -> request, options, replaceable));
            }
            List<SpanPart<Q, R, I, A>> parts = split(found, replaceable);
            send(parts);
            parts.forEach(this::take);
            items.forEach(item -> judge(item, found.generation()));
            return outcome(parts);
        } catch (KafkaException e) {
            return isFatal(e) ? new Outcome.Over<>(e) : new Outcome.Again<>(e, context == null ? joinedOrNull() : null);
        }
    }

    private Outcome<Exchange<R>> outcome(List<SpanPart<Q, R, I, A>> parts) {
        List<SpanItem<I, A>> failed =
                items.stream().filter(item -> item.failure() != null).toList();
        for (SpanItem<I, A> item : failed) {
            if (item.isSettled() && (context != null || isFatal(item.failure()))) {
                return new Outcome.Over<>(item.failure());
            }
        }
        if (isOneExchange(parts)) {
            return new Outcome.Done<>(answered.getFirst().exchange());
        }
        List<SpanItem<I, A>> open = open().toList();
        if (open.isEmpty()) {
            return answered.isEmpty() ? new Outcome.Over<>(failed.getFirst().failure()) : new Outcome.Done<>(joined());
        }
        return new Outcome.Again<>(why(open), context == null ? joinedOrNull() : null);
    }

    /** Whether the first answer says it all: then it is handed on as it came. */
    private boolean isOneExchange(List<SpanPart<Q, R, I, A>> parts) {
        return parts.size() == 1
                && !alone
                && answered.size() == 1
                && answered.getFirst().items().size() == items.size()
                && items.stream().allMatch(SpanItem::isSettled);
    }

    // ---- asking

    private Stream<SpanItem<I, A>> open() {
        return items.stream().filter(item -> !item.isSettled());
    }

    private List<SpanPart<Q, R, I, A>> split(Places.Found found, Deadline replaceable) {
        Map<BrokerAddress, SpanPart<Q, R, I, A>> parts = new LinkedHashMap<>();
        open().forEach(item -> {
            BrokerAddress broker = found.brokers().get(item.route());
            item.askedAt(broker);
            if (broker != null) {
                Deadline end = item.route().equals(ANY) ? replaceable : deadline;
                parts.computeIfAbsent(broker, _ -> new SpanPart<>(span, request, broker, end))
                        .items()
                        .add(item);
            } else {
                item.failed(told(item, found.failures().get(item.route())));
            }
        });
        return List.copyOf(parts.values());
    }

    private void send(List<SpanPart<Q, R, I, A>> parts) throws InterruptedException {
        if (parts.size() == 1) {
            SpanPart<Q, R, I, A> only = parts.getFirst();
            only.run(sender, only.items().size() == items.size(), options);
            return;
        }
        try (Scope scope = Scope.open("split-" + request.api().apiName())) {
            for (SpanPart<Q, R, I, A> part : parts) {
                scope.go(
                        "split/" + request.api().apiName() + "/" + part.broker().name(),
                        () -> part.run(sender, false, options));
            }
            scope.join();
            scope.failure().ifPresent(SpanCall::rethrow);
        }
    }

    private static void rethrow(Throwable failure) {
        throw failure instanceof RuntimeException e
                ? e
                : new IllegalStateException("a part of a request failed", failure);
    }

    // ---- what came of it

    private void take(SpanPart<Q, R, I, A> part) {
        alone |= part.isAlone();
        for (Answered<R, I, A> each : part.answers()) {
            answered.add(each);
            for (A answer : span.answered().in().apply(each.response())) {
                take(answer, each.items());
            }
            ErrorCode whole = ErrorCode.of(each.response().errorCode());
            for (SpanItem<I, A> item : each.items()) {
                ErrorCode error = errorOf(item, whole);
                if (error != ErrorCode.NONE) {
                    item.failed(told(
                            item,
                            new KafkaException.BrokerError(
                                    error, what(item) + " at " + each.exchange().broker())));
                }
            }
        }
        if (part.failure() != null) {
            part.left().forEach(item -> item.failed(part.failure()));
        }
    }

    private void take(A answer, List<SpanItem<I, A>> asked) {
        List<Object> names = span.answered().names().apply(answer);
        SpanItem<I, A> item = names.isEmpty() ? asked.getFirst() : null;
        for (Object name : names) {
            item = item == null ? byName.get(name) : item;
        }
        if (item == null) {
            unasked.add(answer);
        } else {
            item.answer(answer);
        }
    }

    private ErrorCode errorOf(SpanItem<I, A> item, ErrorCode whole) {
        if (item.answers().isEmpty()) {
            return whole;
        }
        return item.answers().stream()
                .map(answer -> ErrorCode.of((short) span.error().applyAsInt(answer)))
                .filter(ErrorCode::isError)
                .findFirst()
                .orElse(ErrorCode.NONE);
    }

    private String what(SpanItem<I, A> item) {
        return request.api().apiName() + " of " + item.name();
    }

    /** Where the caller has words of its own for an item, a broker's error is told with them. */
    private KafkaException told(SpanItem<I, A> item, KafkaException failure) {
        return context != null && failure instanceof KafkaException.BrokerError error
                ? new KafkaException.BrokerError(error.code(), context.apply(item.name()))
                : failure;
    }

    /** Is this item done with, or has it to be asked for again, and where? */
    private void judge(SpanItem<I, A> item, long generation) {
        KafkaException failure = item.failure();
        if (item.isSettled()) {
            return;
        }
        if (failure == null || !isAskedAgain(failure)) {
            item.settle();
        } else {
            places.failed(item.route(), item.broker(), generation, failure);
        }
    }

    private boolean isAskedAgain(KafkaException failure) {
        if (failure instanceof KafkaException.BrokerError error) {
            // the epoch is in the request: only who wrote it can write another
            return Retry.passes(failure)
                    && error.code() != ErrorCode.FENCED_LEADER_EPOCH
                    && span.again().test(error.code());
        }
        return Retry.passes(failure);
    }

    private static boolean isFatal(KafkaException failure) {
        return failure instanceof KafkaException.Closed
                || failure instanceof KafkaException.InvalidRequest
                || failure instanceof KafkaException.MalformedMessage;
    }

    /** An unknown topic ends a call soon: wanted is the reason that leaves most time, unless all items are wanted or none. */
    private KafkaException why(List<SpanItem<I, A>> open) {
        Comparator<KafkaException> mostTime = Comparator.comparing(Retry::isUnknownTopic);
        return open.stream()
                .map(SpanItem::failure)
                .min(context == null ? mostTime : mostTime.reversed())
                .orElseThrow();
    }

    // ---- the joined answer

    /** Null when nothing was answered, or an item failed that the response has no place for. */
    private Exchange<R> joinedOrNull() {
        if (answered.isEmpty()) {
            return null;
        }
        try {
            return joined();
        } catch (KafkaException _) {
            return null;
        }
    }

    private Exchange<R> joined() {
        List<A> all = new ArrayList<>();
        for (SpanItem<I, A> item : items) {
            if (!item.answers().isEmpty() || item.failure() == null) {
                all.addAll(item.answers());
            } else {
                all.addAll(missing(item));
            }
        }
        all.addAll(unasked);
        R base = answered.stream()
                .map(Answered::response)
                .max(Comparator.<R, Boolean>comparing(each -> each.errorCode() == 0)
                        .thenComparingInt(Response::throttleTimeMs))
                .orElseThrow();
        R response = span.answered().with().apply(base, all);
        return new Exchange<>(response, version(), answeredBy(response));
    }

    private List<A> missing(SpanItem<I, A> item) {
        List<A> answers = span.failed().apply(item.asked().getFirst(), Failure.of(item.failure()));
        if (answers == null) {
            throw item.failure();
        }
        return answers;
    }

    /** One in which the joined response can be shown. */
    private short version() {
        int highest = answered.stream()
                .mapToInt(each -> each.exchange().version())
                .max()
                .orElseThrow();
        return (short) (alone ? Math.max(highest, span.alone().until() + 1) : highest);
    }

    /** Any of those who answered; where the response as a whole is an error, who said so. */
    private BrokerAddress answeredBy(R response) {
        return answered.stream()
                .map(Answered::exchange)
                .filter(each -> each.response().errorCode() == response.errorCode())
                .findFirst()
                .orElse(answered.getFirst().exchange())
                .broker();
    }
}
