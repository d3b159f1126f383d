package dev.kafkaloom.generator.emit;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.MessageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * What fields, APIs and messages mean, in our words: the files of {@code src/generator/meanings}. Lines of a key, a tab and a meaning.
 *
 * @param fields by the name of a field, or by its place ({@code FetchRequest.topics.partition}), which goes first
 * @param apis by the API's name
 * @param messages by the name of a message that is neither request nor response
 */
public record Meanings(Map<String, String> fields, Map<String, Api> apis, Map<String, String> messages) {
    /** No meanings at all. */
    public static final Meanings NONE = new Meanings(Map.of(), Map.of(), Map.of());

    /**
     * What an API is.
     *
     * @param use {@code client} or {@code inter-broker}
     * @param about what it is for
     */
    public record Api(String use, String about) {
        private static Api parse(String text) {
            int tab = text.indexOf('\t');
            if (tab < 0) {
                throw new DefinitionException("apis.tsv: no second tab in " + text);
            }
            return new Api(text.substring(0, tab), text.substring(tab + 1).strip());
        }
    }

    /** Reads the three files. */
    public static Meanings read(Path folder) throws IOException {
        Map<String, Api> apis = new LinkedHashMap<>();
        table(folder.resolve("apis.tsv")).forEach((name, text) -> apis.put(name, Api.parse(text)));
        return new Meanings(table(folder.resolve("fields.tsv")), apis, table(folder.resolve("messages.tsv")));
    }

    /** The meaning of the field at that place, for example {@code FetchRequest.topics.partition}; null if there is none. */
    String of(String place) {
        return fields.getOrDefault(place, fields.get(place.substring(place.lastIndexOf('.') + 1)));
    }

    /** What the message is, or what its API is for; null if there is no meaning. */
    String of(MessageSpec message) {
        if (message.apiKey() < 0) {
            return messages.get(message.name());
        }
        Api api = apis.get(Names.api(message.name()));
        return api == null ? null : api.about();
    }

    /** What is wrong with them for these messages: what has no meaning, and meanings of what does not exist. */
    public List<String> complaints(List<MessageSpec> all) {
        Set<String> unused = new TreeSet<>(fields.keySet());
        unused.addAll(apis.keySet());
        unused.addAll(messages.keySet());
        List<String> complaints = new ArrayList<>();
        for (MessageSpec message : all) {
            if (of(message) == null) {
                complaints.add("no meaning of " + message.name());
            }
            unused.remove(message.apiKey() < 0 ? message.name() : Names.api(message.name()));
            eachField(message, (place, field) -> {
                if (of(place) == null) {
                    complaints.add("no meaning of " + place);
                }
                unused.remove(place);
                unused.remove(Names.component(field.name()));
            });
        }
        unused.forEach(key -> complaints.add("nothing is called " + key));
        return complaints;
    }

    private static void eachField(MessageSpec message, BiConsumer<String, FieldSpec> visit) {
        eachField(message, message.name(), message.fields(), visit);
    }

    private static void eachField(
            MessageSpec message, String prefix, List<FieldSpec> fields, BiConsumer<String, FieldSpec> visit) {
        for (FieldSpec field : fields) {
            String place = prefix + "." + Names.component(field.name());
            visit.accept(place, field);
            if (field.type().structName() != null) {
                eachField(message, place, message.fieldsOf(field), visit);
            }
        }
    }

    private static Map<String, String> table(Path file) throws IOException {
        Map<String, String> table = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int tab = line.indexOf('\t');
            if (tab <= 0
                    || table.put(line.substring(0, tab), line.substring(tab + 1).strip()) != null) {
                throw new DefinitionException(file + ": no tab, or a key that is there already: " + line);
            }
        }
        return table;
    }
}
