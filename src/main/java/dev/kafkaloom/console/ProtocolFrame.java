package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.message.RequestHeader;
import dev.kafkaloom.message.ResponseHeader;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What bytes are, and so how they become maps and maps become bytes.
 *
 * @param api        null for a message that is neither request nor response
 * @param withHeader whether the request or response header stands before it; its fields are then under {@code header}
 */
record ProtocolFrame(ProtocolMessage message, short version, ApiKey api, boolean request, boolean withHeader) {
    static final String HEADER = "header";

    static ProtocolFrame of(ApiKey api, boolean request, short version, boolean withHeader) {
        return new ProtocolFrame(ProtocolMessage.of(api, request), version, api, request, withHeader);
    }

    static ProtocolFrame of(ProtocolMessage message, short version) {
        return new ProtocolFrame(message, version, null, false, false);
    }

    /** What a request says of itself in the first four bytes of its header. */
    static ProtocolFrame ofHeader(byte[] frame) {
        if (frame.length < 2 * Short.BYTES) {
            throw new KafkaException.MalformedMessage(
                    "RequestHeader", frame.length + " bytes, too few for an API key and a version");
        }
        ByteBuffer start = ByteBuffer.wrap(frame);
        return ofHeader(start.getShort(), start.getShort(), lengthHint(frame));
    }

    static ProtocolFrame ofHeader(int key, short version, String hint) {
        ApiKey api = ApiKey.of(key);
        if (api == null) {
            throw new KafkaException.MalformedMessage("RequestHeader.requestApiKey", "no API has key " + key + hint);
        }
        return of(api, true, version, true);
    }

    Map<String, Object> decode(byte[] bytes) {
        WireReader in = new WireReader(bytes, 0, bytes.length);
        try {
            Map<String, Object> map = new LinkedHashMap<>();
            if (withHeader) {
                map.put(HEADER, readHeader(in));
            }
            map.putAll(readBody(in, bytes));
            return map;
        } catch (KafkaException e) {
            String hint = hint(bytes);
            if (hint.isEmpty()) {
                throw e;
            }
            throw new KafkaException.InvalidRequest(e.oneLine() + hint);
        }
    }

    private Map<String, Object> readHeader(WireReader in) {
        short headerVersion = headerVersion();
        return request
                ? RequestHeader.read(in, headerVersion).toMap(headerVersion)
                : ResponseHeader.read(in, headerVersion).toMap(headerVersion);
    }

    private Map<String, Object> readBody(WireReader in, byte[] bytes) {
        int start = in.position();
        try {
            Message body = message.read(in, version);
            in.expectEnd(message.name() + " v" + version);
            return body.toMap(version);
        } catch (KafkaException.MalformedMessage e) {
            if (api != ApiKey.API_VERSIONS || request || version == 0 || !refusesVersion(bytes, start)) {
                throw e;
            }
            // a broker that does not know the version answers in version 0 (KIP-511)
            return of(api, false, (short) 0, false).decode(java.util.Arrays.copyOfRange(bytes, start, bytes.length));
        }
    }

    private static boolean refusesVersion(byte[] bytes, int at) {
        return bytes.length - at >= Short.BYTES
                && ByteBuffer.wrap(bytes).getShort(at) == ErrorCode.UNSUPPORTED_VERSION.code();
    }

    /** What is most often wrong with bytes that cannot be read. */
    private String hint(byte[] bytes) {
        if (bytes.length == 0) {
            return "; there are no bytes at all";
        }
        boolean headerFirst = request
                && !withHeader
                && bytes.length >= 2 * Short.BYTES
                && ByteBuffer.wrap(bytes).getShort() == api.id()
                && ByteBuffer.wrap(bytes).getShort(Short.BYTES) == version;
        return headerFirst ? "; its request header seems to stand before it: add --header" : lengthHint(bytes);
    }

    /** Told beside an error: a capture often still has the length of the frame. */
    private static String lengthHint(byte[] frame) {
        boolean hasLength =
                frame.length > Integer.BYTES && ByteBuffer.wrap(frame).getInt() == frame.length - Integer.BYTES;
        return hasLength ? "; its first four bytes look like the frame's length: leave them out" : "";
    }

    /** The bytes are in {@code out} afterwards, behind what was there. */
    void encode(Map<?, ?> map, WireWriter out) {
        Map<Object, Object> body = new LinkedHashMap<>(map);
        if (withHeader) {
            writeHeader(body.remove(HEADER), out);
        }
        message.write(body, version, out);
    }

    private void writeHeader(Object given, WireWriter out) {
        if (given != null && !(given instanceof Map)) {
            throw new KafkaException.InvalidRequest("header: expected an object, got " + given);
        }
        Map<Object, Object> header = given == null ? new LinkedHashMap<>() : new LinkedHashMap<>((Map<?, ?>) given);
        if (request) {
            header.putIfAbsent("requestApiKey", (long) api.id());
            header.putIfAbsent("requestApiVersion", (long) version);
        }
        ProtocolMessage.of(request ? "RequestHeader" : "ResponseHeader").write(header, headerVersion(), out);
    }

    private short headerVersion() {
        return request ? api.requestHeaderVersion(version) : api.responseHeaderVersion(version);
    }
}
