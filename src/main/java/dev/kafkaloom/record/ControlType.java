package dev.kafkaloom.record;

import java.nio.ByteBuffer;

/** What a record of a control batch says (KIP-98, KIP-595, KIP-630, KIP-853). Control batches never reach a handler. */
public enum ControlType {
    ABORT(0),
    COMMIT(1),
    LEADER_CHANGE(2),
    SNAPSHOT_HEADER(3),
    SNAPSHOT_FOOTER(4),
    KRAFT_VERSION(5),
    KRAFT_VOTERS(6),
    /** A type this client does not know; skipped like the others. */
    UNKNOWN(-1);

    private final int id;

    ControlType(int id) {
        this.id = id;
    }

    /** The key of a control record of this type. */
    public byte[] key() {
        return ByteBuffer.allocate(4).putShort(2, (short) id).array();
    }

    /** The type in the key of a control record: int16 version, int16 type. A key that is too short is {@link #UNKNOWN}. */
    public static ControlType of(LogRecord record) {
        if (record.key() == null || record.key().length < 4) {
            return UNKNOWN;
        }
        int id = ByteBuffer.wrap(record.key()).getShort(2);
        for (ControlType type : values()) {
            if (type.id == id) {
                return type;
            }
        }
        return UNKNOWN;
    }
}
