package dev.kafkaloom.storage;

import java.util.Locale;

/** Where records wait for a sinker: {@code KAFKA_MESSAGE_STORAGE}. */
public enum StorageKind {
    /** Nowhere: the partition's own thread calls the sink. */
    DIRECTLY,
    /** In files of this machine. Not built yet. */
    FILE,
    /** In a Redis. Not built yet. */
    REDIS;

    /** Whether it can be used. */
    public boolean isBuilt() {
        return this == DIRECTLY;
    }

    /**
     * Reads a setting's value.
     *
     * @throws IllegalArgumentException naming what is allowed, also for what is not built yet
     */
    public static StorageKind parse(String text) {
        for (StorageKind kind : values()) {
            if (kind.name().equals(text.strip().toUpperCase(Locale.ROOT))) {
                kind.check();
                return kind;
            }
        }
        throw new IllegalArgumentException("KAFKA_MESSAGE_STORAGE: '" + text + "' is not a storage; built: DIRECTLY");
    }

    /** Throws an {@link IllegalArgumentException} that says so, when it is not built. */
    public void check() {
        if (!isBuilt()) {
            throw new IllegalArgumentException("KAFKA_MESSAGE_STORAGE: " + this + " is not built yet; built: DIRECTLY");
        }
    }
}
