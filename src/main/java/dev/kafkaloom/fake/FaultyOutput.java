package dev.kafkaloom.fake;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Sends responses to a client, with their faults; owned by one thread. A frame begins with its length and its correlation id. */
final class FaultyOutput {
    private static final int NO_REQUEST_HAS_IT = 1000; // added to the proper correlation id
    private static final int BODY = 2 * Integer.BYTES;
    private static final int RATE_STEPS_A_SECOND = 20;

    private final SocketChannel channel;
    private ByteBuffer heldBack; // the response that is to change places with the next one
    private long written;
    private boolean silent;

    FaultyOutput(SocketChannel channel) {
        this.channel = channel;
    }

    /** False: close the connection. */
    boolean send(ByteBuffer frame, Fault fault) throws IOException, InterruptedException {
        if (silent) {
            return true;
        }
        boolean goesOn = switch (fault) {
            case Fault.Drop _ -> true;
            case Fault.HangUp _ -> false;
            case Fault.Reset _ -> reset();
            case Fault.BlackHole _ -> {
                silent = true;
                yield true;
            }
            case Fault.Reorder _
            when heldBack == null -> {
                heldBack = frame;
                yield true;
            }
            case Fault.Truncate _ -> {
                write(frame.limit(frame.limit() / 2));
                yield false;
            }
            case Fault.CutAfter(long bytes) -> cutAfter(frame, bytes);
            case Fault.Oversize(int length) -> flood(frame, length);
            default -> {
                pass(frame, fault);
                yield true;
            }
        };
        return goesOn;
    }

    /** Sends a whole frame in some form, and then the one that was held back for it. */
    private void pass(ByteBuffer frame, Fault fault) throws IOException, InterruptedException {
        switch (fault) {
            case Fault.Delay(Duration by) -> {
                Thread.sleep(by);
                write(frame);
            }
            case Fault.WrongCorrelationId _ ->
                write(frame.putInt(Integer.BYTES, frame.getInt(Integer.BYTES) + NO_REQUEST_HAS_IT));
            case Fault.Announce(int length) -> write(frame.putInt(0, length));
            case Fault.Garble _ -> write(garbled(frame));
            case Fault.Drip(int bytes, Duration pause) -> drip(frame, bytes, pause);
            case Fault.Rate(int bytesPerSecond) ->
                drip(
                        frame,
                        Math.max(1, bytesPerSecond / RATE_STEPS_A_SECOND),
                        Duration.ofSeconds(1).dividedBy(Math.min(bytesPerSecond, RATE_STEPS_A_SECOND)));
            case Fault.Duplicate _ -> {
                write(frame.duplicate());
                write(frame);
            }
            default -> write(frame);
        }
        if (heldBack != null) {
            write(heldBack);
            heldBack = null;
        }
    }

    private boolean cutAfter(ByteBuffer frame, long bytes) throws IOException {
        long left = Math.max(0, bytes - written);
        if (left >= frame.remaining()) {
            write(frame);
            return true;
        }
        write(frame.limit((int) left));
        return false;
    }

    /** Sends the announced length in full, unless the client hangs up before. */
    private boolean flood(ByteBuffer frame, int length) throws IOException {
        long left = (long) Integer.BYTES + length - frame.remaining();
        write(frame.putInt(0, length));
        ByteBuffer zeros = ByteBuffer.allocate(16 << 10);
        while (left > 0) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), left));
            left -= zeros.remaining();
            write(zeros);
        }
        return false;
    }

    private static ByteBuffer garbled(ByteBuffer frame) {
        int chance = frame.hashCode(); // of the content, so that one seed brings the same bits
        if (frame.limit() > BODY) {
            int at = BODY + Math.floorMod(chance, frame.limit() - BODY);
            frame.put(at, (byte) (frame.get(at) ^ 1 << (chance >>> 29)));
        }
        return frame;
    }

    private void drip(ByteBuffer frame, int bytes, Duration pause) throws IOException, InterruptedException {
        for (int at = 0; at < frame.limit(); at += bytes) {
            write(frame.slice(at, Math.min(bytes, frame.limit() - at)));
            Thread.sleep(pause);
        }
    }

    /** Makes the end of the connection a reset. */
    private boolean reset() throws IOException {
        reset(channel);
        return false;
    }

    static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    void write(ByteBuffer bytes) throws IOException {
        written += bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
