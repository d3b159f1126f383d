package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** From the names of the definitions to names in Java. */
final class Names {
    private static final Set<String> METHODS_TAKEN = Set.of(
            "api",
            "read",
            "write",
            "toMap",
            "fromMap",
            "builder",
            "toBuilder",
            "build",
            "verify",
            "lowestVersion",
            "highestVersion",
            "readResponse",
            "clone",
            "finalize",
            "getClass",
            "hashCode",
            "notify",
            "notifyAll",
            "toString",
            "wait",
            "unknownTaggedFields");
    private static final Set<String> TYPES_TAKEN = Set.of(
            "Builder",
            "List",
            "ElementList",
            "Int32List",
            "Int64List",
            "Map",
            "LinkedHashMap",
            "ByteBuffer",
            "Uuid",
            "WireReader",
            "WireWriter",
            "RawTaggedField",
            "FieldCheck",
            "MapReader",
            "MapWriter",
            "KafkaException",
            "MalformedMessage",
            "String",
            "Short",
            "Integer",
            "Long",
            "Boolean",
            "Double",
            "Byte",
            "Object",
            "Message",
            "Request",
            "Response",
            "ApiKey",
            "Override",
            "SuppressWarnings");

    /** The other variables there. */
    private static final Set<String> LOCALS_TAKEN =
            Set.of("in", "version", "flexible", "at", "tags", "tag", "outer", "known", "elements", "i", "e");

    private Names() {}

    /** ThrottleTimeMs to throttleTimeMs. */
    static String component(String field) {
        String name = Character.toLowerCase(field.charAt(0)) + field.substring(1);
        if (METHODS_TAKEN.contains(name) || SourceVersion.isKeyword(name)) {
            throw new DefinitionException("a field cannot be called " + name);
        }
        return name;
    }

    /** The name of a field's local variable in {@code read}. */
    static String local(String component) {
        return LOCALS_TAKEN.contains(component) ? component + "Value" : component;
    }

    /** A struct's name is its class name. */
    static String type(String struct) {
        if (TYPES_TAKEN.contains(struct)) {
            throw new DefinitionException("a struct cannot be called " + struct);
        }
        return struct;
    }

    /** OffsetForLeaderEpoch to OFFSET_FOR_LEADER_EPOCH. */
    static String constant(String api) {
        return api.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    /** MetadataRequest to Metadata. */
    static String api(String message) {
        return message.replaceAll("(Request|Response)$", "");
    }
}
