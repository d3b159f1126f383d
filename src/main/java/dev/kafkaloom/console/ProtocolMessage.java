package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A generated message type by its name: bytes to maps and back. Thread-safe. Found by name because a class is then only loaded when it
 * is asked for; a switch over all of them would have to name each twice.
 */
final class ProtocolMessage {
    private static final Map<String, ProtocolMessage> KNOWN = new ConcurrentHashMap<>();

    private final String name;
    private final MethodHandle read;
    private final MethodHandle fromMap;
    private final ProtocolSpan versions;

    private ProtocolMessage(Class<?> type) throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodType reading = MethodType.methodType(type, WireReader.class, short.class);
        MethodType mapping = MethodType.methodType(type, Map.class, short.class);
        this.name = type.getSimpleName();
        this.read = lookup.findStatic(type, "read", reading).asType(reading.changeReturnType(Message.class));
        this.fromMap = lookup.findStatic(type, "fromMap", mapping).asType(mapping.changeReturnType(Message.class));
        this.versions = new ProtocolSpan(
                (short) lookup.findStaticVarHandle(type, "LOWEST_VERSION", short.class)
                        .get(),
                (short) lookup.findStaticVarHandle(type, "HIGHEST_VERSION", short.class)
                        .get());
    }

    /** By the exact name of the generated class. */
    static ProtocolMessage of(String name) {
        return KNOWN.computeIfAbsent(name, _ -> load(name));
    }

    static ProtocolMessage of(ApiKey api, boolean request) {
        return of(api.apiName() + (request ? "Request" : "Response"));
    }

    static boolean exists(String name) {
        try {
            return of(name).name.equals(name);
        } catch (IllegalStateException _) {
            return false;
        }
    }

    private static ProtocolMessage load(String name) {
        try {
            return new ProtocolMessage(Class.forName(Message.class.getPackageName() + "." + name));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no message " + name, e);
        }
    }

    String name() {
        return name;
    }

    ProtocolSpan versions() {
        return versions;
    }

    /** Reads what {@code in} is at; what follows is not looked at. */
    Message read(WireReader in, short version) {
        return invoke(read, in, version);
    }

    /** Makes a message of its map form; a field that does not fit is what somebody wrote wrongly: {@link UsageException}. */
    Message fromMap(Map<?, ?> map, short version) {
        try {
            return invoke(fromMap, map, version);
        } catch (KafkaException.InvalidRequest e) {
            throw new UsageException(e.oneLine());
        }
    }

    void write(Map<?, ?> map, short version, WireWriter out) {
        fromMap(map, version).write(out, version);
    }

    private static Message invoke(MethodHandle method, Object argument, short version) {
        try {
            return (Message) method.invoke(argument, version);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e); // the generated methods declare none
        }
    }
}
