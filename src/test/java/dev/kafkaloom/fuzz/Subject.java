package dev.kafkaloom.fuzz;

import dev.kafkaloom.generator.merge.DefinitionMerge;
import dev.kafkaloom.generator.schema.DefinitionReader;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.generator.schema.StructSpec;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A message in one of its versions: its definition, and the generated class behind it. */
record Subject(MessageSpec spec, short version) {
    private static final Path DEFINITIONS =
            Path.of(System.getProperty("kafkaloom.definitions", "target/kafka-definitions"));
    private static final Map<String, Generated> GENERATED = new ConcurrentHashMap<>();

    /** The definitions that the classes were generated from, by name, so that an index means the same every time. */
    static List<MessageSpec> messages() {
        DefinitionReader reader = new DefinitionReader();
        try {
            return DefinitionMerge.merge(
                            reader.readFolder(DEFINITIONS.resolve("new/common/message")),
                            reader.readFolder(DEFINITIONS.resolve("old/common/message")))
                    .stream()
                    .sorted(Comparator.comparing(MessageSpec::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every message in every version. */
    static List<Subject> all() {
        List<Subject> all = new ArrayList<>();
        for (MessageSpec spec : messages()) {
            for (int version = spec.valid().lowest(); version <= spec.valid().highest(); version++) {
                all.add(new Subject(spec, (short) version));
            }
        }
        return all;
    }

    /** As errors name it. */
    String label() {
        return spec.name() + " v" + version;
    }

    /** Whether it is the lowest, the highest or the first flexible version. */
    boolean isTelling() {
        return version == spec.valid().lowest()
                || version == spec.valid().highest()
                || version == spec.flexible().lowest();
    }

    boolean isFlexible() {
        return spec.flexible().contains(version);
    }

    /** Reads all of the bytes. */
    Message read(byte[] bytes) {
        WireReader in = new WireReader(bytes, 0, bytes.length);
        Message message = generated().read(in, version);
        in.expectEnd(label());
        return message;
    }

    Message fromMap(Map<String, Object> map) {
        return generated().fromMap(map, version);
    }

    byte[] write(Message message) {
        WireWriter out = new WireWriter(64);
        message.write(out, version);
        return out.toBytes();
    }

    /** The fields of a struct, or of the struct that an array is of. */
    List<FieldSpec> inside(FieldSpec field) {
        if (field.type().structName() == null) {
            return List.of();
        }
        return field.fields().isEmpty()
                ? spec.common(field.type().structName()).map(StructSpec::fields).orElseThrow()
                : field.fields();
    }

    static String jsonName(FieldSpec field) {
        return field.name().substring(0, 1).toLowerCase(Locale.ROOT)
                + field.name().substring(1);
    }

    private Generated generated() {
        return GENERATED.computeIfAbsent(spec.name(), Generated::find);
    }

    /** The static methods of a generated class. */
    private record Generated(MethodHandle readFrom, MethodHandle mapped) {
        static Generated find(String name) {
            try {
                Class<?> type = Class.forName("dev.kafkaloom.message." + name);
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                MethodHandle read =
                        lookup.findStatic(type, "read", MethodType.methodType(type, WireReader.class, short.class));
                MethodHandle map =
                        lookup.findStatic(type, "fromMap", MethodType.methodType(type, Map.class, short.class));
                return new Generated(
                        read.asType(MethodType.methodType(Message.class, WireReader.class, short.class)),
                        map.asType(MethodType.methodType(Message.class, Map.class, short.class)));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(name, e);
            }
        }

        Message read(WireReader in, short version) {
            try {
                return (Message) readFrom.invokeExact(in, version);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        Message fromMap(Map<String, Object> map, short version) {
            try {
                return (Message) mapped.invokeExact(map, version);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }
}
