package dev.kafkaloom.generator;

import dev.kafkaloom.generator.emit.ApiEmitter;
import dev.kafkaloom.generator.emit.DefinitionsEmitter;
import dev.kafkaloom.generator.emit.Meanings;
import dev.kafkaloom.generator.emit.MessageEmitter;
import dev.kafkaloom.generator.emit.OutputFolder;
import dev.kafkaloom.generator.merge.DefinitionMerge;
import dev.kafkaloom.generator.schema.DefinitionReader;
import dev.kafkaloom.generator.schema.MessageSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Generates the message classes, and the definitions as a resource, from the definitions of two Kafka releases. Run from source by the
 * build: arguments are the folder of the newer definitions, the folder of the older ones, the folder of the meanings, the source root and
 * the resource root to write to.
 */
public final class GeneratorMain {
    private GeneratorMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 5) {
            throw new IllegalArgumentException(
                    "usage: GeneratorMain <newer definitions> <older definitions> <meanings> <source root> <resource root>");
        }
        DefinitionReader reader = new DefinitionReader();
        List<MessageSpec> newer = reader.readFolder(Path.of(arguments[0]));
        List<MessageSpec> older = reader.readFolder(Path.of(arguments[1]));
        List<MessageSpec> messages = DefinitionMerge.merge(newer, older);
        Meanings meanings = Meanings.read(Path.of(arguments[2]));
        Map<String, String> files = generate(messages, meanings);
        int changed = new OutputFolder(Path.of(arguments[3])).replaceWith(files);
        changed += new OutputFolder(Path.of(arguments[4]))
                .replaceWith(Map.of(DefinitionsEmitter.RESOURCE, new DefinitionsEmitter(meanings).emit(messages)));
        System.out.println("message classes: " + (files.size() + 1) + " files, " + changed + " changed");
    }

    /** File name to text of everything that is generated for these messages. */
    public static Map<String, String> generate(List<MessageSpec> messages, Meanings meanings) {
        ApiEmitter apis = new ApiEmitter(messages);
        Map<String, String> files = new TreeMap<>(apis.emit());
        for (MessageSpec message : messages) {
            files.put(message.name() + ".java", MessageEmitter.emit(message, apis.responseOf(message), meanings));
        }
        return files;
    }
}
