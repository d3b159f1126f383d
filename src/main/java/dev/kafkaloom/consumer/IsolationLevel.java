package dev.kafkaloom.consumer;

/** Which records of transactions a fetch shows: {@code isolation.level}. */
public enum IsolationLevel {
    /** Everything up to the high watermark, records of open and aborted transactions included. */
    READ_UNCOMMITTED((byte) 0),
    /** Everything up to the last stable offset, without the records of aborted transactions. */
    READ_COMMITTED((byte) 1);

    private final byte id;

    IsolationLevel(byte id) {
        this.id = id;
    }

    /** The number in a Fetch or ListOffsets request. */
    public byte id() {
        return id;
    }
}
