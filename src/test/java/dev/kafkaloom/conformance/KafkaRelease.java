package dev.kafkaloom.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** One release of kafka-clients in a class loader of its own: its definitions and its message classes. Any thread. */
final class KafkaRelease {
    /** The release whose definitions count wherever both know a version. */
    static final KafkaRelease NEW = open("new");

    /** The last release with the versions that 4.0 dropped. */
    static final KafkaRelease OLD = open("old");

    private final String version;
    private final ClassLoader loader;
    private final Map<String, ApacheMessage> messages = new TreeMap<>();

    private KafkaRelease(String version, ClassLoader loader, List<Definition> definitions) {
        this.version = version;
        this.loader = loader;
        for (Definition definition : definitions) {
            messages.put(definition.newName(), new ApacheMessage(this, definition));
        }
    }

    static List<KafkaRelease> both() {
        return List.of(NEW, OLD);
    }

    /** Every message that has versions in this release. */
    List<ApacheMessage> messages() {
        return List.copyOf(messages.values());
    }

    /** By the name 4.x has for it; null if this release has no such message. */
    ApacheMessage message(String newName) {
        return messages.get(newName);
    }

    Class<?> type(String name) {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new LinkageError("kafka-clients " + version + " has no " + name, e);
        }
    }

    @Override
    public String toString() {
        return version;
    }

    private static KafkaRelease open(String which) {
        Path jar = Path.of("target", "kafka-classes", which + ".jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: mvn process-test-resources copies it");
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            return new KafkaRelease(version(file), new Isolated(jar.toUri()), definitions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(jar.toString(), e);
        }
    }

    private static String version(JarFile jar) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = jar.getInputStream(jar.getEntry("kafka/kafka-version.properties"))) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    private static List<Definition> definitions(JarFile jar) throws IOException {
        List<Definition> definitions = new ArrayList<>();
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
            if (entry.getName().matches("common/message/\\w+\\.json")) {
                Definition definition =
                        Definition.parse(jar.getInputStream(entry).readAllBytes());
                if (definition.valid().all().findAny().isPresent()) { // else it is what is left of a removed API
                    definitions.add(definition);
                }
            }
        }
        return definitions;
    }

    /** Kafka's classes out of its jar alone, whatever release the class path has; all others, Jackson among them, are shared. */
    private static final class Isolated extends URLClassLoader {
        private static final String OWN = "org.apache.kafka.";

        Isolated(URI jar) throws IOException {
            super(new URL[] {jar.toURL()}, KafkaRelease.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(OWN)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
