package dev.kafkaloom.storage.file;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StoredRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A process to be killed: stores what comes after what it last stored, and handles what it takes. Says in a file, each with one write that
 * outlives it: {@code stored PARTITION NEXT} when an append has returned, {@code handled PARTITION OFFSET} before it is marked as done.
 */
public final class StoringChild {
    private static final int STRETCH = 20;

    private StoringChild() {}

    /** Arguments: the storage's folder, the file for what it says, then for each partition where to go on. */
    public static void main(String[] arguments) throws Exception {
        try (Scope scope = Scope.open("child");
                FileChannel says =
                        FileChannel.open(Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            FileStorage storage = FileStorage.open(
                    new StorageConfig.File(Path.of(arguments[0]), 1 << 22, 5_000, 1 << 16), "g", scope);
            for (int i = 2; i < arguments.length; i++) {
                TopicPartition partition = new TopicPartition("orders", i - 2);
                long from = Long.parseLong(arguments[i]);
                scope.go("appender", () -> append(storage, partition, from, says));
            }
            scope.go("sinker", () -> sink(storage, says));
            scope.go("sinker", () -> sink(storage, says));
            while (System.in.read() >= 0) {
                // until whoever started it ends
            }
        }
    }

    private static void append(FileStorage storage, TopicPartition partition, long from, FileChannel says)
            throws Exception {
        long committed = from;
        for (long first = from; true; first += STRETCH) {
            storage.append(Uuid.ZERO, StoredRecords.range(partition, 1, first, first + STRETCH, committed), () -> true);
            say(says, "stored " + partition.partition() + " " + (first + STRETCH));
            committed = first;
        }
    }

    private static void sink(FileStorage storage, FileChannel says) throws Exception {
        while (true) {
            try (Lease lease = storage.take(50, Duration.ofSeconds(1))) {
                if (lease != null) {
                    lease.passOn();
                    for (ConsumedRecord record : lease.records()) {
                        say(says, "handled " + record.partition().partition() + " " + record.offset());
                        lease.done(record.offset());
                    }
                }
            }
        }
    }

    private static void say(FileChannel says, String what) throws IOException {
        says.write(ByteBuffer.wrap((what + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
