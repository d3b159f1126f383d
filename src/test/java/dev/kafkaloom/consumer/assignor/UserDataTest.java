package dev.kafkaloom.consumer.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.junit.jupiter.api.Test;

/** What members of other clients write about what they had, and whether they read ours. */
class UserDataTest {
    private static final Assignor STICKY = Assignors.named("sticky");
    private static final Assignor COOPERATIVE = Assignors.named("cooperative-sticky");
    private static final List<TopicPartition> PARTITIONS =
            List.of(new TopicPartition("a", 0), new TopicPartition("a", 2), new TopicPartition("b", 1));
    private static final Owned OWNED = new Owned(PARTITIONS, 17);

    @Test
    void aStickyMemberOfTheJavaClientIsUnderstood() {
        Subscriber member = member(writtenBy(new org.apache.kafka.clients.consumer.StickyAssignor()));

        Owned read = Claims.ofSticky(member);

        assertThat(read.generation()).isEqualTo(17);
        assertThat(read.partitions()).containsExactlyInAnyOrderElementsOf(PARTITIONS);
    }

    @Test
    void oursIsForTheJavaClientsStickyWhatItWouldHaveWritten() {
        Topics topics = Topics.of(Map.of("a", 3, "b", 2));
        Subscriber had = member(STICKY.userData(OWNED));
        Subscriber other = Subscriber.of("other", List.of("a", "b"));

        var theirs = Kafkas.assign(new org.apache.kafka.clients.consumer.StickyAssignor(), topics, List.of(had, other));

        assertThat(theirs.get("me")).isEqualTo(PARTITIONS); // by turns it would have been another three
    }

    @Test
    void theGenerationOfACooperativeMemberIsWrittenAsTheJavaClientDoes() {
        assertThat(COOPERATIVE.userData(OWNED))
                .isEqualTo(writtenBy(new org.apache.kafka.clients.consumer.CooperativeStickyAssignor()));
        assertThat(COOPERATIVE.userData(Owned.NOTHING))
                .isEqualTo(new org.apache.kafka.clients.consumer.CooperativeStickyAssignor()
                        .subscriptionUserData(Set.of("a")));
    }

    @Test
    void aStickyMemberThatHadNothingYetSaysNothing() {
        assertThat(STICKY.userData(Owned.NOTHING)).isNull();
        assertThat(new org.apache.kafka.clients.consumer.StickyAssignor().subscriptionUserData(Set.of("a")))
                .isNull();
        assertThat(Claims.ofSticky(member(null))).isEqualTo(Owned.NOTHING);
    }

    /** The first Java clients that had it, 0.11 to 2.2. */
    @Test
    void schemaZeroHasNoGeneration() {
        ByteBuffer withIt = STICKY.userData(OWNED);
        ByteBuffer without = withIt.slice(0, withIt.remaining() - Integer.BYTES);

        Owned read = Claims.ofSticky(member(without));

        assertThat(read.generation()).isEqualTo(Owned.NO_GENERATION);
        assertThat(read.partitions()).containsExactlyElementsOf(PARTITIONS);
    }

    /** Of a subscription v1, which has owned partitions but no generation: Java clients 2.4 to 3.4, and librdkafka until 2.2. */
    @Test
    void theGenerationOfACooperativeMemberIsReadFromWhatItsClientWrites() {
        ByteBuffer java = COOPERATIVE.userData(OWNED);
        ByteBuffer librdkafka = STICKY.userData(OWNED);

        assertThat(Claims.ofCooperativeSticky(owner(Owned.NO_GENERATION, java))).isEqualTo(OWNED);
        assertThat(Claims.ofCooperativeSticky(owner(Owned.NO_GENERATION, librdkafka)))
                .isEqualTo(OWNED);
        assertThat(Claims.ofCooperativeSticky(owner(Owned.NO_GENERATION, null)))
                .isEqualTo(new Owned(PARTITIONS, Owned.NO_GENERATION));
        assertThat(Claims.ofCooperativeSticky(owner(18, java))).isEqualTo(new Owned(PARTITIONS, 18));
    }

    @Test
    void nonsenseIsNoClaim() {
        for (int length = 1; length < 12; length++) {
            byte[] nonsense = new byte[length];
            Arrays.fill(nonsense, (byte) 0x7f);

            assertThat(Claims.ofSticky(member(ByteBuffer.wrap(nonsense)))).isEqualTo(Owned.NOTHING);
        }
    }

    @SuppressWarnings("removal") // there is no other way to make the metadata that an assignor is given
    private static ByteBuffer writtenBy(ConsumerPartitionAssignor theirs) {
        theirs.onAssignment(
                new Assignment(Kafkas.partitions(PARTITIONS)),
                new ConsumerGroupMetadata("group", 17, "me", Optional.empty()));
        return theirs.subscriptionUserData(Set.of("a", "b"));
    }

    private static Subscriber member(ByteBuffer userData) {
        return new Subscriber("me", null, List.of("a", "b"), List.of(), Owned.NO_GENERATION, null, userData);
    }

    private static Subscriber owner(int generation, ByteBuffer userData) {
        return new Subscriber("me", null, List.of("a", "b"), PARTITIONS, generation, null, userData);
    }
}
