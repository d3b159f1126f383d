package dev.kafkaloom.generator.emit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.generator.schema.Versions;
import java.util.List;
import java.util.Locale;

/**
 * {@code definitions.json}: the merged definitions as data, for what shows the protocol to people. Common structs are put in where they
 * are used.
 */
public final class DefinitionsEmitter {
    /** Where the resource stands. */
    public static final String RESOURCE = "definitions.json";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Meanings meanings;

    public DefinitionsEmitter(Meanings meanings) {
        this.meanings = meanings;
    }

    /** The text for these messages, which are in order. */
    public String emit(List<MessageSpec> messages) {
        ObjectNode root = NODES.objectNode();
        ArrayNode apis = root.putArray("apis");
        ArrayNode all = root.putArray("messages");
        for (MessageSpec message : messages) {
            if (message.kind() == MessageSpec.Kind.REQUEST) {
                apis.add(api(message));
            }
            all.add(message(message));
        }
        return root.toString();
    }

    private ObjectNode api(MessageSpec request) {
        String name = Names.api(request.name());
        Meanings.Api api = meanings.apis().get(name);
        return NODES.objectNode()
                .put("key", request.apiKey())
                .put("name", name)
                .put("for", api == null ? null : api.use())
                .put("about", api == null ? null : api.about());
    }

    private ObjectNode message(MessageSpec message) {
        ObjectNode node = NODES.objectNode()
                .put("name", message.name())
                .put("type", message.kind().name().toLowerCase(Locale.ROOT));
        node.set("apiKey", message.apiKey() < 0 ? NODES.nullNode() : NODES.numberNode(message.apiKey()));
        node.put("validVersions", message.valid().toString())
                .put("flexibleVersions", message.flexible().toString())
                .put("latestVersionUnstable", message.latestUnstable());
        ArrayNode listeners = node.putArray("listeners");
        message.listeners().forEach(listeners::add);
        node.put("about", meanings.messages().get(message.name()));
        node.set("fields", fields(message, message.name(), message.fields()));
        return node;
    }

    private ArrayNode fields(MessageSpec message, String prefix, List<FieldSpec> fields) {
        ArrayNode array = NODES.arrayNode();
        for (FieldSpec field : fields) {
            array.add(field(message, prefix + "." + Names.component(field.name()), field));
        }
        return array;
    }

    private ObjectNode field(MessageSpec message, String place, FieldSpec field) {
        ObjectNode node = NODES.objectNode()
                .put("name", Names.component(field.name()))
                .put("type", field.type().toString())
                .put("versions", field.versions().toString())
                .put("nullableVersions", field.nullable().toString())
                .put("taggedVersions", field.tagged().toString());
        Versions flexible = field.flexible();
        if (flexible != null) {
            node.put("flexibleVersions", flexible.toString());
        }
        node.set("tag", field.isTagged() ? NODES.numberNode(field.tag()) : NODES.nullNode());
        node.put("default", field.defaultValue())
                .put("ignorable", field.ignorable())
                .put("entityType", field.entityType())
                .put("mapKey", field.mapKey())
                .put("about", meanings.of(place));
        node.set(
                "fields",
                field.type().structName() == null
                        ? NODES.arrayNode()
                        : fields(message, place, message.fieldsOf(field)));
        return node;
    }
}
