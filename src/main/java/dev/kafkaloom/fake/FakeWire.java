package dev.kafkaloom.fake;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsResponse;
import dev.kafkaloom.message.RequestHeader;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.message.ResponseHeader;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** The server's end of one connection; owned by its serving thread. */
final class FakeWire {
    private static final int LARGEST_REQUEST = 128 << 20;
    private static final int NO_REQUEST_HAS_IT = 1000; // added to the proper correlation id

    private final SocketChannel channel;
    private ByteBuffer heldBack; // the response that is to change places with the next one

    FakeWire(SocketChannel channel) {
        this.channel = channel;
    }

    /** The part of a request that every version has. {@code api} is null for a key that is not known. */
    record Head(ApiKey api, short version, int correlationId) {}

    static Head head(byte[] frame) {
        ByteBuffer start = ByteBuffer.wrap(frame);
        return new Head(ApiKey.of(start.getShort()), start.getShort(), start.getInt());
    }

    static Received request(byte[] frame, int connection) {
        Head head = head(frame);
        WireReader in = new WireReader(frame, 0, frame.length);
        RequestHeader header = RequestHeader.read(in, head.api().requestHeaderVersion(head.version()));
        var request = head.api().readRequest(in, head.version());
        in.expectEnd(head.api() + " request");
        return new Received(
                connection,
                head.api(),
                head.version(),
                head.correlationId(),
                header.clientId(),
                request,
                System.nanoTime());
    }

    /** Null when the client has closed. */
    byte[] read() throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        if (!fill(length)) {
            return null;
        }
        int announced = length.getInt(0);
        if (announced < 0 || announced > LARGEST_REQUEST) {
            throw new IOException("a request of " + announced + " bytes");
        }
        ByteBuffer frame = ByteBuffer.allocate(announced);
        return fill(frame) ? frame.array() : null;
    }

    private boolean fill(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                return false;
            }
        }
        return true;
    }

    /** False: close the connection. */
    boolean send(Received request, Response response, Fault fault) throws IOException, InterruptedException {
        ByteBuffer frame = frame(request, response, fault);
        switch (fault) {
            case Fault.Reorder _
            when heldBack == null -> {
                heldBack = frame;
                return true;
            }
            case Fault.Truncate _ -> {
                write(frame.limit(frame.limit() / 2));
                return false;
            }
            case Fault.Oversize(int length) -> {
                flood(frame, length);
                return false;
            }
            case Fault.Announce(int length) -> write(frame.putInt(0, length));
            case Fault.Drip(int bytes, Duration pause) -> drip(frame, bytes, pause);
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
        return true;
    }

    private static ByteBuffer frame(Received request, Response response, Fault fault) {
        boolean wrong = fault instanceof Fault.WrongCorrelationId;
        WireWriter out = new WireWriter(512);
        out.writeInt32(0);
        ResponseHeader.builder()
                .correlationId(request.correlationId() + (wrong ? NO_REQUEST_HAS_IT : 0))
                .build()
                .write(out, request.api().responseHeaderVersion(request.version()));
        if (!(fault instanceof Fault.Body(byte[] bytes))) {
            response.write(out, request.version());
            out.setInt32(0, out.size() - Integer.BYTES);
            return out.toBuffer();
        }
        return ByteBuffer.allocate(out.size() + bytes.length)
                .put(out.toBuffer())
                .put(bytes)
                .putInt(0, out.size() + bytes.length - Integer.BYTES)
                .flip();
    }

    /** Sends the announced length in full, unless the client hangs up before. */
    private void flood(ByteBuffer frame, int length) throws IOException {
        long left = (long) Integer.BYTES + length - frame.remaining();
        write(frame.putInt(0, length));
        ByteBuffer zeros = ByteBuffer.allocateDirect(16 << 10);
        while (left > 0) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), left));
            left -= zeros.remaining();
            write(zeros);
        }
    }

    private void drip(ByteBuffer frame, int bytes, Duration pause) throws IOException, InterruptedException {
        for (int at = 0; at < frame.limit(); at += bytes) {
            write(frame.slice(at, Math.min(bytes, frame.limit() - at)));
            Thread.sleep(pause);
        }
    }

    /** Makes the end of the connection a reset. */
    void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    /** ApiVersions in a version that the broker lacks is answered with error 35 in v0. */
    void sendRefusal(int correlationId, ApiVersionsResponse known) throws IOException {
        WireWriter out = new WireWriter(64);
        out.writeInt32(0);
        ResponseHeader.builder().correlationId(correlationId).build().write(out, (short) 0);
        known.toBuilder()
                .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                .build()
                .write(out, (short) 0);
        out.setInt32(0, out.size() - Integer.BYTES);
        write(out.toBuffer());
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
