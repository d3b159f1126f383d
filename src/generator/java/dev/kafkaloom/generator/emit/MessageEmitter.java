package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.MessageSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The file of one message. */
public final class MessageEmitter {
    static final String PACKAGE = "dev.kafkaloom.message";
    static final String BANNER =
            "// Generated from Apache Kafka's message definitions by src/generator/java. Do not edit.";

    private MessageEmitter() {}

    /** The text of the message's class; {@code response} is the class of the answer to a request, else null. */
    public static String emit(MessageSpec message, String response, Meanings meanings) {
        List<StructModel> models = StructModel.of(message);
        Map<String, StructModel> all = new LinkedHashMap<>();
        models.forEach(model -> all.put(model.name(), model));
        List<String> heldDirectly = StructModel.heldDirectly(models);
        List<String> heldInLists = StructModel.heldInLists(models);

        SourceWriter out = new SourceWriter();
        header(out);
        StructModel root = models.getFirst();
        out.javadoc("Kafka's " + message.name() + ", versions " + message.valid()
                + (message.apiKey() >= 0 ? ", API key " + message.apiKey() : "") + ". "
                + sentence(meanings.of(message)) + "Immutable, any thread.");
        out.line("@SuppressWarnings(\"all\")");
        new RecordEmitter(out, root, all, meanings).emit(implemented(message, response), RecordEmitter.Use.ROOT);
        versions(out);
        api(out, message, response);
        for (StructModel model : models.subList(1, models.size())) {
            out.line("").javadoc("Part of " + message.name() + ". Versions " + model.live() + ".");
            new RecordEmitter(out, model, all, meanings)
                    .emit(
                            "",
                            new RecordEmitter.Use(
                                    false, heldDirectly.contains(model.name()), heldInLists.contains(model.name())));
            out.line("}");
        }
        out.line("}");
        return out.toString();
    }

    /** The meaning as a sentence with a space behind it; nothing if there is none. */
    static String sentence(String meaning) {
        return meaning == null ? "" : meaning + (meaning.endsWith(".") ? " " : ". ");
    }

    private static void header(SourceWriter out) {
        out.lines(BANNER, "package " + PACKAGE + ";", "");
        for (String name : List.of(
                "ElementList",
                "FieldCheck",
                "Int32List",
                "Int64List",
                "KafkaException",
                "MapReader",
                "MapWriter",
                "RawTaggedField",
                "Uuid",
                "WireReader",
                "WireWriter")) {
            out.line("import dev.kafkaloom.protocol." + name + ";");
        }
        for (String name : List.of("nio.ByteBuffer", "util.LinkedHashMap", "util.List", "util.Map")) {
            out.line("import java." + name + ";");
        }
        out.line("");
    }

    private static String implemented(MessageSpec message, String response) {
        return " implements "
                + switch (message.kind()) {
                    case REQUEST -> "Request<" + response + ">";
                    case RESPONSE -> "Response";
                    case HEADER, DATA -> "Message";
                };
    }

    private static void versions(SourceWriter out) {
        out.lines("", "@Override", "public short lowestVersion() {", "return LOWEST_VERSION;", "}");
        out.lines("", "@Override", "public short highestVersion() {", "return HIGHEST_VERSION;", "}");
    }

    private static void api(SourceWriter out, MessageSpec message, String response) {
        if (message.apiKey() < 0) {
            return;
        }
        String key = Names.constant(Names.api(message.name()));
        out.lines("", "@Override", "public ApiKey api() {", "return ApiKey." + key + ";", "}");
        if (response != null) {
            out.lines(
                    "",
                    "@Override",
                    "public " + response + " readResponse(WireReader in, short version) {",
                    response + " response = " + response + ".read(in, version);",
                    "if (in.remaining() > 0) {",
                    "in.expectEnd(\"" + response + " v\" + version);",
                    "}",
                    "return response;",
                    "}");
        }
    }
}
