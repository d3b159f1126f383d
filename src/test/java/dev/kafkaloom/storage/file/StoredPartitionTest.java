package dev.kafkaloom.storage.file;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredPartitionTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Uuid ID = Uuid.random();

    private final StoredPartition partition = new StoredPartition(ORDERS);

    @BeforeEach
    void storedUpTo100InAssignment1() {
        store(range(ORDERS, 1, 50, 100, 40));
    }

    private void store(RecordRange range) {
        partition.begin(ID, range);
        partition.stored(range.next());
        partition.ended(range);
    }

    @Test
    void refusesWhatFollowsALostTail() {
        partition.stored(70); // as if the rest were gone

        assertThat(partition.begin(ID, range(ORDERS, 1, 100, 110, 40))).isEqualTo(70);
    }

    @Test
    void takesWhatComesAfterARefusal() {
        partition.stored(70);
        partition.begin(ID, range(ORDERS, 1, 100, 110, 40));

        assertThat(partition.begin(ID, range(ORDERS, 1, 110, 120, 40))).isEqualTo(110);
    }

    @Test
    void goesOnWhereTheConsumerWentBackTo() {
        partition.stored(70);
        partition.begin(ID, range(ORDERS, 1, 100, 110, 40));
        RecordRange again = range(ORDERS, 1, 70, 110, 40);

        assertThat(partition.begin(ID, again)).isEqualTo(70);
    }

    @Test
    void skipsWhatIsReadAgainInANewAssignment() {
        assertThat(partition.begin(ID, range(ORDERS, 2, 40, 120, 40))).isEqualTo(100);
    }

    @Test
    void skipsWhatIsReadAgainAfterAnInterruptedAppendOfANewAssignment() {
        partition.begin(ID, range(ORDERS, 2, 90, 120, 90));
        partition.stored(110); // and then it was interrupted

        assertThat(partition.begin(ID, range(ORDERS, 2, 90, 130, 90))).isEqualTo(110);
    }

    @Test
    void movesBackWhereAGroupWasResetTo() {
        assertThat(partition.begin(ID, range(ORDERS, 2, 39, 120, 39))).isEqualTo(39);
    }

    @Test
    void forgetsTheMarkOfATopicThatWasDeleted() {
        assertThat(partition.begin(Uuid.random(), range(ORDERS, 2, 60, 70, 60))).isEqualTo(60);
    }

    @Test
    void keepsTheMarkWhenTheTopicsIdIsNotKnown() {
        assertThat(partition.begin(Uuid.ZERO, range(ORDERS, 2, 60, 70, 60))).isEqualTo(100);
    }
}
