package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.generator.schema.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code ApiKey} and the three sealed interfaces. */
public final class ApiEmitter {
    private final SortedMap<Integer, MessageSpec> requests = new TreeMap<>();
    private final SortedMap<Integer, MessageSpec> responses = new TreeMap<>();
    private final List<MessageSpec> others = new ArrayList<>();

    public ApiEmitter(List<MessageSpec> messages) {
        for (MessageSpec message : messages) {
            switch (message.kind()) {
                case REQUEST -> requests.put(message.apiKey(), message);
                case RESPONSE -> responses.put(message.apiKey(), message);
                case HEADER, DATA -> others.add(message);
            }
        }
        requests.forEach((key, request) -> check(request, responses.get(key)));
        if (!requests.keySet().equals(responses.keySet())) {
            throw new DefinitionException("requests " + requests.keySet() + ", responses " + responses.keySet());
        }
    }

    /** The class of the answer to a request; null for everything else. */
    public String responseOf(MessageSpec message) {
        return message.kind() == MessageSpec.Kind.REQUEST
                ? responses.get(message.apiKey()).name()
                : null;
    }

    private static void check(MessageSpec request, MessageSpec response) {
        if (response == null
                || !Names.api(request.name()).equals(Names.api(response.name()))
                || !request.valid().equals(response.valid())
                || !request.flexible().equals(response.flexible())) {
            throw new DefinitionException(request.name() + " and its response do not fit together");
        }
    }

    /** File name to text. */
    public Map<String, String> emit() {
        return Map.of(
                "ApiKey.java",
                apiKey(),
                "Message.java",
                message(),
                "Request.java",
                request(),
                "Response.java",
                response());
    }

    private String message() {
        SourceWriter out = head(true);
        out.javadoc("Everything that has a definition: a request, a response, or one of the few that are neither.");
        String rest = others.stream().map(other -> ", " + other.name()).collect(Collectors.joining());
        out.line("public sealed interface Message permits Request, Response" + rest + " {");
        out.line(
                "/** Writes the message; a field that is set but not known to the version is an error unless it may be ignored. */");
        out.line("void write(WireWriter out, short version);").line("");
        out.line("/** Maps, lists, strings, numbers and booleans only, in the shape of Kafka's own JSON. */");
        out.line("Map<String, Object> toMap(short version);").line("");
        out.line("short lowestVersion();")
                .line("")
                .line("short highestVersion();")
                .line("}");
        return out.toString();
    }

    private String request() {
        SourceWriter out = head(false);
        out.line("/** A request and, by its type, what answers it. */");
        out.line("public sealed interface Request<R extends Response> extends Message permits " + names(requests)
                + " {");
        out.line("ApiKey api();").line("");
        out.line("/** Reads the answer's body; bytes left over are an error. */");
        out.line("R readResponse(WireReader in, short version);").line("}");
        return out.toString();
    }

    private String response() {
        SourceWriter out = head(false);
        out.line("/** A response. The two methods are the fields of that name where the message has them. */");
        out.line("public sealed interface Response extends Message permits " + names(responses) + " {");
        out.line("ApiKey api();").line("");
        out.line("/** How long the broker throttled, in milliseconds; 0 where the message does not say. */");
        out.lines("default int throttleTimeMs() {", "return 0;", "}", "");
        out.line("/** The error of the whole response; 0 where errors are inside only. */");
        out.lines("default short errorCode() {", "return 0;", "}", "}");
        return out.toString();
    }

    private String apiKey() {
        SourceWriter out = head(false);
        out.line("/** The requests of the protocol: numbers, versions, header versions. */");
        out.line("@SuppressWarnings(\"all\")").line("public enum ApiKey {");
        requests.forEach((key, request) -> {
            Versions valid = request.valid();
            int stable = request.latestUnstable() ? valid.highest() - 1 : valid.highest();
            int flexible = request.flexible().isEmpty()
                    ? Short.MAX_VALUE
                    : request.flexible().lowest();
            String api = Names.api(request.name());
            out.line("%s(%d, \"%s\", %d, %d, %d, %d)%s"
                    .formatted(
                            Names.constant(api),
                            key,
                            api,
                            valid.lowest(),
                            valid.highest(),
                            stable,
                            flexible,
                            key.equals(requests.lastKey()) ? ";" : ","));
        });
        out.line("");
        out.lines("private static final ApiKey[] BY_ID = values();", "");
        for (String field : List.of("id", "lowestVersion", "highestVersion", "highestStableVersion", "flexibleFrom")) {
            out.line("private final short " + field + ";");
        }
        out.lines("private final String apiName;", "");
        out.line("ApiKey(int id, String apiName, int lowest, int highest, int stable, int flexibleFrom) {");
        out.lines(
                "this.id = (short) id;",
                "this.apiName = apiName;",
                "this.lowestVersion = (short) lowest;",
                "this.highestVersion = (short) highest;",
                "this.highestStableVersion = (short) stable;",
                "this.flexibleFrom = (short) flexibleFrom;",
                "}",
                "");
        accessors(out);
        reads(out, "Request<?>", "readRequest", requests);
        reads(out, "Response", "readResponse", responses);
        out.line("}");
        return out.toString();
    }

    private static void accessors(SourceWriter out) {
        out.lines("public short id() {", "return id;", "}", "");
        out.line("/** The name in the definitions, for example OffsetForLeaderEpoch. */");
        out.lines("public String apiName() {", "return apiName;", "}", "");
        out.lines("public short lowestVersion() {", "return lowestVersion;", "}", "");
        out.lines("public short highestVersion() {", "return highestVersion;", "}", "");
        out.line("/** The highest version that Kafka does not call unstable; -1 if there is none. */");
        out.lines("public short highestStableVersion() {", "return highestStableVersion;", "}", "");
        out.line("/** Whether the version uses compact lengths and tagged fields (KIP-482). */");
        out.lines("public boolean isFlexible(short version) {", "return version >= flexibleFrom;", "}", "");
        out.line("/** ControlledShutdown v0 is the only one without a client id. */");
        out.lines(
                "public short requestHeaderVersion(short version) {",
                "if (this == CONTROLLED_SHUTDOWN && version == 0) {",
                "return 0;",
                "}",
                "return (short) (isFlexible(version) ? 2 : 1);",
                "}",
                "");
        out.line(
                "/** ApiVersions always answers with header 0: the client may not know the broker's versions yet (KIP-511). */");
        out.lines(
                "public short responseHeaderVersion(short version) {",
                "return (short) (this != API_VERSIONS && isFlexible(version) ? 1 : 0);",
                "}",
                "");
        out.line("/** Null if the number is unknown. */");
        out.lines(
                "public static ApiKey of(int id) {",
                "return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;",
                "}",
                "");
        out.line("/** By apiName or by the constant's name, in any case; null if unknown. */");
        out.lines(
                "public static ApiKey of(String name) {",
                "for (ApiKey key : BY_ID) {",
                "if (key.apiName.equalsIgnoreCase(name) || key.name().equalsIgnoreCase(name)) {",
                "return key;",
                "}",
                "}",
                "return null;",
                "}");
    }

    private static void reads(SourceWriter out, String type, String method, SortedMap<Integer, MessageSpec> messages) {
        out.lines(
                "",
                "/** Reads the body that follows the header; bytes left over are an error. */",
                "public " + type + " " + method + "(WireReader in, short version) {",
                type + " message = switch (this) {");
        messages.values()
                .forEach(message -> out.line("case " + Names.constant(Names.api(message.name())) + " -> "
                        + message.name() + ".read(in, version);"));
        out.lines(
                "};",
                "if (in.remaining() > 0) {",
                "in.expectEnd(message.getClass().getSimpleName() + \" v\" + version);",
                "}",
                "return message;",
                "}");
    }

    private static String names(SortedMap<Integer, MessageSpec> messages) {
        return messages.values().stream().map(MessageSpec::name).collect(Collectors.joining(", "));
    }

    private static SourceWriter head(boolean withMap) {
        SourceWriter out = new SourceWriter()
                .lines(
                        MessageEmitter.BANNER,
                        "package " + MessageEmitter.PACKAGE + ";",
                        "",
                        "import dev.kafkaloom.protocol.WireReader;",
                        "import dev.kafkaloom.protocol.WireWriter;");
        return (withMap ? out.line("import java.util.Map;") : out).line("");
    }
}
