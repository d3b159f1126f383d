package dev.kafkaloom.embedded;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.message.RequestHeader;
import dev.kafkaloom.message.ResponseHeader;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/**
 * Asks a broker on loopback whether it serves: a listening port is not enough, its metadata must name a broker. Metadata v0 is understood
 * by every release, and with an empty list of topics it creates none. Runs on the thread that starts the broker.
 */
final class BrokerProbe {
    private static final short V0 = 0;
    private static final int CONNECT_MILLIS = 500;
    private static final int ANSWER_MILLIS = 2_000;
    private static final int LARGEST_FRAME = 16 << 20;

    private BrokerProbe() {}

    static boolean serves(int port) {
        return brokers(port) > 0;
    }

    /** How many brokers its metadata name; 0 when it does not serve. */
    static int brokers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(BrokerPorts.LOOPBACK, port), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(request());
            return response(new DataInputStream(socket.getInputStream()))
                    .brokers()
                    .size();
        } catch (IOException | KafkaException _) {
            return 0; // not yet
        }
    }

    private static byte[] request() {
        WireWriter out = new WireWriter(64);
        out.writeInt32(0);
        RequestHeader.builder()
                .requestApiKey(ApiKey.METADATA.id())
                .requestApiVersion(V0)
                .clientId("embedded-probe")
                .build()
                .write(out, ApiKey.METADATA.requestHeaderVersion(V0));
        MetadataRequest.builder().topics(List.of()).build().write(out, V0);
        out.setInt32(0, out.size() - Integer.BYTES);
        return out.toBytes();
    }

    private static MetadataResponse response(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > LARGEST_FRAME) {
            throw new IOException("a frame of " + size + " bytes");
        }
        byte[] frame = in.readNBytes(size);
        WireReader reader = new WireReader(frame, 0, frame.length);
        ResponseHeader.read(reader, ApiKey.METADATA.responseHeaderVersion(V0));
        return MetadataResponse.read(reader, V0);
    }
}
