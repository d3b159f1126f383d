package dev.kafkaloom.message;

import dev.kafkaloom.generator.merge.DefinitionMerge;
import dev.kafkaloom.generator.schema.DefinitionReader;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The generated classes by name, and the definitions they were made from. */
final class Messages {
    private static final Path DEFINITIONS = Path.of("target", "kafka-definitions");

    private Messages() {}

    static List<MessageSpec> merged() throws IOException {
        DefinitionReader reader = new DefinitionReader();
        return DefinitionMerge.merge(
                reader.readFolder(DEFINITIONS.resolve("new/common/message")),
                reader.readFolder(DEFINITIONS.resolve("old/common/message")));
    }

    static Message fromMap(String name, Map<String, Object> map, short version) {
        return call(name, "fromMap", Map.class, map, version);
    }

    static Message read(String name, byte[] bytes, short version) {
        WireReader in = new WireReader(bytes, 0, bytes.length);
        Message message = call(name, "read", WireReader.class, in, version);
        in.expectEnd(name);
        return message;
    }

    static byte[] write(Message message, short version) {
        WireWriter out = new WireWriter(16);
        message.write(out, version);
        return out.toBytes();
    }

    private static Message call(String name, String method, Class<?> type, Object argument, short version) {
        try {
            Class<?> message = Class.forName("dev.kafkaloom.message." + name);
            return (Message) message.getMethod(method, type, short.class).invoke(null, argument, version);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(name, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }
}
