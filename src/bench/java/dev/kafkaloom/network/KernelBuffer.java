package dev.kafkaloom.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.kafka.common.network.TransferableChannel;

/** A socket without the system call: what lies on the heap is copied to direct memory first, as the JDK does it. */
final class KernelBuffer implements TransferableChannel {
    private static final int BYTES = 1 << 20;

    private final ByteBuffer direct = ByteBuffer.allocateDirect(BYTES);
    private ByteArrayOutputStream record;
    private long written;

    /** What the given action writes. */
    byte[] recorded(Sending action) throws IOException {
        record = new ByteArrayOutputStream();
        action.run();
        byte[] bytes = record.toByteArray();
        record = null;
        return bytes;
    }

    /** An action that writes here. */
    @FunctionalInterface
    interface Sending {
        long run() throws IOException;
    }

    long written() {
        return written;
    }

    @Override
    public int write(ByteBuffer from) {
        int length = from.remaining();
        if (record != null) {
            byte[] copy = new byte[length];
            from.get(from.position(), copy);
            record.writeBytes(copy);
        }
        if (from.isDirect()) {
            from.position(from.limit());
        } else {
            direct.clear().put(from);
        }
        written += length;
        return length;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += write(from[i]);
        }
        return sum;
    }

    @Override
    public long write(ByteBuffer[] from) {
        return write(from, 0, from.length);
    }

    @Override
    public boolean hasPendingWrites() {
        return false;
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
