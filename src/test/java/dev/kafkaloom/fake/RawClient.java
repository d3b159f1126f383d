package dev.kafkaloom.fake;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.RequestHeader;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.message.ResponseHeader;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/** The client's end of a connection, without any of the client's care: sends what it is told, shows what really comes. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    final DataInputStream in;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** How long it waits for bytes from here on. */
    void patience(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
    }

    private static byte[] frame(Request<?> request, int version, int correlationId) {
        ApiKey api = request.api();
        WireWriter out = new WireWriter(128);
        out.writeInt32(0);
        RequestHeader.builder()
                .requestApiKey(api.id())
                .requestApiVersion((short) version)
                .correlationId(correlationId)
                .clientId("raw")
                .build()
                .write(out, api.requestHeaderVersion((short) version));
        request.write(out, (short) version);
        out.setInt32(0, out.size() - Integer.BYTES);
        byte[] bytes = new byte[out.size()];
        out.toBuffer().get(bytes);
        return bytes;
    }

    void send(Request<?> request, int version, int correlationId) throws IOException {
        socket.getOutputStream().write(frame(request, version, correlationId));
    }

    /** The next frame without its length. */
    byte[] frame() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    /** The correlation id of the next frame. */
    int correlationId() throws IOException {
        byte[] frame = frame();
        return new WireReader(frame, 0, frame.length).readInt32();
    }

    /** The next frame, taken for the answer to such a request. */
    Response response(ApiKey api, int version) throws IOException {
        byte[] frame = frame();
        WireReader in = new WireReader(frame, 0, frame.length);
        ResponseHeader.read(in, api.responseHeaderVersion((short) version));
        Response response = api.readResponse(in, (short) version);
        in.expectEnd(api + " response");
        return response;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
