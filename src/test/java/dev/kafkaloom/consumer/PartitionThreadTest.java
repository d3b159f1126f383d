package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.CoroutineInfo;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import java.util.List;
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
        await().atMost(SOON).until(() -> states().isEmpty());
    }

    private static void awaitRest() {
        await().atMost(SOON).until(() -> states().equals(List.of("resting")));
    }

    /** Of the partition's coroutine, as a person sees it: one, with or without a thread. */
    private static List<String> states() {
        return CoroutineRegistry.snapshot().stream()
                .filter(each -> each.name().startsWith("partition-t-0"))
                .map(CoroutineInfo::state)
                .toList();
    }
}
