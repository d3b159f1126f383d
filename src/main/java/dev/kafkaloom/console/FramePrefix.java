package dev.kafkaloom.console;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.MapWriter;
import dev.kafkaloom.protocol.WireReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the beginning of a message whose end is missing: the fields in their order, as the definitions have them, up to the first one
 * that is not whole. The generated readers give all or nothing. Used by one thread, once.
 */
final class FramePrefix {
    private final WireReader in;
    private final int version;
    private final boolean flexible;

    private FramePrefix(WireReader in, int version, boolean flexible) {
        this.in = in;
        this.version = version;
        this.flexible = flexible;
    }

    /** The same form as the message's own, with fields missing at the end. */
    static Map<String, Object> read(String message, WireReader in, int version) {
        Map<?, ?> definition = ProtocolDefinitions.all().find(message).getFirst();
        Map<String, Object> fields = new LinkedHashMap<>();
        try {
            new FramePrefix(in, version, span(definition, "flexibleVersions").contains(version))
                    .struct(definition, fields);
        } catch (KafkaException _) {
            // here it was cut
        }
        return fields;
    }

    /** Puts in what it reads as it reads it, so that what was read before a cut stays. */
    private void struct(Map<?, ?> definition, Map<String, Object> into) {
        Map<Integer, Map<?, ?>> tagged = new LinkedHashMap<>();
        for (Object each : (List<?>) definition.get("fields")) {
            Map<?, ?> field = (Map<?, ?>) each;
            if (!span(field, "versions").contains(version)) {
                continue;
            }
            if (span(field, "taggedVersions").contains(version)) {
                tagged.put(((Number) field.get("tag")).intValue(), field);
            } else {
                field(field, into);
            }
        }
        if (flexible) {
            tags(tagged, into);
        }
    }

    private void tags(Map<Integer, Map<?, ?>> known, Map<String, Object> into) {
        int count = in.readUnsignedVarint();
        for (int i = 0; i < count; i++) {
            Map<?, ?> field = known.get(in.readUnsignedVarint());
            int size = in.readUnsignedVarint();
            if (field == null) {
                in.skip(size);
            } else {
                field(field, into);
            }
        }
    }

    private void field(Map<?, ?> field, Map<String, Object> into) {
        String name = (String) field.get("name");
        String type = (String) field.get("type");
        if (type.startsWith("[]")) {
            list(field, name, type.substring(2), into);
        } else if (isStruct(field)) {
            boolean there = !span(field, "nullableVersions").contains(version) || in.readPresence();
            Map<String, Object> struct = there ? new LinkedHashMap<>() : null;
            into.put(name, struct);
            if (there) {
                struct(field, struct);
            }
        } else {
            into.put(name, value(type));
        }
    }

    private void list(Map<?, ?> field, String name, String element, Map<String, Object> into) {
        int count = flexible ? in.readUnsignedVarint() - 1 : in.readInt32();
        List<Object> list = count < 0 ? null : new ArrayList<>();
        into.put(name, list);
        for (int i = 0; i < count; i++) {
            if (isStruct(field)) {
                Map<String, Object> struct = new LinkedHashMap<>();
                list.add(struct);
                struct(field, struct);
            } else {
                list.add(value(element));
            }
        }
    }

    private static boolean isStruct(Map<?, ?> field) {
        return field.get("fields") instanceof List<?> fields && !fields.isEmpty();
    }

    private Object value(String type) {
        return switch (type) {
            case "bool" -> in.readBool();
            case "int8" -> in.readInt8();
            case "int16" -> in.readInt16();
            case "uint16" -> in.readUint16();
            case "int32" -> in.readInt32();
            case "uint32" -> in.readUint32();
            case "int64" -> in.readInt64();
            case "float64" -> in.readFloat64();
            case "uuid" -> in.readUuid().toString();
            case "string" -> in.readNullableString(flexible);
            case "records" -> MapWriter.bytes(in.readNullableRecords(flexible));
            default -> MapWriter.bytes(in.readNullableBytes(flexible));
        };
    }

    private static ProtocolSpan span(Map<?, ?> of, String key) {
        return of.get(key) instanceof String text ? ProtocolSpan.parse(text) : ProtocolSpan.NONE;
    }
}
