package dev.kafkaloom.record;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * {@link MemoryRecordsAdapter} on the releases of kafka-clients that the build has: the one on the class path as it is, the others each
 * in a class loader that rewrites the names of those classes that lie in another package there.
 */
final class ApacheReleases {
    private static final String KAFKA = "org/apache/kafka/common/";
    private static final String VERSION = "kafka/kafka-version.properties";

    private ApacheReleases() {}

    /** By release number. */
    static Map<String, ApacheRecords> all() {
        Map<String, ApacheRecords> all = new TreeMap<>();
        all.put(version(MemoryRecordsAdapter.class.getClassLoader().getResource(VERSION)), new MemoryRecordsAdapter());
        add(all, "old", Map.of(KAFKA + "record/internal/", KAFKA + "record/"));
        add(
                all,
                "new",
                Map.of(
                        KAFKA + "utils/ByteBufferOutputStream",
                        KAFKA + "utils/internals/ByteBufferOutputStream",
                        KAFKA + "utils/BufferSupplier",
                        KAFKA + "utils/internals/BufferSupplier"));
        return all;
    }

    private static void add(Map<String, ApacheRecords> all, String which, Map<String, String> moved) {
        Path jar = Path.of("target", "kafka-classes", which + ".jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: mvn process-test-resources copies it");
        }
        try {
            Isolated loader = new Isolated(jar, moved);
            Class<?> adapter = loader.loadClass(MemoryRecordsAdapter.class.getName());
            all.put(version(loader.findResource(VERSION)), (ApacheRecords)
                    adapter.getConstructor().newInstance());
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException(which, e);
        }
    }

    private static String version(URL properties) {
        try (InputStream in = properties.openStream()) {
            Properties read = new Properties();
            read.load(in);
            return read.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kafka's classes out of the jar alone, the adapter renamed, all others shared. */
    private static final class Isolated extends URLClassLoader {
        private final Map<String, String> moved;

        Isolated(Path jar, Map<String, String> moved) throws IOException {
            super(new URL[] {jar.toUri().toURL()}, ApacheReleases.class.getClassLoader());
            this.moved = moved;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean adapter = name.startsWith(MemoryRecordsAdapter.class.getName());
            if (!adapter && !name.startsWith("org.apache.kafka.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : adapter ? renamed(name) : findClass(name);
            }
        }

        private Class<?> renamed(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = rename(new DataInputStream(in));
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        /** Copies a class file, its constant pool's strings replaced (JVMS 4.4). */
        private byte[] rename(DataInputStream in) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeLong(in.readLong()); // magic number and version
            int entries = in.readUnsignedShort();
            out.writeShort(entries);
            for (int i = 1; i < entries; i++) {
                int tag = in.readUnsignedByte();
                out.writeByte(tag);
                switch (tag) {
                    case 1 -> out.writeUTF(replaced(in.readUTF()));
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> out.writeInt(in.readInt());
                    case 5, 6 -> {
                        out.writeLong(in.readLong());
                        i++; // takes two entries
                    }
                    case 7, 8, 16, 19, 20 -> out.writeShort(in.readShort());
                    case 15 -> {
                        out.writeByte(in.readByte());
                        out.writeShort(in.readShort());
                    }
                    default -> throw new IOException("constant pool tag " + tag);
                }
            }
            in.transferTo(out);
            return bytes.toByteArray();
        }

        private String replaced(String text) {
            String result = text;
            for (Map.Entry<String, String> one : moved.entrySet()) {
                result = result.replace(one.getKey(), one.getValue());
            }
            return result;
        }
    }
}
