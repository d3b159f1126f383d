package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.consumer.assignor.Owned;
import dev.kafkaloom.consumer.assignor.Subscriber;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerProtocolTest {

    @Test
    void subscriptionIsByteForByteTheJavaClients() {
        ByteBuffer theirs = org.apache.kafka.clients.consumer.internals.ConsumerProtocol.serializeSubscription(
                new Subscription(List.of("payments", "orders")));

        assertThat(plain("payments", "orders")).isEqualTo(theirs);
    }

    @Test
    void everythingAMemberSaysOfItselfIsByteForByteTheJavaClients() {
        ByteBuffer theirs =
                org.apache.kafka.clients.consumer.internals.ConsumerProtocol.serializeSubscription(new Subscription(
                        List.of("orders"),
                        ByteBuffer.wrap(new byte[] {1, 2, 3}),
                        List.of(theirPartition("a", 0), theirPartition("a", 2), theirPartition("b", 1)),
                        17,
                        Optional.of("rack-1")));

        assertThat(ConsumerProtocol.subscription(
                        List.of("orders"),
                        new Owned(
                                List.of(
                                        new TopicPartition("b", 1),
                                        new TopicPartition("a", 2),
                                        new TopicPartition("a", 0)),
                                17),
                        "rack-1",
                        ByteBuffer.wrap(new byte[] {1, 2, 3})))
                .isEqualTo(theirs);
    }

    @Test
    void assignmentIsByteForByteTheJavaClients() {
        ByteBuffer theirs = org.apache.kafka.clients.consumer.internals.ConsumerProtocol.serializeAssignment(
                new Assignment(List.of(theirPartition("a", 0), theirPartition("a", 2), theirPartition("b", 1))));

        assertThat(ConsumerProtocol.assignment(
                        List.of(new TopicPartition("b", 1), new TopicPartition("a", 2), new TopicPartition("a", 0))))
                .isEqualTo(theirs);
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3})
    void readsWhatTheJavaClientSubscribesInEveryVersion(short version) {
        Subscription subscription = new Subscription(
                List.of("a", "b"),
                ByteBuffer.wrap(new byte[] {1, 2, 3}),
                List.of(theirPartition("a", 0)),
                17,
                Optional.of("rack-1"));
        ByteBuffer theirs = org.apache.kafka.clients.consumer.internals.ConsumerProtocol.serializeSubscription(
                subscription, version);

        Subscriber read = subscriber(theirs);

        assertThat(read.topics()).containsExactly("a", "b");
        assertThat(read.userData()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(read.ownedPartitions()).isEqualTo(version < 1 ? List.of() : List.of(new TopicPartition("a", 0)));
        assertThat(read.generation()).isEqualTo(version < 2 ? Owned.NO_GENERATION : 17);
        assertThat(read.rack()).isEqualTo(version < 3 ? null : "rack-1");
        assertThat(theirs.position()).as("only looked at").isZero();
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3})
    void readsWhatTheJavaClientAssignsInEveryVersion(short version) {
        ByteBuffer theirs = org.apache.kafka.clients.consumer.internals.ConsumerProtocol.serializeAssignment(
                new Assignment(
                        List.of(theirPartition("b", 1), theirPartition("a", 3)), ByteBuffer.wrap(new byte[] {9})),
                version);

        assertThat(ConsumerProtocol.assignedPartitions(theirs))
                .containsExactly(new TopicPartition("a", 3), new TopicPartition("b", 1));
    }

    @Test
    void aNewerVersionWithMoreAtItsEndIsReadAsOurs() {
        ByteBuffer ours = plain("orders");
        ByteBuffer newer = ByteBuffer.allocate(ours.remaining() + 6);
        newer.put(ours).putShort(0, (short) 11).putInt(42).flip();
        newer.limit(newer.capacity());

        assertThat(subscriber(newer).topics()).containsExactly("orders");
    }

    @Test
    void theJavaClientReadsOurs() {
        var theirs = org.apache.kafka.clients.consumer.internals.ConsumerProtocol.deserializeAssignment(
                ConsumerProtocol.assignment(List.of(new TopicPartition("a", 5))));

        assertThat(theirs.partitions()).containsExactly(theirPartition("a", 5));
    }

    @Test
    void noBytesAreNoPartitions() {
        assertThat(ConsumerProtocol.assignedPartitions(ByteBuffer.allocate(0))).isEmpty();
        assertThat(ConsumerProtocol.assignedPartitions(ConsumerProtocol.assignment(List.of())))
                .isEmpty();
    }

    @Test
    void nonsenseIsAMalformedMessage() {
        assertThatThrownBy(() -> subscriber(ByteBuffer.wrap(new byte[] {0, 0, 127, 127, 127, 127})))
                .isInstanceOf(KafkaException.MalformedMessage.class);
        assertThatThrownBy(() -> subscriber(ByteBuffer.wrap(new byte[] {-1, -1})))
                .isInstanceOf(KafkaException.MalformedMessage.class);
    }

    private static ByteBuffer plain(String... topics) {
        return ConsumerProtocol.subscription(List.of(topics), Owned.NOTHING, null, null);
    }

    private static Subscriber subscriber(ByteBuffer bytes) {
        return ConsumerProtocol.subscriber("member-1", null, bytes);
    }

    private static org.apache.kafka.common.TopicPartition theirPartition(String topic, int partition) {
        return new org.apache.kafka.common.TopicPartition(topic, partition);
    }
}
