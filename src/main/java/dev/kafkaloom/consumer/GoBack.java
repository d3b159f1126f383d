package dev.kafkaloom.consumer;

/** Thrown by a {@link RangeHandler}: read this partition from another offset on; nothing of what was handed over is done. */
public final class GoBack extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /** {@code offset} is the next one to be read; {@code why} is logged. */
    public GoBack(long offset, String why) {
        super(why);
        this.offset = offset;
    }

    /** The next offset to be read. */
    public long offset() {
        return offset;
    }
}
