package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.Storage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a storage now and then what is committed, and looks whether it has lost some of that, as a Redis may that was killed: on a partition
 * that gets no more records nobody would notice. What is lost is read again. {@link #run} is the body of {@code storage/losses}.
 */
final class LossWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LossWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Moves the position of a partition; false when it is not this process's. */
    interface Seeking {
        boolean seek(TopicPartition partition, long offset);
    }

    private final Storage storage;
    private final Supplier<GroupSnapshot> group;
    private final Seeking seeking;
    private final Map<TopicPartition, Long> told = new HashMap<>();

    LossWatch(Storage storage, Supplier<GroupSnapshot> group, Seeking seeking) {
        this.storage = storage;
        this.group = group;
        this.seeking = seeking;
    }

    void run() throws InterruptedException {
        while (true) {
            Thread.sleep(PAUSE);
            look();
        }
    }

    void look() {
        group.get().members().forEach(member -> member.committed().forEach(this::look));
    }

    private void look(TopicPartition partition, long committed) {
        if (!Objects.equals(told.put(partition, committed), committed)) {
            storage.committed(partition, committed);
        }
        storage.lostSince(partition, committed).ifPresent(from -> {
            boolean moved = seeking.seek(partition, from);
            LOG.warn(
                    "{} is committed up to {}, but the storage has lost what it had from {} on; {}",
                    partition,
                    committed,
                    from,
                    moved ? "it is read again" : "its next owner reads it again");
        });
    }
}
