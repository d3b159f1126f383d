package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.Retry.Outcome;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class RetryTest {
    private static final ClientConfig CONFIG = ClientConfig.builder("localhost:9092")
            .retryBackoff(Duration.ofMillis(1))
            .retryBackoffMax(Duration.ofMillis(4))
            .build();
    private static final Duration ENOUGH = Duration.ofSeconds(20);

    private final AtomicInteger tries = new AtomicInteger();

    private static Retry within(Duration time) {
        return Retry.of(CONFIG, Deadline.after(time));
    }

    private static KafkaException error(ErrorCode code) {
        return new KafkaException.BrokerError(code, "a test");
    }

    /** Throws this until the third try. */
    private int thirdTime(KafkaException failure) {
        if (tries.incrementAndGet() < 3) {
            throw failure;
        }
        return 42;
    }

    @ParameterizedTest
    @EnumSource(
            names = {"COORDINATOR_LOAD_IN_PROGRESS", "NOT_LEADER_OR_FOLLOWER", "NOT_COORDINATOR", "UNKNOWN_TOPIC_ID"})
    void whatPassesIsTriedAgain(ErrorCode code) throws Exception {
        Retry retry = within(ENOUGH);
        assertThat(retry.run(() -> thirdTime(error(code)))).isEqualTo(42);
        assertThat(retry.failures()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "GROUP_AUTHORIZATION_FAILED",
                "UNKNOWN_MEMBER_ID",
                "INVALID_FETCH_SESSION_EPOCH",
                "SHARE_SESSION_NOT_FOUND",
                "INCONSISTENT_CLUSTER_ID"
            })
    void whatDoesNotPassIsThrownAtOnce(ErrorCode code) {
        KafkaException failure = error(code);
        assertThatThrownBy(() -> within(ENOUGH).run(() -> thirdTime(failure))).isSameAs(failure);
        assertThat(tries).hasValue(1);
    }

    @Test
    void theLastFailureIsThrownAtTheDeadline() {
        assertThatThrownBy(() -> within(Duration.ofMillis(200)).run(() -> {
                    throw new KafkaException.ConnectionBroken("a:1", "try " + tries.incrementAndGet(), null);
                }))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessage("a:1: try " + tries.get());
        assertThat(tries.get()).isGreaterThan(1);
    }

    @Test
    void aTryThatTheDeadlineEndedDoesNotHideWhatWasWrongBefore() {
        Deadline deadline = Deadline.after(Duration.ofMillis(200));
        assertThatThrownBy(() -> Retry.of(CONFIG, deadline).run(() -> {
                    if (tries.incrementAndGet() == 1) {
                        throw error(ErrorCode.NOT_COORDINATOR);
                    }
                    while (!deadline.passed()) {
                        Thread.onSpinWait();
                    }
                    throw new KafkaException.RequestTimedOut("a test", Duration.ZERO);
                }))
                .hasMessageContaining("NOT_COORDINATOR");
    }

    @Test
    void halfAResultIsGivenBackWhenThereIsNoTimeForAnotherTry() throws Exception {
        String result = within(Duration.ofMillis(100)).runUntilDone(() -> {
            tries.incrementAndGet();
            return new Outcome.Again<>(error(ErrorCode.NOT_COORDINATOR), "half");
        });
        assertThat(result).isEqualTo("half");
        assertThat(tries.get()).isGreaterThan(1);
    }

    @Test
    void whatTheAttemptCallsOverIsNotTriedAgain() {
        KafkaException passing = error(ErrorCode.NOT_COORDINATOR);
        assertThatThrownBy(() -> within(ENOUGH).runUntilDone(() -> {
                    tries.incrementAndGet();
                    return new Outcome.Over<>(passing);
                }))
                .isSameAs(passing);
        assertThat(tries).hasValue(1);
    }

    @Test
    void anUnknownTopicIsBelievedAfterAFewLooksAndLongBeforeTheDeadline() {
        long begun = System.nanoTime();
        assertThatThrownBy(() -> Retry.of(ClientConfig.of("localhost:9092"), Deadline.after(Duration.ofMinutes(5)))
                        .run(() -> {
                            tries.incrementAndGet();
                            throw error(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
                        }))
                .hasMessageContaining("UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(tries.get()).isGreaterThanOrEqualTo(4);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void anInterruptEndsTheWaitBetweenTries() throws Exception {
        ClientConfig slow = ClientConfig.builder("localhost:9092")
                .retryBackoff(Duration.ofMinutes(2))
                .retryBackoffMax(Duration.ofMinutes(2))
                .build();
        CountDownLatch failedOnce = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Scope scope = Scope.open("retry")) {
            scope.go("caller", () -> {
                try {
                    Retry.of(slow, Deadline.after(Duration.ofMinutes(9))).run(() -> {
                        failedOnce.countDown();
                        throw error(ErrorCode.NOT_COORDINATOR);
                    });
                } catch (InterruptedException _) {
                    interrupted.countDown();
                }
            });
            assertThat(failedOnce.await(10, TimeUnit.SECONDS)).isTrue();
            scope.cancel();
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
