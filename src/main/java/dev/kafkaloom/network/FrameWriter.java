package dev.kafkaloom.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Gathers frames into one write; owned by the writer thread of a connection. */
final class FrameWriter {
    private static final int STAGE_BYTES = 64 << 10;

    private final WritableByteChannel channel;
    private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE_BYTES);

    FrameWriter(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** Takes the whole frame in; what does not fit is written at once. */
    void write(ByteBuffer frame) throws IOException {
        while (frame.hasRemaining()) {
            int step = Math.min(frame.remaining(), stage.remaining());
            stage.put(stage.position(), frame, frame.position(), step);
            stage.position(stage.position() + step);
            frame.position(frame.position() + step);
            if (!stage.hasRemaining()) {
                flush();
            }
        }
    }

    void flush() throws IOException {
        stage.flip();
        while (stage.hasRemaining()) {
            channel.write(stage);
        }
        stage.clear();
    }
}
