package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.RequestHeader;
import dev.kafkaloom.message.ResponseHeader;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.network.Frame;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireReader;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Frames as people and programs read them: what one is, what it says as JSON, and its bytes. Secrets are left out, and with them the
 * bytes that they are in. Immutable, any thread.
 */
public final class FrameText {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final String INDENT = "  ";

    private final Frame frame;
    private final Map<String, Object> body; // null when nothing of it could be read
    private final String remark; // null when all of it could
    private final String withheld; // why there are no bytes; null when there are

    private FrameText(Frame frame) {
        this.frame = frame;
        FrameSecrets secrets = new FrameSecrets();
        Map<String, Object> decoded = null;
        String trouble = frame.expected() ? null : "nobody waits for an answer of this number";
        if (frame.expected()) {
            try {
                decoded = frame.isCut() ? beginning(frame) : whole(frame);
                trouble =
                        frame.isCut() ? "cut after " + frame.bytes().length + " of " + frame.length() + " bytes" : null;
            } catch (KafkaException e) {
                trouble = "not readable: " + e.oneLine();
            }
        }
        this.body = decoded == null ? null : secrets.without(decoded);
        this.remark = trouble;
        this.withheld = frame.api() == null ? null : withheld(frame.api(), secrets.found(), trouble != null);
    }

    private static String withheld(ApiKey api, boolean found, boolean incomplete) {
        if (FrameSecrets.concern(api) || found) {
            return "bytes withheld: there are secrets among them";
        }
        return incomplete && FrameSecrets.mayBeIn(api) ? "bytes withheld: there may be secrets among them" : null;
    }

    /** Several lines: {@code 12:00:00.123 broker-1/control > Metadata v13 #4 58 bytes}, then JSON and bytes, indented. */
    public static String of(Frame frame) {
        return new FrameText(frame).text(true);
    }

    /** The same without the bytes. */
    public static String withoutBytes(Frame frame) {
        return new FrameText(frame).text(false);
    }

    /** What a connection was and how it ended, in one line. */
    public static String heading(ConnectionFrames connection) {
        int count = connection.frames().size();
        return "connection " + connection.name() + " to " + connection.peer() + ", "
                + connection.end().map(cause -> "over: " + cause.oneLine()).orElse("open")
                + (count == 0 ? "; no frames" : "; " + count + (count == 1 ? " frame" : " frames"));
    }

    /** The last frames of a connection under its heading. */
    public static String of(ConnectionFrames connection) {
        return connection.frames().stream()
                .map(FrameText::of)
                .collect(Collectors.joining("\n", heading(connection) + "\n", ""))
                .strip();
    }

    /** The same as data, for {@code --format json}. */
    static Map<String, Object> data(Frame frame) {
        return new FrameText(frame).data();
    }

    private static Map<String, Object> whole(Frame frame) {
        Map<String, Object> decoded = ProtocolFrame.of(frame.api(), frame.sent(), frame.version(), true)
                .decode(frame.bytes());
        decoded.remove(ProtocolFrame.HEADER); // the first line says it
        return decoded;
    }

    private static Map<String, Object> beginning(Frame frame) {
        WireReader in = new WireReader(frame.bytes(), 0, frame.bytes().length);
        ApiKey api = frame.api();
        if (frame.sent()) {
            RequestHeader.read(in, api.requestHeaderVersion(frame.version()));
        } else {
            ResponseHeader.read(in, api.responseHeaderVersion(frame.version()));
        }
        return FramePrefix.read(api.apiName() + (frame.sent() ? "Request" : "Response"), in, frame.version());
    }

    private String text(boolean withBytes) {
        StringBuilder text = new StringBuilder()
                .append(CLOCK.format(frame.at().atZone(ZoneId.systemDefault())))
                .append(' ')
                .append(frame);
        if (body != null) {
            text.append('\n').append(INDENT).append(Json.write(body));
        }
        if (remark != null) {
            text.append('\n').append(INDENT).append(remark);
        }
        if (withBytes && withheld != null) {
            text.append('\n').append(INDENT).append(withheld);
        } else if (withBytes) {
            ProtocolHex.dump(frame.bytes(), INDENT, text);
        }
        return text.toString();
    }

    private Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("at", frame.at().toString());
        data.put("connection", frame.connection());
        data.put("direction", frame.sent() ? "sent" : "received");
        data.put("api", frame.api() == null ? null : frame.api().apiName());
        data.put("version", frame.version());
        data.put("correlationId", frame.correlationId());
        data.put("length", frame.length());
        data.put("body", body);
        data.put("remark", remark);
        data.put("hex", withheld == null ? ProtocolHex.print(frame.bytes(), frame.bytes().length) : null);
        data.values().removeIf(java.util.Objects::isNull);
        return data;
    }

    /** Connections whose end a failure is, or else all: the failure may be an answer, or that there was none. */
    public static List<ConnectionFrames> behind(Throwable failure, List<ConnectionFrames> all) {
        List<ConnectionFrames> ended = all.stream()
                .filter(each -> each.end().isPresent() && isIn(each.end().get(), failure))
                .toList();
        return ended.isEmpty() ? all : ended;
    }

    private static boolean isIn(KafkaException end, Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each == end) {
                return true;
            }
        }
        return false;
    }
}
