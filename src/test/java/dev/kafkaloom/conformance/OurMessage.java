package dev.kafkaloom.conformance;

import dev.kafkaloom.console.Json;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One of kafka-loom's generated messages, by name. Any thread. */
final class OurMessage {
    private final String name;
    private final Method read;
    private final Method fromMap;

    OurMessage(String name) {
        this.name = name;
        try {
            Class<?> type = Class.forName("dev.kafkaloom.message." + name);
            this.read = type.getMethod("read", WireReader.class, short.class);
            this.fromMap = type.getMethod("fromMap", Map.class, short.class);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    /** Bytes left over are an error. */
    Message read(byte[] bytes, int version) {
        WireReader in = new WireReader(bytes, 0, bytes.length);
        Message message = (Message) call(read, null, in, (short) version);
        in.expectEnd(name);
        return message;
    }

    Message fromMap(Map<?, ?> map, int version) {
        return (Message) call(fromMap, null, map, (short) version);
    }

    Message fromJson(String json, int version) {
        try {
            return fromMap((Map<?, ?>) Json.read(json), version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String json(Message message, int version) {
        return Json.write(message.toMap((short) version));
    }

    static byte[] write(Message message, int version) {
        WireWriter out = new WireWriter(16);
        message.write(out, (short) version);
        return out.toBytes();
    }

    /** A sampled tree in the form that fromMap takes. */
    static Map<String, Object> mapForm(Map<?, ?> tree) {
        Map<String, Object> map = new LinkedHashMap<>();
        tree.forEach((key, value) -> map.put((String) key, form(value)));
        return map;
    }

    /** The same once more, every value of every struct through its builder. */
    static Object rebuilt(Object value) {
        return switch (value) {
            case Record struct when isGenerated(struct) -> rebuilt(struct);
            case List<?> list -> list.stream().map(OurMessage::rebuilt).toList();
            case null, default -> value;
        };
    }

    private static boolean isGenerated(Record struct) {
        return struct.getClass().getPackage() == Message.class.getPackage();
    }

    private static Object rebuilt(Record struct) {
        try {
            Object builder = struct.getClass().getMethod("builder").invoke(null);
            for (RecordComponent component : struct.getClass().getRecordComponents()) {
                Object value = rebuilt(component.getAccessor().invoke(struct));
                setter(builder, component.getName()).invoke(builder, value);
            }
            return builder.getClass().getMethod("build").invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(struct.getClass().getName(), e);
        }
    }

    private static Method setter(Object builder, String name) {
        for (Method method : builder.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == 1) {
                return method;
            }
        }
        throw new LinkageError(builder.getClass() + " has no " + name);
    }

    private static Object form(Object value) {
        return switch (value) {
            case Map<?, ?> tree -> mapForm(tree);
            case List<?> list -> {
                List<Object> forms = new ArrayList<>();
                list.forEach(element -> forms.add(form(element)));
                yield forms;
            }
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            case UUID id ->
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(ByteBuffer.allocate(16)
                                .putLong(id.getMostSignificantBits())
                                .putLong(id.getLeastSignificantBits())
                                .array());
            case null, default -> value;
        };
    }

    private static Object call(Method method, Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(method.toString(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method.toString(), e);
        }
    }
}
