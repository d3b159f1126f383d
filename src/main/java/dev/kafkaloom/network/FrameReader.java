package dev.kafkaloom.network;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into frames. Reads through a small direct buffer of its own: a read into a heap buffer would make the
 * JDK keep a direct one of the frame's size for each carrier thread. Owned by the reader thread of a connection.
 */
final class FrameReader {
    /** The length prefix of a frame is negative, or above the limit. */
    static final class BadLength extends IOException {
        private static final long serialVersionUID = 1L;
        private final int length;

        BadLength(int length, int limit) {
            super("a response of " + Integer.toUnsignedString(length) + " bytes, the limit is " + limit);
            this.length = length;
        }

        int length() {
            return length;
        }
    }

    private static final int STAGE_BYTES = 64 << 10;
    private static final int BELIEVED_BYTES = 8 << 20; // memory taken on the strength of an announced length alone

    private final ReadableByteChannel channel;
    private final Memory memory;
    private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE_BYTES).limit(0);

    /** Where the arrays of frames come from. */
    @FunctionalInterface
    interface Memory {
        /** An array of any length from {@code believed} or {@code length} on, whichever is less; with anything in it. */
        byte[] take(int length, int believed);
    }

    /** Every frame gets an array of its own. */
    FrameReader(ReadableByteChannel channel) {
        this(channel, (length, believed) -> new byte[Math.min(length, believed)]);
    }

    FrameReader(ReadableByteChannel channel, Memory memory) {
        this.channel = channel;
        this.memory = memory;
    }

    /**
     * The next frame without its length; null when the peer closed between two frames.
     *
     * @throws BadLength before anything is allocated for it
     * @throws EOFException when the peer closed inside a frame
     */
    ReceivedFrame next(Limit limit) throws IOException {
        while (stage.remaining() < Integer.BYTES) {
            int had = stage.remaining();
            if (!fill()) {
                if (had > 0) {
                    throw new EOFException("closed inside the length of a response");
                }
                return null;
            }
        }
        int length = stage.getInt();
        int allowed = limit.bytes();
        if (length < Integer.BYTES || length > allowed) {
            throw new BadLength(length, allowed);
        }
        byte[] frame = memory.take(length, BELIEVED_BYTES);
        int at = 0;
        while (at < length) {
            if (at == frame.length) { // so much has really come: believe twice as much
                frame = Arrays.copyOf(frame, (int) Math.min(length, 2L * at));
            }
            if (!stage.hasRemaining() && !fill()) {
                throw new EOFException("closed after " + at + " of the " + length + " bytes of a response");
            }
            int step = Math.min(stage.remaining(), Math.min(length, frame.length) - at);
            stage.get(frame, at, step);
            at += step;
        }
        return new ReceivedFrame(frame, length);
    }

    /** How long a frame may be, asked anew for each. */
    @FunctionalInterface
    interface Limit {
        int bytes();
    }

    private boolean fill() throws IOException {
        stage.compact();
        try {
            return channel.read(stage) > 0;
        } finally {
            stage.flip();
        }
    }
}
