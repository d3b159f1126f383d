package dev.kafkaloom.client;

import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.KafkaException;
import java.util.ArrayList;
import java.util.List;

/** One item of a request that spans brokers, and how far it has got. Written by the thread that makes the call. */
final class SpanItem<I, A> {
    private final Object name;
    private final Route route;
    private final List<I> asked = new ArrayList<>(1); // more than one when the request names it twice
    private List<A> answers = List.of();
    private KafkaException failure;
    private BrokerAddress broker; // the last one that was asked, or was to be
    private boolean settled;

    SpanItem(Object name, Route route) {
        this.name = name;
        this.route = route;
    }

    Object name() {
        return name;
    }

    Route route() {
        return route;
    }

    List<I> asked() {
        return asked;
    }

    List<A> answers() {
        return answers;
    }

    /** Why it is not answered, or what its answer says; null when it has an answer without an error. */
    KafkaException failure() {
        return failure;
    }

    BrokerAddress broker() {
        return broker;
    }

    boolean isSettled() {
        return settled;
    }

    void askedAt(BrokerAddress where) {
        broker = where;
        answers = List.of();
        failure = null;
    }

    void answer(A answer) {
        answers = answers.isEmpty() ? List.of(answer) : with(answers, answer);
    }

    private static <A> List<A> with(List<A> answers, A another) {
        List<A> all = new ArrayList<>(answers);
        all.add(another);
        return all;
    }

    void failed(KafkaException why) {
        failure = why;
    }

    void settle() {
        settled = true;
    }
}
