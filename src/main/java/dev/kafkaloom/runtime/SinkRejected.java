package dev.kafkaloom.runtime;

import dev.kafkaloom.record.ConsumedRecord;

/** The sink cannot ever handle a record, and there is nowhere to put it aside: its partition stops rather than losing it. */
public final class SinkRejected extends Exception {
    private static final long serialVersionUID = 1L;

    SinkRejected(ConsumedRecord record, String why) {
        super(
                "the sink rejected " + record.partition() + " offset " + record.offset() + ": " + why
                        + "; dead.letter.topic names no topic to put it aside in, so its partition stops rather than losing it");
    }

    /** The message says it all: for logs that show what was thrown. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message is right, its class is nothing to a reader
    public String toString() {
        return getMessage();
    }
}
