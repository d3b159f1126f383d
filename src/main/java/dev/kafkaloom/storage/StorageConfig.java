package dev.kafkaloom.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** Where records wait for a sinker: {@code KAFKA_MESSAGE_STORAGE} and what belongs to it. Immutable. */
public sealed interface StorageConfig {
    /** Which of the three. */
    StorageKind kind();

    /** Nowhere: the partition's own thread, or a lane's, calls the sink. */
    record Direct() implements StorageConfig {
        @Override
        public StorageKind kind() {
            return StorageKind.DIRECTLY;
        }
    }

    /**
     * In files of this machine.
     *
     * @param dir {@code KAFKA_STORAGE_FILE_DIR}, absolute; made when it does not exist; one process at a time
     * @param limitBytes {@code KAFKA_STORAGE_FILE_LIMIT}: most bytes that records may take
     * @param limitRecords {@code KAFKA_STORAGE_FILE_LIMIT_RECORDS}
     * @param segmentBytes {@code KAFKA_STORAGE_FILE_SEGMENT}: a file is ended at about that size; whole files are deleted
     */
    record File(Path dir, long limitBytes, long limitRecords, int segmentBytes) implements StorageConfig {
        /** Checks; an {@link IllegalArgumentException} names the setting. */
        public File {
            Objects.requireNonNull(dir, "KAFKA_STORAGE_FILE_DIR");
            if (limitBytes < 1 || limitRecords < 1) {
                throw new IllegalArgumentException("KAFKA_STORAGE_FILE_LIMIT: " + limitBytes + " bytes, " + limitRecords
                        + " records: both must be positive");
            }
            if (segmentBytes < 1 << 16) {
                throw new IllegalArgumentException("KAFKA_STORAGE_FILE_SEGMENT: " + segmentBytes + " is below 65536");
            }
        }

        @Override
        public StorageKind kind() {
            return StorageKind.FILE;
        }
    }

    /**
     * In a Redis.
     *
     * @param server which one
     * @param group the consumer group: what is stored is told apart by it
     * @param pendingKey {@code KAFKA_STORAGE_REDIS_PENDING_KEY}
     * @param processingKey {@code KAFKA_STORAGE_REDIS_PROCESSING_KEY}
     * @param limitRecords {@code KAFKA_STORAGE_REDIS_LIMIT}: most records, pending and in work, over all daemons
     * @param chunkRecords {@code KAFKA_MAX_FETCH_MESSAGE_NUM}: most records of one element
     * @param leaseTimeout {@code storage.lease.timeout.ms}: after which what a dead daemon held is somebody else's
     * @param replicas {@code KAFKA_STORAGE_REDIS_WAIT}: how many replicas must have what is appended, 0: none is waited for
     */
    record Redis(
            RedisServer server,
            String group,
            String pendingKey,
            String processingKey,
            long limitRecords,
            int chunkRecords,
            Duration leaseTimeout,
            int replicas)
            implements StorageConfig {
        /** Checks; an {@link IllegalArgumentException} names the setting. */
        public Redis {
            Objects.requireNonNull(server);
            Objects.requireNonNull(group);
            if (pendingKey.isBlank() || processingKey.isBlank() || pendingKey.equals(processingKey)) {
                throw new IllegalArgumentException(
                        "KAFKA_STORAGE_REDIS_PENDING_KEY and KAFKA_STORAGE_REDIS_PROCESSING_KEY must be two different keys");
            }
            if (limitRecords < 1 || chunkRecords < 1) {
                throw new IllegalArgumentException("KAFKA_STORAGE_REDIS_LIMIT: " + limitRecords
                        + ", KAFKA_MAX_FETCH_MESSAGE_NUM: " + chunkRecords + ": both must be positive");
            }
            if (leaseTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException(
                        "storage.lease.timeout.ms: " + leaseTimeout.toMillis() + " is below 1000");
            }
        }

        @Override
        public StorageKind kind() {
            return StorageKind.REDIS;
        }
    }

    /**
     * A Redis server and how it is connected to: a {@code POOL_REDIS_n}.
     *
     * @param user {@code _USER}: empty without ACL
     * @param password {@code _AUTH}: empty without; never shown
     * @param tls {@code _TLS}
     * @param maxConnections {@code _MAX_NUMBER}
     * @param maxIdle {@code _MAX_IDLE}
     * @param minIdle {@code _MIN_IDLE}
     */
    record RedisServer(
            String name,
            String host,
            int port,
            String user,
            String password,
            int database,
            boolean tls,
            int maxConnections,
            int maxIdle,
            int minIdle) {
        /** Checks; an {@link IllegalArgumentException} names the setting. */
        public RedisServer {
            if (host.isBlank() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException(name + "_HOST: '" + host + "' and port " + port + " name no server");
            }
            if (minIdle > maxIdle || maxIdle > maxConnections) {
                throw new IllegalArgumentException(name + "_MIN_IDLE " + minIdle + ", _MAX_IDLE " + maxIdle
                        + ", _MAX_NUMBER " + maxConnections + " must not fall");
            }
        }

        /** Without the password. */
        @Override
        public String toString() {
            return name + " (" + host + ":" + port + "/" + database + (tls ? ", TLS" : "") + ")";
        }
    }
}
