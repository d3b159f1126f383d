package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** {@code protocol decode} and {@code protocol encode} of one message: bytes to JSON, JSON to bytes. */
final class ProtocolConvert {
    // a place inside the parser's message, with what it may not say of its source
    private static final Pattern WHERE = Pattern.compile("\\[Source: .*?; (line: \\d+, column: \\d+)]");

    private final Session session;
    private final Arguments arguments;
    private final List<String> input;

    /** @param input the plain arguments behind {@code decode} or {@code encode} */
    ProtocolConvert(Session session, Arguments arguments, List<String> input) {
        this.session = session;
        this.arguments = arguments;
        this.input = input;
    }

    int decode() throws IOException {
        needs("the bytes: hex, @file, or - for the standard input");
        byte[] bytes = input.isEmpty() ? new byte[0] : ProtocolInput.bytes(session, input);
        ProtocolFrame frame = frame(() -> Optional.of(ProtocolFrame.ofHeader(bytes)));
        session.out().show(Document.json(frame.decode(bytes)));
        return 0;
    }

    int encode() throws IOException {
        needs("the message: JSON, @file, or - for the standard input");
        Map<?, ?> map = object(ProtocolInput.text(session, input), "the message");
        ProtocolFrame frame = frame(() -> named(map));
        WireWriter out = new WireWriter(512);
        frame.encode(map, out);
        session.out()
                .show(
                        arguments.has("raw")
                                ? new Raw(out.toBytes())
                                : new Text(ProtocolHex.print(out.array(), out.size())));
        return 0;
    }

    private void needs(String what) {
        if (input.isEmpty()) {
            throw new UsageException("protocol decode and encode need " + what);
        }
    }

    /** What the options say the bytes are, or with only {@code --header} what a request's header says. */
    private ProtocolFrame frame(Supplier<Optional<ProtocolFrame>> byHeader) {
        boolean header = arguments.has("header");
        boolean request = arguments.has("request");
        if (request && arguments.has("response")) {
            throw new UsageException("--request or --response, not both");
        }
        if (arguments.has("message")) {
            return other(arguments.value("message").orElseThrow());
        }
        boolean requestHeader = header && !arguments.has("response");
        Optional<ProtocolFrame> named = requestHeader ? byHeader.get() : Optional.empty();
        if (named.isPresent()) {
            return checked(named.get());
        }
        ApiKey api = ProtocolDefinitions.api(arguments
                .value("api")
                .orElseThrow(() -> new UsageException("say which API: --api NAME|KEY, or --message NAME")));
        if (!request && !arguments.has("response") && !header) {
            throw new UsageException("say --request or --response");
        }
        boolean asRequest = !arguments.has("response");
        short version = version(arguments, ProtocolMessage.of(api, asRequest));
        return ProtocolFrame.of(api, asRequest, version, header);
    }

    /** What the options say must be what the header says. */
    private ProtocolFrame checked(ProtocolFrame frame) {
        arguments.value("api").map(ProtocolDefinitions::api).ifPresent(api -> {
            if (api != frame.api()) {
                throw new UsageException("--api is " + api.apiName() + ", but the header says "
                        + frame.api().apiName());
            }
        });
        arguments.number("version", 0).ifPresent(version -> {
            if (version != frame.version()) {
                throw new UsageException("--version is " + version + ", but the header says " + frame.version());
            }
        });
        return frame;
    }

    private ProtocolFrame other(String name) {
        if (arguments.has("api") || arguments.has("header")) {
            throw new UsageException("--message stands alone: without --api and --header");
        }
        ProtocolMessage message = ProtocolMessage.of(ProtocolDefinitions.messageName(name));
        return ProtocolFrame.of(message, version(arguments, message));
    }

    /** {@code --version}; a message with one version only needs none. */
    static short version(Arguments arguments, ProtocolMessage message) {
        ProtocolSpan versions = message.versions();
        int version = arguments.number("version", 0).orElseGet(() -> {
            if (versions.lowest() == versions.highest()) {
                return versions.lowest();
            }
            throw new UsageException("say which version: --version, " + message.name() + " has " + versions);
        });
        if (!versions.contains(version)) {
            throw new UsageException(message.name() + " has no version " + version + ", only " + versions);
        }
        return (short) version;
    }

    /** What the JSON's own header says it is, if it does. */
    private static Optional<ProtocolFrame> named(Map<?, ?> map) {
        return map.get(ProtocolFrame.HEADER) instanceof Map<?, ?> header
                        && header.get("requestApiKey") instanceof Long key
                        && header.get("requestApiVersion") instanceof Long version
                ? Optional.of(ProtocolFrame.ofHeader(key.intValue(), version.shortValue(), ""))
                : Optional.empty();
    }

    /** A JSON object, or one line that says what is wrong with it. */
    static Map<?, ?> object(String json, String what) {
        if (json.isBlank()) {
            throw new UsageException(what + " is empty instead of a JSON object, {...}");
        }
        try {
            if (Json.read(json) instanceof Map<?, ?> map) {
                return map;
            }
            throw new UsageException(what + " must be a JSON object, {...}");
        } catch (IOException e) {
            throw new UsageException(what + " is not JSON: " + oneLine(e));
        }
    }

    /** Without the lines on where the parser's text came from. */
    private static String oneLine(IOException e) {
        String first = e.getMessage().lines().findFirst().orElse("");
        if (e instanceof com.fasterxml.jackson.core.JsonProcessingException json && json.getLocation() != null) {
            return String.format(
                    Locale.ROOT,
                    "%s (line %d, column %d)",
                    WHERE.matcher(json.getOriginalMessage().lines().findFirst().orElse(first))
                            .replaceAll("$1"),
                    json.getLocation().getLineNr(),
                    json.getLocation().getColumnNr());
        }
        return first;
    }
}
