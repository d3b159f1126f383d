package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static dev.kafkaloom.consumer.FakeFetching.T1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(20)
class ReadyPartitionsTest {
    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    private final ReadyPartitions ready = new ReadyPartitions();
    private PolledPartition first;
    private PolledPartition second;

    @BeforeEach
    void start() {
        Fetchers fetchers = Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope);
        Polling elsewhere = new Polling(
                Deserializing.NOTHING,
                ConsumerConfig.builder("g", List.of(FakeLog.TOPIC)).build(),
                null);
        first = partition(elsewhere, fetchers, T0);
        second = partition(elsewhere, fetchers, T1);
    }

    private PolledPartition partition(Polling polling, Fetchers fetchers, TopicPartition partition) {
        return new PolledPartition(
                polling, fake.scope, fetchers, StartAt.offset(0), new Progress(partition, 1, 0), FakeFetching.policy());
    }

    @Test
    void eachIsTakenByOneOnly() {
        ready.arrived(first);
        ready.arrived(first);

        assertThat(ready.take()).isSameAs(first);
        assertThat(ready.take()).isNull();
    }

    @Test
    void whatArrivesWhileItIsTakenIsNotForgotten() {
        ready.arrived(first);
        PolledPartition taken = ready.take();
        ready.arrived(first);

        ready.giveBack(taken, false);

        assertThat(ready.take()).isSameAs(first);
    }

    @Test
    void oneWithMoreToReadWaitsBehindTheOthers() {
        ready.arrived(first);
        ready.arrived(second);
        PolledPartition taken = ready.take();

        ready.giveBack(taken, true);

        assertThat(ready.take()).isSameAs(second);
        assertThat(ready.take()).isSameAs(first);
    }

    @Test
    void oneThatIsReadToItsEndIsNotTakenAgain() {
        ready.arrived(first);
        PolledPartition taken = ready.take();

        ready.giveBack(taken, false);

        assertThat(ready.take()).isNull();
    }

    @Test
    void anAlarmEndsEveryWait() throws Exception {
        int seen = ready.alarms();
        Coroutine one = fake.scope.go("waiting", () -> ready.await(seen, TimeUnit.HOURS.toNanos(1)));
        Coroutine other = fake.scope.go("waiting", () -> ready.await(seen, TimeUnit.HOURS.toNanos(1)));

        ready.alarm();

        assertThat(one.join(SOON)).isTrue();
        assertThat(other.join(SOON)).isTrue();
    }
}
