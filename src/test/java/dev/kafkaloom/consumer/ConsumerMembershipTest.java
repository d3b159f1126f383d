package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A consumer that is polled, as a member of a group that a fake broker coordinates. */
@Timeout(30)
class ConsumerMembershipTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final TopicPartition ORDERS = new TopicPartition(ScriptedCoordinator.TOPIC, 0);

    private ScriptedCoordinator coordinator;

    @BeforeEach
    void start() throws IOException {
        coordinator = new ScriptedCoordinator("2.3.1");
    }

    @AfterEach
    void stop() throws IOException {
        coordinator.close();
    }

    @Test
    void aThreadThatIsSlowKeepsItsPartitions() throws Exception {
        Consumer<byte[], byte[]> consumer = consumer(ScriptedCoordinator.config());
        Records<byte[], byte[]> inHand = consumer.poll(SOON);
        int before = coordinator.broker.received(ApiKey.HEARTBEAT).size();

        await().atMost(SOON)
                .until(() -> coordinator.broker.received(ApiKey.HEARTBEAT).size() > before + 20);

        assertThat(inHand.count()).isEqualTo(3);
        assertThat(consumer.assignment()).containsExactly(ORDERS);
        assertThat(coordinator.broker.received(ApiKey.JOIN_GROUP)).hasSize(1);
        consumer.close();
        assertThat(commits()).containsExactly(8L);
    }

    @Test
    void closingCommitsNothingWhenCommitsAreManual() throws Exception {
        Consumer<byte[], byte[]> consumer =
                consumer(ScriptedCoordinator.config().commitMode(CommitMode.MANUAL));
        consumer.poll(SOON);

        consumer.close();

        assertThat(commits()).isEmpty();
        assertThat(coordinator.broker.received(ApiKey.LEAVE_GROUP)).hasSize(1);
    }

    @Test
    void aCommitMakesDoneWhatItsThreadGotAndWaitsForTheCoordinator() throws Exception {
        Consumer<byte[], byte[]> consumer =
                consumer(ScriptedCoordinator.config().commitMode(CommitMode.MANUAL));
        consumer.poll(SOON);

        consumer.commit();

        assertThat(commits()).containsExactly(8L);
        consumer.close();
    }

    @Test
    void aMemberThatMayNotConsumeIsThrownByPoll() {
        coordinator.next(ApiKey.JOIN_GROUP, ErrorCode.GROUP_AUTHORIZATION_FAILED);
        Consumer<byte[], byte[]> consumer = consumer(ScriptedCoordinator.config());

        assertThatThrownBy(() -> consumer.poll(SOON))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("GROUP_AUTHORIZATION_FAILED");

        consumer.close();
    }

    @Test
    void aPollWhoseConsumerCannotStartThrowsWhyAndTheNextTriesAgain() throws Exception {
        ConsumerConfig config = ScriptedCoordinator.config().topics(List.of()).build();
        Consumer<byte[], byte[]> consumer = Consumer.builder(coordinator.client, config)
                .scope(coordinator.scope)
                .subscribe();

        assertThatThrownBy(() -> consumer.poll(SOON)).hasMessageContaining("topic.names");
        assertThatThrownBy(() -> consumer.poll(SOON)).hasMessageContaining("topic.names");

        consumer.close();
    }

    @Test
    void pollsOfThreadsThatWaitEndWhenItIsClosed() throws Exception {
        Consumer<byte[], byte[]> consumer = consumer(ScriptedCoordinator.config());
        consumer.poll(SOON);
        Coroutine waiting = coordinator.scope.go("waiting", () -> {
            for (Received<byte[], byte[]> record : consumer.stream()) {
                throw new AssertionError(record.toString());
            }
        });

        consumer.close();

        assertThat(waiting.join(SOON)).isTrue();
        assertThat(waiting.failure()).isEmpty();
    }

    private Consumer<byte[], byte[]> consumer(ConsumerConfig.Builder config) {
        return Consumer.builder(coordinator.client, config.build())
                .scope(coordinator.scope)
                .subscribe();
    }

    private List<Long> commits() {
        return coordinator.commits().stream()
                .map(OffsetCommitRequest::topics)
                .map(topics -> topics.getFirst().partitions().getFirst().committedOffset())
                .toList();
    }
}
