package dev.kafkaloom.client;

import dev.kafkaloom.client.Coordinators.Kind;
import dev.kafkaloom.client.Retry.Outcome;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Requests that span brokers: splits them, asks all brokers at once, asks again what belonged elsewhere, and joins the answers into one.
 * What is particular to an API is its {@link Span}. Thread-safe.
 */
final class Spans {
    /** Which failures a call goes on after, until its deadline; those that do not pass end it in any case. */
    enum Persistence {
        /** What may work later. */
        CALL,
        /** Only what another broker is responsible for, or what is not yet ready. */
        EXCHANGE,
        /** None: every broker is asked once. */
        ONCE;

        private boolean goesOnAfter(KafkaException failure) {
            return switch (this) {
                case CALL -> true;
                case EXCHANGE -> saysElsewhere(failure);
                case ONCE -> false;
            };
        }
    }

    private final ClientConfig config;
    private final Metadata metadata;
    private final Router router;
    private final SpanPart.Sender sender;
    private final Places places;

    Spans(ClientConfig config, Metadata metadata, Router router, SpanPart.Sender sender) {
        this.config = config;
        this.metadata = metadata;
        this.router = router;
        this.sender = sender;
        this.places = new Places(metadata, router, this::findCoordinators);
    }

    /**
     * The joined answer. An item that was not answered has an error code in it.
     *
     * @throws KafkaException when nothing was answered, or the response has no place for what went wrong with an item
     */
    <R extends Response> Exchange<R> ask(
            Request<R> request, CallOptions options, Persistence persistence, Deadline deadline)
            throws InterruptedException {
        return ask(request, options, persistence, null, deadline);
    }

    /**
     * The answer in which no item has an error.
     *
     * @param context what to say in front of the error of an item of this name
     * @throws KafkaException the failure of an item, as soon as it is known that it does not pass
     */
    <R extends Response> R askForAll(
            Request<R> request, CallOptions options, Function<Object, String> context, Deadline deadline)
            throws InterruptedException {
        return ask(request, options, Persistence.CALL, context, deadline).response();
    }

    private <R extends Response> Exchange<R> ask(
            Request<R> request,
            CallOptions options,
            Persistence persistence,
            Function<Object, String> context,
            Deadline deadline)
            throws InterruptedException {
        Span<?, R, ?, ?> span = SpanTable.of(request, () -> brokers(deadline));
        return run(span, request, options, persistence, context, deadline);
    }

    @SuppressWarnings("unchecked") // the span was chosen by the request's class
    private <Q extends Request<R>, R extends Response, I, A> Exchange<R> run(
            Span<?, R, ?, ?> chosen,
            Request<R> request,
            CallOptions options,
            Persistence persistence,
            Function<Object, String> context,
            Deadline deadline)
            throws InterruptedException {
        var call = new SpanCall<>((Span<Q, R, I, A>) chosen, (Q) request, options, deadline, places, sender, context);
        boolean replaceable =
                persistence != Persistence.ONCE && router.isReplaceable(new Route.AnyBroker(), request.api());
        Retry retry = Retry.of(config, deadline);
        Refusals refusals = new Refusals(request.api());
        return retry.runUntilDone(() -> {
            Deadline any = replaceable ? deadline.within(router.patience(retry.failures())) : deadline;
            return persistent(call.round(retry.failures(), any), persistence, refusals);
        });
    }

    /** Goes on, or is content with what there is. */
    private static <T> Outcome<T> persistent(Outcome<T> outcome, Persistence persistence, Refusals refusals) {
        if (!(outcome instanceof Outcome.Again<T>(KafkaException why, T otherwise))) {
            return outcome;
        }
        Outcome<T> next = persistence.goesOnAfter(why) ? outcome : new Outcome.Over<>(why);
        if (why instanceof KafkaException.ConnectionBroken broken
                && refusals.<T>count(broken) instanceof Outcome.Over<T> refused) {
            next = refused;
        }
        return next instanceof Outcome.Over<T> && otherwise != null ? new Outcome.Done<>(otherwise) : next;
    }

    private static boolean saysElsewhere(KafkaException failure) {
        return failure instanceof KafkaException.BrokerError error
                && (ResponseErrors.saysElsewhere(error.code()) || error.code() == ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    /** The brokers of now: one that joined a moment ago must not be passed over. */
    private List<Integer> brokers(Deadline deadline) throws InterruptedException {
        Cluster cluster = metadata.usable(deadline);
        Duration age = Duration.between(cluster.loadedAt(), Instant.now());
        if (age.compareTo(config.retryBackoff()) > 0) {
            cluster = metadata.renewed(cluster, deadline);
        }
        return List.copyOf(cluster.brokers().keySet());
    }

    private Map<String, KafkaException> findCoordinators(Kind kind, Collection<String> names, Deadline deadline)
            throws InterruptedException {
        Exchange<FindCoordinatorResponse> found =
                ask(Coordinators.request(kind, names), CallOptions.DEFAULT, Persistence.ONCE, deadline);
        return router.coordinators().learn(kind, found.response());
    }
}
