package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.message.ApiKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that are not the ones that were read: truncated by a new leader, or of a topic made anew. */
class LostPositionTest {
    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    private final List<LostPosition> lost = new CopyOnWriteArrayList<>();

    /** Before 2.7 the leader has to be asked, from then on a fetch tells. */
    @ParameterizedTest
    @ValueSource(strings = {"2.4.1", "2.6.2", "2.8.2", "4.3.1"})
    void aTruncatedLogIsToldByNameAndReadFromWhereTheLogsPart(String release) {
        fake.one.release(release).on(ApiKey.OFFSET_FOR_LEADER_EPOCH, fake.log::epochEnds);
        fake.log.append(0, 20);
        start(StartAt.offset(0));
        fake.awaitSeen(T0, 20);

        fake.log.truncate(0, 12).append(0, 10); // longer than it was

        await().atMost(SOON).until(() -> fake.seen.get(T0).size() == 30);
        assertThat(fake.seen.get(T0).subList(20, 30))
                .isEqualTo(LongStream.range(12, 22).boxed().toList());
        assertThat(lost).containsExactly(new LostPosition.Truncated(new StartAt(20, 3), 12, 3));
        assertThat(lost.getFirst().why())
                .isEqualTo(
                        "was truncated: offset 20 was reached in leader epoch 3, the log of the new leader ends at 12"
                                + " in epoch 3; the records from 12 to 19 were replaced or lost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.6.2", "4.3.1"})
    void aCommittedOffsetIsHeldAgainstTheLeadersLogByItsEpoch(String release) {
        fake.one.release(release).on(ApiKey.OFFSET_FOR_LEADER_EPOCH, fake.log::epochEnds);
        fake.log.append(0, 20).truncate(0, 12);
        fake.log.append(0, 20);

        start(new StartAt(18, 3));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(fake.seen.get(T0))
                        .isEqualTo(LongStream.range(12, 32).boxed().toList()));
        assertThat(lost).containsExactly(new LostPosition.Truncated(new StartAt(18, 3), 12, 3));
    }

    @Test
    void whereNothingIsToBeResetTheTruncatedPartitionStopsByName() {
        fake.log.append(0, 20).truncate(0, 12);
        PartitionLoop loop = fake.loop(
                Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope),
                new StartAt(18, 3),
                new Policy(
                        (partition, position) -> {
                            throw new IllegalStateException(partition + " " + position.why());
                        },
                        OnCorrupt.STOP,
                        500));

        await().atMost(SOON).until(() -> loop.failure().isPresent());
        assertThat(loop.failure().orElseThrow()).hasMessageStartingWith("t-0 was truncated: offset 18");
        assertThat(fake.seen).isEmpty();
    }

    @Test
    void anEpochThatNothingWasWrittenInIsNoTruncation() {
        fake.log.append(0, 12).truncate(0, 12); // epoch 4
        fake.log.truncate(0, 12); // epoch 5
        fake.log.append(0, 3);

        start(new StartAt(12, 4)); // the end of the log, as the leader of epoch 4 told it

        await().atMost(SOON).untilAsserted(() -> assertThat(fake.seen.get(T0)).containsExactly(12L, 13L, 14L));
        assertThat(lost).isEmpty();
    }

    @Test
    void aTopicMadeAnewIsReadFromWhereThePolicySaysAndOldPositionsAreNotUsedOnIt() {
        fake.log.append(0, 20);
        PartitionLoop loop = start(StartAt.offset(0));
        fake.awaitSeen(T0, 20);

        fake.log.recreate();
        fake.log.append(0, 30);

        await().atMost(SOON).until(() -> fake.seen.get(T0).size() == 50);
        assertThat(fake.seen.get(T0).subList(20, 50))
                .isEqualTo(LongStream.range(0, 30).boxed().toList());
        assertThat(lost).containsExactly(new LostPosition.Recreated(new StartAt(20, 3), FakeLog.ID, fake.log.id()));
        assertThat(loop.snapshot().state()).isEqualTo("fetching");
    }

    @Test
    void aTopicMadeAnewIsNoticedByItsEpochsWhereThereAreNoIds() {
        fake.one.release("2.6.2").on(ApiKey.OFFSET_FOR_LEADER_EPOCH, fake.log::epochEnds);
        fake.log.nameless();
        fake.log.append(0, 20);
        Policy policy = new Policy(
                (_, position) -> {
                    lost.add(position);
                    return StartAt.offset(0);
                },
                OnCorrupt.STOP,
                500);
        fake.loop(Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope), StartAt.offset(0), policy);
        fake.awaitSeen(T0, 20);

        fake.log.recreate();
        fake.log.append(0, 30); // more than the old one had

        await().atMost(SOON).until(() -> fake.seen.get(T0).size() == 50);
        assertThat(lost).containsExactly(new LostPosition.OutOfRange(new StartAt(20, 3)));
    }

    private PartitionLoop start(StartAt at) {
        Policy policy = new Policy(
                (_, position) -> {
                    lost.add(position);
                    return switch (position) {
                        case LostPosition.Truncated truncated ->
                            new StartAt(truncated.endOffset(), truncated.endEpoch());
                        case LostPosition.Recreated _ -> StartAt.offset(0);
                        case LostPosition.OutOfRange _ -> throw new AssertionError(position.why());
                    };
                },
                OnCorrupt.STOP,
                500);
        return fake.loop(Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope), at, policy);
    }
}
