package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(1_000);

    @Test
    void noMoreIsGrantedThanIsLeft() {
        assertThat(budget.reserve(700)).isEqualTo(700);
        assertThat(budget.reserve(700)).isEqualTo(300);
        assertThat(budget.reserve(1)).isZero();
        assertThat(budget.isUsedUp()).isTrue();
    }

    @Test
    void whatIsHereCountsBeyondTheLimitAndOnlyTheStepBelowItIsTold() {
        budget.take(1_500);
        assertThat(budget.give(400)).isFalse();
        assertThat(budget.give(200)).isTrue();
        assertThat(budget.give(200)).isFalse();
        assertThat(budget.used()).isEqualTo(700);
    }

    @Test
    void aPartitionsCapIsItsShareButNeverLessThanOneAnswer() {
        assertThat(budget.cap(100)).isEqualTo(1_000);
        budget.holds(1);
        budget.holds(1);
        assertThat(budget.cap(100)).isEqualTo(500);
        assertThat(budget.cap(600)).as("one answer's worth").isEqualTo(600);
        budget.holds(-1);
        assertThat(budget.cap(100)).isEqualTo(1_000);
    }

    @Test
    void requestsWithoutALimitNameOnlyAsManyPartitionsAsFit() {
        assertThat(budget.partitionsAtOnce(300)).isEqualTo(3);
        budget.take(900);
        assertThat(budget.partitionsAtOnce(300)).isEqualTo(1);
    }
}
