package dev.kafkaloom.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FileKillTest {
    private static final int PARTITIONS = 3;
    private static final int KILLS = 3;
    private static final int LINES_A_LIFE = 2_000;
    /** Handled twice: what was in hands, and what was done since acks were written, which a slow disk makes long. */
    private static final int REPEATED_A_KILL = LINES_A_LIFE;

    @TempDir
    Path folder;

    @Test
    void losesNothingWhenItsProcessIsKilledAgainAndAgain() throws Exception {
        Path says = folder.resolve("says");
        Files.createFile(says);
        for (int kill = 0; kill < KILLS; kill++) {
            long enough = lines(says) + LINES_A_LIFE;
            try (ChildJvm child = ChildJvm.start(StoringChild.class, folder.resolve("output"), arguments(says))) {
                await().atMost(Duration.ofSeconds(40))
                        .pollInterval(Duration.ofMillis(3))
                        .until(() -> {
                            assertThat(child.isAlive()).as(child::output).isTrue();
                            return lines(says) >= enough;
                        });
                child.kill();
            }
        }
        List<List<Long>> handled = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            handled.add(said(says, "handled", i));
        }
        sinkTheRest(handled);

        for (int i = 0; i < PARTITIONS; i++) {
            Set<Long> once = new TreeSet<>(handled.get(i));
            long stored = said(says, "stored", i).getLast();
            assertThat(LongStream.range(0, stored).filter(offset -> !once.contains(offset)))
                    .as("stored in partition %d and never handled", i)
                    .isEmpty();
            assertThat(handled.get(i).size() - once.size()).isLessThan(KILLS * REPEATED_A_KILL);
        }
    }

    private List<String> arguments(Path says) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(folder.resolve("data").toString(), says.toString()));
        for (int i = 0; i < PARTITIONS; i++) {
            List<Long> stored = said(says, "stored", i);
            arguments.add(
                    Long.toString(stored.isEmpty() ? 0 : Math.max(0, stored.getLast() - 40))); // some was not committed
        }
        return arguments;
    }

    private void sinkTheRest(List<List<Long>> handled) throws Exception {
        try (Scope scope = Scope.open("end");
                FileStorage storage = FileStorage.open(
                        new StorageConfig.File(folder.resolve("data"), 1 << 30, 1_000_000, 1 << 16), "g", scope)) {
            assertThat(storage.stats().lost()).isZero();
            while (storage.stats().size() > 0) {
                try (Lease lease = storage.take(1000, Duration.ofSeconds(5))) {
                    for (ConsumedRecord record : lease.records()) {
                        handled.get(record.partition().partition()).add(record.offset());
                        lease.done(record.offset());
                    }
                }
            }
        }
    }

    private static long lines(Path says) throws IOException {
        try (var lines = Files.lines(says)) {
            return lines.count();
        }
    }

    private static List<Long> said(Path says, String what, int partition) throws IOException {
        String prefix = what + " " + partition + " ";
        try (var lines = Files.lines(says)) {
            return new ArrayList<>(lines.filter(line -> line.startsWith(prefix))
                    .map(line -> Long.parseLong(line.substring(prefix.length())))
                    .toList());
        }
    }
}
