package dev.kafkaloom.bench;

import dev.kafkaloom.record.Compression;

/** The codecs that are measured, at the level either side takes when none is set: the same one. */
@SuppressWarnings("ImmutableEnumChecker") // a codec of kafka-clients never changes
public enum Codec {
    NONE(Compression.NONE, org.apache.kafka.common.compress.Compression.NONE),
    LZ4(Compression.LZ4, org.apache.kafka.common.compress.Compression.lz4().build()),
    ZSTD(Compression.ZSTD, org.apache.kafka.common.compress.Compression.zstd().build());

    private final Compression ours;
    private final org.apache.kafka.common.compress.Compression kafka;

    Codec(Compression ours, org.apache.kafka.common.compress.Compression kafka) {
        this.ours = ours;
        this.kafka = kafka;
    }

    Compression ours() {
        return ours;
    }

    org.apache.kafka.common.compress.Compression kafka() {
        return kafka;
    }
}
