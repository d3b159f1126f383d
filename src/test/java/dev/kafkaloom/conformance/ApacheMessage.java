package dev.kafkaloom.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kafkaloom.conformance.Definition.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** One message of one release, through Kafka's own generated class: filled by its setters, written, read, shown by its JSON converter. */
final class ApacheMessage {
    /**
     * Kafka 4.1 gave this version one more field (results.partitions.leaderEpoch) without a new number; it was a preview between brokers
     * then. kafka-loom speaks the newer form, which is compared with the newer release.
     */
    private static final String CHANGED_SINCE_3_9 = "ReadShareGroupStateSummaryResponse v0";

    private final KafkaRelease release;
    private final Definition definition;
    private final Map<String, ApacheClass> classes = new ConcurrentHashMap<>();

    ApacheMessage(KafkaRelease release, Definition definition) {
        this.release = release;
        this.definition = definition;
    }

    Definition definition() {
        return definition;
    }

    /** The versions that this release and kafka-loom must agree on: all but one. */
    IntStream versions() {
        return definition
                .valid()
                .all()
                .filter(version -> !release.toString().startsWith("3.9")
                        || !CHANGED_SINCE_3_9.equals(definition.newName() + " v" + version));
    }

    KafkaRelease release() {
        return release;
    }

    /** A message of a sampled tree (see {@link Sample#tree}); what the tree lacks keeps Kafka's default. */
    Object fill(Map<String, Object> tree) {
        return fill(type(definition.className()), definition.fields(), tree);
    }

    byte[] write(Object message, int version) {
        Object cache = type("org.apache.kafka.common.protocol.ObjectSerializationCache")
                .create();
        ApacheClass type = type(definition.className());
        ByteBuffer buffer = ByteBuffer.allocate((int) type.call(message, "size", cache, (short) version));
        type.call(message, "write", accessor(buffer), cache, (short) version);
        if (buffer.hasRemaining()) {
            throw new AssertionError("Kafka's " + definition.name() + " wrote less than the size it had told");
        }
        return buffer.array();
    }

    /** Bytes left over are an error. */
    Object read(byte[] bytes, int version) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Object message = type(definition.className()).create(accessor(buffer), (short) version);
        if (buffer.hasRemaining()) {
            throw new AssertionError("Kafka's " + definition.name() + " left " + buffer.remaining() + " bytes unread");
        }
        return message;
    }

    /** Kafka's JSON with the names of 4.x, with the records that Kafka leaves out, and with the unknown tagged fields as kafka-loom shows them. */
    ObjectNode json(Object message, int version) {
        ObjectNode node = (ObjectNode)
                type(definition.className() + "JsonConverter").call(null, "write", message, (short) version);
        return completed(definition.fields(), message, node);
    }

    /** The reverse, by Kafka's converter alone: the names must be those of this release, and unknown tagged fields are not seen. */
    Object fromJson(JsonNode json, int version) {
        return type(definition.className() + "JsonConverter").call(null, "read", json, (short) version);
    }

    @Override
    public String toString() {
        return definition.newName() + " of " + release;
    }

    private Object fill(ApacheClass type, List<Field> fields, Map<String, Object> tree) {
        Object struct = type.create();
        for (Field field : fields) {
            if (tree.containsKey(field.newName())) {
                Class<?> parameter = type.setterType(field.name());
                type.set(struct, field.name(), value(field, parameter, tree.get(field.newName())));
            }
        }
        for (Object tag : (List<?>) tree.getOrDefault(Sample.UNKNOWN_TAGS, List.of())) {
            Map<?, ?> entry = (Map<?, ?>) tag;
            unknownTags(type, struct)
                    .add(type("org.apache.kafka.common.protocol.types.RawTaggedField")
                            .create(((Long) entry.get("tag")).intValue(), entry.get("data")));
        }
        return struct;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> unknownTags(ApacheClass type, Object struct) {
        return (List<Object>) type.call(struct, "unknownTaggedFields");
    }

    private Object value(Field field, Class<?> parameter, Object value) {
        if (value == null || !field.isArray()) {
            return value == null ? null : single(field, parameter, value);
        }
        Collection<Object> list = collection(parameter);
        for (Object element : (List<?>) value) {
            list.add(single(field, null, element));
        }
        return list;
    }

    /** A list, or the collection of a struct with a key. */
    @SuppressWarnings("unchecked")
    private Collection<Object> collection(Class<?> parameter) {
        return parameter == List.class
                ? new ArrayList<>()
                : (Collection<Object>) type(parameter.getName()).create();
    }

    @SuppressWarnings("unchecked")
    private Object single(Field field, Class<?> parameter, Object value) {
        return switch (value) {
            case Map<?, ?> tree -> fill(struct(field), field.fields(), (Map<String, Object>) tree);
            case UUID id ->
                type("org.apache.kafka.common.Uuid").create(id.getMostSignificantBits(), id.getLeastSignificantBits());
            case Long number -> number(field.element(), number);
            case byte[] bytes when parameter == byte[].class -> bytes;
            case byte[] bytes when parameter == ByteBuffer.class -> ByteBuffer.wrap(bytes);
            case byte[] bytes ->
                type(parameter.getPackageName() + ".MemoryRecords")
                        .call(null, "readableRecords", ByteBuffer.wrap(bytes));
            default -> value;
        };
    }

    private static Object number(String type, Long number) {
        return switch (type) {
            case "int8" -> number.byteValue();
            case "int16" -> number.shortValue();
            case "int32", "uint16" -> number.intValue();
            default -> number;
        };
    }

    private ObjectNode completed(List<Field> fields, Object struct, ObjectNode node) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ApacheClass type = type(struct.getClass().getName());
        for (Field field : fields) {
            JsonNode value = node.get(field.name());
            if (value != null) {
                boolean more =
                        !value.isNull() && (field.isStruct() || field.type().equals("records"));
                result.set(field.newName(), more ? completed(field, type.call(struct, field.name()), value) : value);
            }
        }
        for (Object tag : unknownTags(type, struct)) {
            ApacheClass tagType = type(tag.getClass().getName());
            result.withArray("/" + Sample.UNKNOWN_TAGS)
                    .addObject()
                    .put("tag", (int) tagType.call(tag, "tag"))
                    .put("data", (byte[]) tagType.call(tag, "data"));
        }
        return result;
    }

    private JsonNode completed(Field field, Object value, JsonNode node) {
        if (field.type().equals("records")) {
            ByteBuffer buffer = (ByteBuffer) type(value.getClass().getName()).call(value, "buffer");
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(buffer.position(), bytes);
            return BinaryNode.valueOf(bytes);
        }
        if (!field.isArray()) {
            return completed(field.fields(), value, (ObjectNode) node);
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        int index = 0;
        for (Object element : (Collection<?>) value) {
            list.add(completed(field.fields(), element, (ObjectNode) node.get(index++)));
        }
        return list;
    }

    private ApacheClass struct(Field field) {
        return type(definition.className() + "$" + field.element());
    }

    private Object accessor(ByteBuffer buffer) {
        return type("org.apache.kafka.common.protocol.ByteBufferAccessor").create(buffer);
    }

    private ApacheClass type(String name) {
        return classes.computeIfAbsent(name, n -> new ApacheClass(release.type(n)));
    }
}
