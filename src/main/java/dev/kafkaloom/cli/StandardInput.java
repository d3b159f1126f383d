package dev.kafkaloom.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;

/**
 * The standard input, whose reads end when the reader is interrupted: one of {@code System.in} goes on until something is typed, and
 * Ctrl-C would wait for that. Closed from then on.
 */
final class StandardInput extends InputStream {
    private final FileInputStream file = new FileInputStream(FileDescriptor.in);
    private final FileChannel channel = file.getChannel();

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            return channel.read(ByteBuffer.wrap(bytes, offset, length));
        } catch (ClosedByInterruptException e) {
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    /** What {@code System.in} would say, which works for pipes and terminals as well. */
    @Override
    public int available() throws IOException {
        return file.available();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
