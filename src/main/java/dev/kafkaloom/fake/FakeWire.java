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
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The server's end of one connection; owned by its serving thread. */
final class FakeWire {
    private static final int LARGEST_REQUEST = 128 << 20;

    private final SocketChannel channel;
    private final FaultyOutput out;

    FakeWire(SocketChannel channel) {
        this.channel = channel;
        this.out = new FaultyOutput(channel);
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
        return out.send(frame(request, response, fault), fault);
    }

    private static ByteBuffer frame(Received request, Response response, Fault fault) {
        WireWriter out = new WireWriter(512);
        out.writeInt32(0);
        ResponseHeader.builder()
                .correlationId(request.correlationId())
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

    /** ApiVersions in a version that the broker lacks is answered with error 35 in v0. */
    void sendRefusal(int correlationId, ApiVersionsResponse known) throws IOException {
        WireWriter frame = new WireWriter(64);
        frame.writeInt32(0);
        ResponseHeader.builder().correlationId(correlationId).build().write(frame, (short) 0);
        known.toBuilder()
                .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                .build()
                .write(frame, (short) 0);
        frame.setInt32(0, frame.size() - Integer.BYTES);
        out.write(frame.toBuffer());
    }
}
