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
    private final SocketChannel channel;

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
        return new Received(connection, head.api(), head.version(), head.correlationId(), header.clientId(), request);
    }

    /** Null when the client has closed. */
    byte[] read() throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        if (!fill(length)) {
            return null;
        }
        ByteBuffer frame = ByteBuffer.allocate(length.getInt(0));
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
    boolean send(Received request, Response response, Fault fault) throws IOException {
        ApiKey api = request.api();
        int correlationId =
                fault instanceof Fault.WrongCorrelationId ? request.correlationId() + 1000 : request.correlationId();
        WireWriter out = new WireWriter(512);
        out.writeInt32(0);
        ResponseHeader.builder()
                .correlationId(correlationId)
                .build()
                .write(out, api.responseHeaderVersion(request.version()));
        if (!(fault instanceof Fault.Body)) {
            response.write(out, request.version());
        }
        byte[] tail = fault instanceof Fault.Body(byte[] bytes) ? bytes : new byte[0];
        out.setInt32(
                0,
                fault instanceof Fault.Announce(int announced) ? announced : out.size() + tail.length - Integer.BYTES);
        ByteBuffer frame = out.toBuffer();
        if (fault instanceof Fault.Truncate) {
            frame.limit(frame.limit() / 2);
        }
        write(frame);
        write(ByteBuffer.wrap(tail));
        return !(fault instanceof Fault.Truncate);
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
