package dev.kafkaloom.storage;

/** Where records wait for a sinker: {@code KAFKA_MESSAGE_STORAGE}. */
public enum StorageKind {
    /** Nowhere: the partition's own thread, or a lane's, calls the sink. */
    DIRECTLY,
    /** In files of this machine. */
    FILE,
    /** In a Redis. */
    REDIS
}
