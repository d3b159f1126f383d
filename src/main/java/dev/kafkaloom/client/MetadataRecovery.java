package dev.kafkaloom.client;

/** {@code metadata.recovery.strategy}: what to do when no known broker can be reached any more (KIP-899). */
public enum MetadataRecovery {
    /** Go on with the brokers that were known last. */
    NONE,
    /** Begin again with the configured addresses. */
    REBOOTSTRAP
}
