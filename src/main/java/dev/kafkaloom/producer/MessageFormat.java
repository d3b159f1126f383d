package dev.kafkaloom.producer;

import dev.kafkaloom.network.VersionRange;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.Compression;

/**
 * What a broker takes, by the versions of Produce it knows.
 *
 * @param magic message format: v2 since Produce v3 (Kafka 0.11), v1 with Produce v2 (0.10), else v0
 * @param highest the broker's highest Produce version
 */
record MessageFormat(byte magic, short highest) {
    private static final int FIRST_WITH_ZSTD = 7;

    static MessageFormat of(VersionRange produce) {
        int magic = produce.highest() >= 3 ? 2 : produce.highest() == 2 ? 1 : 0;
        return new MessageFormat((byte) magic, produce.highest());
    }

    /** Refuses a codec that the broker would not read. */
    void check(Compression compression) {
        if (compression == Compression.ZSTD && highest < FIRST_WITH_ZSTD) {
            throw new KafkaException.InvalidRequest("compression zstd exists since Kafka 2.1, and the broker is older");
        }
    }
}
