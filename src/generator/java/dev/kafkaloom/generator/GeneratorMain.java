package dev.kafkaloom.generator;

import dev.kafkaloom.generator.emit.ApiEmitter;
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
 * Generates the message classes from the definitions of two Kafka releases. Run from source by the build: arguments are the folder of the
 * newer definitions, the folder of the older ones, and the source root to write to.
 */
public final class GeneratorMain {
    private GeneratorMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException(
                    "usage: GeneratorMain <newer definitions> <older definitions> <output folder>");
        }
        DefinitionReader reader = new DefinitionReader();
        List<MessageSpec> newer = reader.readFolder(Path.of(arguments[0]));
        List<MessageSpec> older = reader.readFolder(Path.of(arguments[1]));
        Map<String, String> files = generate(DefinitionMerge.merge(newer, older));
        int changed = new OutputFolder(Path.of(arguments[2])).replaceWith(files);
        System.out.println("message classes: " + files.size() + " files, " + changed + " changed");
    }

    /** File name to text of everything that is generated for these messages. */
    public static Map<String, String> generate(List<MessageSpec> messages) {
        ApiEmitter apis = new ApiEmitter(messages);
        Map<String, String> files = new TreeMap<>(apis.emit());
        for (MessageSpec message : messages) {
            files.put(message.name() + ".java", MessageEmitter.emit(message, apis.responseOf(message)));
        }
        return files;
    }
}
