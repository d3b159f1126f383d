package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code protocol}: what the messages are, and any of them from bytes to JSON and back; asks no broker. */
final class ProtocolCommand implements Command {
    private static final String ACTIONS = "list|fields|decode|encode|decode-records";
    private static final int MOST_RECORDS = 100_000; // a batch is shown whole, so this bounds the memory it takes
    private static final Usage USAGE = new Usage(
            List.of(
                    Flag.value("--api", "API", "its name or key"),
                    Flag.value("--version", "N", "the version; for fields: show it as this version has it"),
                    Flag.toggle("--request", "the request of the API"),
                    Flag.toggle("--response", "the response of the API"),
                    Flag.toggle(
                            "--header",
                            "decode, encode: the request or response header stands before the message, JSON key"
                                    + " \"header\"; a request's header names API and version"),
                    Flag.value(
                            "--message",
                            "MESSAGE_NAME",
                            "a message that is neither, such as ConsumerProtocolSubscription"),
                    Flag.toggle(
                            "--batch",
                            "decode, encode: lines of apiKey TAB version TAB request|response TAB hex or JSON from the"
                                    + " standard input, a line of JSON or hex for each; {\"error\":...} and exit code 1 for"
                                    + " what cannot be read; empty lines are skipped"),
                    Flag.toggle("--raw", "encode: the bytes themselves instead of hex"),
                    Flag.toggle("--versions", "list: a row for each version, with the brokers that speak it"),
                    Flag.value(
                            "--max-records",
                            "N",
                            "decode-records: show no more records, of the batches behind them the headers; "
                                    + MOST_RECORDS + " by default")),
            "list [NAME]|fields NAME|decode BYTES|encode JSON|decode-records BYTES",
            100_000);

    @Override
    public String name() {
        return "protocol";
    }

    @Override
    public String summary() {
        return "the messages of the protocol: list them, show their fields, decode and encode them";
    }

    @Override
    public boolean watchable() {
        return false;
    }

    @Override
    public Usage usage() {
        return USAGE;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "protocol list offset",
                "protocol fields Metadata --version 9 --request",
                "protocol decode --api Metadata --version 9 --response @answer.bin",
                "protocol decode --header 0012 0000 0000 0001 ffff",
                "protocol decode --header - <frame.bin",
                "protocol encode --api Metadata --version 0 --request '{\"topics\":[{\"name\":\"orders\"}]}'",
                "protocol decode-records @00000000000000000000.log --max-records 10");
    }

    @Override
    public String argument(List<String> before) {
        if (before.isEmpty()) {
            return ACTIONS;
        }
        return switch (before.getFirst()) {
            case "list" -> "API";
            case "fields" -> before.size() == 1 ? "API" : null;
            default -> null;
        };
    }

    @Override
    public int run(Session session, List<String> args) throws IOException, InterruptedException {
        Arguments arguments = USAGE.parse(args);
        if (arguments.plain().isEmpty()) {
            throw new UsageException("protocol needs one of " + ACTIONS.replace("|", ", "));
        }
        List<String> rest = arguments.plain().subList(1, arguments.plain().size());
        return switch (arguments.plain().getFirst()) {
            case "list" -> list(session, arguments, rest);
            case "fields" -> fields(session, arguments, rest);
            case "decode" ->
                arguments.has("batch")
                        ? batch(session, arguments, rest).decode(ProtocolInput.stdin(session, "--batch"))
                        : new ProtocolConvert(session, arguments, rest).decode();
            case "encode" ->
                arguments.has("batch")
                        ? batch(session, arguments, rest).encode(ProtocolInput.stdin(session, "--batch"))
                        : new ProtocolConvert(session, arguments, rest).encode();
            case "decode-records" -> records(session, arguments, rest);
            default ->
                throw new UsageException("protocol " + arguments.plain().getFirst() + " is unknown, there are "
                        + ACTIONS.replace("|", ", "));
        };
    }

    private static int list(Session session, Arguments arguments, List<String> rest) throws IOException {
        List<ApiKey> apis = arguments
                .value("api")
                .map(name -> List.of(ProtocolDefinitions.api(name)))
                .orElseGet(() -> ProtocolList.matching(rest));
        session.out().show(arguments.has("versions") ? ProtocolList.eachVersion(apis) : ProtocolList.apis(apis));
        return 0;
    }

    private static int fields(Session session, Arguments arguments, List<String> rest) throws IOException {
        List<String> names = Stream.of(
                        arguments.value("api").stream(), arguments.value("message").stream(), rest.stream())
                .flatMap(each -> each)
                .toList();
        if (names.size() != 1) {
            throw new UsageException("protocol fields needs the name of an API or message, and only one");
        }
        List<Map<?, ?>> messages = ProtocolDefinitions.all().find(names.getFirst());
        Integer version = arguments.number("version", 0).orElse(null);
        boolean both = arguments.has("request") == arguments.has("response");
        for (Map<?, ?> message : messages) {
            if (both || messages.size() == 1 || arguments.has((String) message.get("type"))) {
                session.out().show(ProtocolFields.of(message, version));
            }
        }
        return 0;
    }

    private static ProtocolBatch batch(Session session, Arguments arguments, List<String> rest) {
        if (!rest.isEmpty() || arguments.has("api") || arguments.has("message") || arguments.has("raw")) {
            throw new UsageException("--batch takes everything from its lines: no message, --api, --message or --raw");
        }
        return new ProtocolBatch(session.out(), arguments.has("header"));
    }

    private static int records(Session session, Arguments arguments, List<String> rest)
            throws IOException, InterruptedException {
        if (rest.isEmpty()) {
            throw new UsageException(
                    "protocol decode-records needs the bytes: hex, @file, or - for the standard input");
        }
        int most = arguments.number("max-records", 0).orElse(MOST_RECORDS);
        return new ProtocolRecords(session.out(), ProtocolInput.buffer(session, rest), most).show();
    }
}
