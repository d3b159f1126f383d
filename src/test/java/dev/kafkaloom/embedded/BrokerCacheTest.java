package dev.kafkaloom.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerCacheTest {
    private static final KafkaRelease RELEASE = KafkaRelease.parse("9.9.9");

    @TempDir
    Path folder;

    @Test
    void aRememberedClassPathIsUsedWhileItsJarsAreThere() throws Exception {
        Path jar = Files.createFile(folder.resolve("a.jar"));
        BrokerCache cache = remembering(jar);

        assertThat(cache.jars(RELEASE, _ -> {}, this::unexpected)).containsExactly(jar);
    }

    @Test
    void aMissingJarMakesItResolveAgain() throws Exception {
        Path jar = Files.createFile(folder.resolve("b.jar"));
        BrokerCache cache = remembering(folder.resolve("deleted.jar"));

        List<Path> jars = cache.jars(RELEASE, _ -> {}, (_, _) -> List.of(jar));

        assertThat(jars).containsExactly(jar);
        assertThat(cache.jars(RELEASE, _ -> {}, this::unexpected))
                .as("remembered")
                .containsExactly(jar);
    }

    @Test
    void theLaunchersJarHoldsTheLauncherOnly() throws Exception {
        Path jar = new BrokerCache(folder).launcherJar();

        try (JarFile content = new JarFile(jar.toFile())) {
            assertThat(content.stream().map(Object::toString))
                    .containsExactly("dev/kafkaloom/embedded/BrokerLauncher.class");
        }
        assertThat(new BrokerCache(folder).launcherJar()).as("the second time").isEqualTo(jar);
    }

    private BrokerCache remembering(Path jar) throws IOException {
        Files.writeString(folder.resolve("9.9.9" + MavenJars.RECIPE + ".classpath"), jar.toString());
        return new BrokerCache(folder);
    }

    private List<Path> unexpected(KafkaRelease release, Consumer<String> progress) {
        throw new AssertionError("resolved " + release + " although everything is there");
    }
}
