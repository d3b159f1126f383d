package dev.kafkaloom.conformance;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * A message as one release of Kafka defines it. Read here once more, apart from the generator's own reader, so that what the generator
 * misreads is noticed.
 *
 * @param name as that release calls it
 * @param newName as 4.x calls it
 * @param type request, response, header or data
 * @param apiKey -1 where there is none
 */
record Definition(
        String name, String newName, String type, int apiKey, Range valid, Range flexible, List<Field> fields) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

    /** What 3.9 calls otherwise than 4.x, by message and path; no field of 4.x has one of these paths. */
    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("ListClientMetricsResourcesRequest", "ListConfigResourcesRequest"),
            Map.entry("ListClientMetricsResourcesResponse", "ListConfigResourcesResponse"),
            Map.entry("ListClientMetricsResourcesResponse.clientMetricsResources", "configResources"),
            Map.entry("ListClientMetricsResourcesResponse.clientMetricsResources.name", "resourceName"),
            Map.entry("TxnOffsetCommitRequest.generationId", "generationIdOrMemberEpoch"),
            Map.entry("VoteRequest.topics.partitions.candidateEpoch", "replicaEpoch"),
            Map.entry("VoteRequest.topics.partitions.candidateId", "replicaId"),
            Map.entry("VoteRequest.topics.partitions.candidateDirectoryId", "replicaDirectoryId"));

    /** A field; {@code fields} are those of the struct it is or has elements of. */
    record Field(
            String name,
            String newName,
            String type,
            Range versions,
            Range nullable,
            int tag,
            boolean isNullByDefault,
            List<Field> fields) {
        boolean isArray() {
            return type.startsWith("[]");
        }

        /** The type, of an array its elements'. */
        String element() {
            return isArray() ? type.substring(2) : type;
        }

        boolean isStruct() {
            return Character.isUpperCase(element().charAt(0));
        }

        boolean isTagged() {
            return tag >= 0;
        }
    }

    /** Versions as a definition writes them: {@code none}, {@code 3}, {@code 0-5} or {@code 3+}. */
    record Range(int lowest, int highest) {
        static Range parse(String text) {
            if (text.equals("none")) {
                return new Range(0, -1);
            }
            String[] ends = text.split("[-+]", 2);
            int lowest = Integer.parseInt(ends[0]);
            int highest = ends.length == 1 ? lowest : ends[1].isEmpty() ? Short.MAX_VALUE : Integer.parseInt(ends[1]);
            return new Range(lowest, highest);
        }

        boolean contains(int version) {
            return version >= lowest && version <= highest;
        }

        IntStream all() {
            return IntStream.rangeClosed(lowest, highest);
        }
    }

    boolean isRpc() {
        return type.equals("request") || type.equals("response");
    }

    /** The class of the content in Kafka's own code. */
    String className() {
        return "org.apache.kafka.common.message." + name + (isRpc() || type.equals("header") ? "Data" : "");
    }

    boolean hasRenamedFields() {
        return RENAMED.keySet().stream().anyMatch(path -> path.startsWith(name + "."));
    }

    /** Every field the version has, with its path in names of 4.x; structs before what is in them. */
    void forEachField(int version, BiConsumer<String, Field> action) {
        forEachField(fields, "", version, action);
    }

    private static void forEachField(List<Field> fields, String at, int version, BiConsumer<String, Field> action) {
        for (Field field : fields) {
            if (field.versions.contains(version)) {
                action.accept(at + field.newName, field);
                forEachField(field.fields, at + field.newName + ".", version, action);
            }
        }
    }

    /** Every field that the version does not have, of structs that it has. */
    void forEachLacked(int version, BiConsumer<String, Field> action) {
        forEachLacked(fields, "", version, action);
    }

    private static void forEachLacked(List<Field> fields, String at, int version, BiConsumer<String, Field> action) {
        for (Field field : fields) {
            if (field.versions.contains(version)) {
                forEachLacked(field.fields, at + field.newName + ".", version, action);
            } else {
                action.accept(at + field.newName, field);
            }
        }
    }

    static Definition parse(byte[] text) throws IOException {
        JsonNode node = JSON.readTree(text);
        Map<String, JsonNode> common = new HashMap<>();
        node.path("commonStructs")
                .forEach(struct -> common.put(struct.get("name").asText(), struct));
        String name = node.get("name").asText();
        return new Definition(
                name,
                RENAMED.getOrDefault(name, name),
                node.get("type").asText(),
                node.path("apiKey").asInt(-1),
                range(node, "validVersions"),
                range(node, "flexibleVersions"),
                fields(node, name, common));
    }

    private static List<Field> fields(JsonNode parent, String path, Map<String, JsonNode> common) {
        List<Field> fields = new ArrayList<>();
        for (JsonNode node : parent.path("fields")) {
            String upper = node.get("name").asText();
            String name = Character.toLowerCase(upper.charAt(0)) + upper.substring(1);
            String at = path + "." + name;
            String type = node.get("type").asText();
            JsonNode struct = common.getOrDefault(type.replace("[]", ""), node);
            fields.add(new Field(
                    name,
                    RENAMED.getOrDefault(at, name),
                    type,
                    range(node, "versions"),
                    range(node, "nullableVersions"),
                    node.has("tag") ? Integer.parseInt(node.get("tag").asText()) : -1,
                    node.path("default").asText().equals("null"),
                    fields(struct, at, common)));
        }
        return List.copyOf(fields);
    }

    private static Range range(JsonNode node, String key) {
        return Range.parse(node.path(key).asText("none"));
    }
}
