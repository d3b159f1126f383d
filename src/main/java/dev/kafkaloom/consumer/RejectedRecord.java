package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.ConsumedRecord;

/** A record that the deserializers could not read, and for which nobody was named who takes such records. */
final class RejectedRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    RejectedRecord(ConsumedRecord record, Exception cause) {
        super(
                "the record at offset " + record.offset() + " of " + record.partition() + " cannot be deserialized: "
                        + (cause instanceof KafkaException known ? known.oneLine() : cause)
                        + "; seek behind it, or name an onRejected",
                cause);
        this.offset = record.offset();
    }

    long offset() {
        return offset;
    }
}
