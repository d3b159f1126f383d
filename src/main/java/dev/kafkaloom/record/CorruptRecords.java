package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;

/** Inside this package: the bytes are wrong. What it hands out adds where that was and throws the public exception. */
final class CorruptRecords extends Exception {
    CorruptRecords(String what) {
        super(what, null, false, false);
    }

    KafkaException.MalformedMessage in(BatchHeader batch) {
        return new KafkaException.MalformedMessage(
                "record batch at offset " + batch.baseOffset() + " (v" + batch.magic() + ", "
                        + batch.compression().label() + ", " + batch.sizeInBytes() + " bytes)",
                getMessage());
    }
}
