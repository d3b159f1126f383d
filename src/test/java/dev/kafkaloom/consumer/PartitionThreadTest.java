package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.CoroutineInfo;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PartitionThreadTest {
    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    @Test
    void anIdlePartitionHasNoThreadUntilThereIsMail() {
        fake.log.append(0, 10);
        PartitionLoop loop = fake.read(T0, 0);
        fake.awaitSeen(T0, 10);
        awaitRest();
        assertThat(loop.snapshot().state()).isEqualTo("fetching");

        fake.log.append(0, 10);

        fake.awaitSeen(T0, 20);
        assertThat(loop.snapshot().position()).isEqualTo(20);
    }

    @Test
    void aRestingPartitionIsSoughtAndPausedAndResumed() {
        fake.log.append(0, 10);
        PartitionLoop loop = fake.read(T0, 0);
        fake.awaitSeen(T0, 10);
        awaitRest();

        loop.pause();
        loop.seek(7);
        loop.resume();

        await().atMost(SOON).untilAsserted(() -> assertThat(fake.seen.get(T0)).endsWith(9L, 7L, 8L, 9L));
    }

    @Test
    void aRestingPartitionIsDrainedAndThenOver() throws Exception {
        fake.log.append(0, 10);
        PartitionLoop loop = fake.read(T0, 0);
        fake.awaitSeen(T0, 10);
        awaitRest();

        assertThat(loop.drain(SOON)).isTrue();

        assertThat(loop.snapshot().state()).isEqualTo("stopped");
        assertThat(loop.failure()).isEmpty();
    }

    private static void awaitRest() {
        await().atMost(SOON)
                .until(() -> CoroutineRegistry.snapshot().stream()
                        .map(CoroutineInfo::name)
                        .noneMatch(name -> name.startsWith("partition-t-0")));
    }
}
