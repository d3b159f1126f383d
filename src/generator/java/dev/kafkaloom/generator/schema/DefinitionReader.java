package dev.kafkaloom.generator.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Reads Kafka's message definitions: JSON with comments. A key that stands twice counts as its last one, as in Kafka's own generator. */
public final class DefinitionReader {
    private final JsonMapper mapper =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

    /** Every definition of a folder, by file name. */
    public List<MessageSpec> readFolder(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            throw new DefinitionException("no definitions in " + folder);
        }
        List<MessageSpec> messages = new ArrayList<>();
        for (Path file : files) {
            messages.add(read(file.toString(), Files.readString(file)));
        }
        return messages;
    }

    /** One definition; {@code source} is for errors. */
    public MessageSpec read(String source, String json) {
        try {
            return message(mapper.readTree(json));
        } catch (JsonProcessingException | DefinitionException | IllegalArgumentException e) {
            throw new DefinitionException(source + ": " + e.getMessage(), e);
        }
    }

    private static MessageSpec message(JsonNode node) {
        List<StructSpec> common = new ArrayList<>();
        for (JsonNode struct : node.path("commonStructs")) {
            common.add(new StructSpec(struct.required("name").asText(), fields(struct)));
        }
        return new MessageSpec(
                node.required("name").asText(),
                MessageSpec.Kind.valueOf(node.required("type").asText().toUpperCase(Locale.ROOT)),
                node.path("apiKey").asInt(-1),
                Versions.parse(node.required("validVersions").asText()),
                versions(node, "flexibleVersions"),
                node.path("latestVersionUnstable").asBoolean(false),
                listeners(node),
                fields(node),
                common);
    }

    private static List<String> listeners(JsonNode node) {
        List<String> listeners = new ArrayList<>();
        for (JsonNode listener : node.path("listeners")) {
            listeners.add(listener.asText());
        }
        return listeners;
    }

    private static List<FieldSpec> fields(JsonNode parent) {
        List<FieldSpec> fields = new ArrayList<>();
        for (JsonNode node : parent.path("fields")) {
            fields.add(field(node));
        }
        return fields;
    }

    private static FieldSpec field(JsonNode node) {
        Versions tagged = versions(node, "taggedVersions");
        Versions versions = node.has("versions") ? versions(node, "versions") : tagged;
        return new FieldSpec(
                node.required("name").asText(),
                FieldType.parse(node.required("type").asText()),
                versions,
                versions(node, "nullableVersions"),
                tagged,
                node.has("tag") ? Integer.parseInt(node.get("tag").asText()) : -1,
                node.has("flexibleVersions") ? versions(node, "flexibleVersions") : null,
                node.has("default") ? node.get("default").asText() : null,
                node.path("ignorable").asBoolean(false),
                node.has("entityType") ? node.get("entityType").asText() : null,
                node.path("mapKey").asBoolean(false),
                node.path("about").asText(""),
                fields(node));
    }

    private static Versions versions(JsonNode node, String key) {
        return Versions.parse(node.path(key).asText(null));
    }
}
