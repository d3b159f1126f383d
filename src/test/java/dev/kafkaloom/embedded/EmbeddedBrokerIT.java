package dev.kafkaloom.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.testing.RealBroker;
import eu.maveniverse.maven.mima.context.Context;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.aether.RepositoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedBrokerIT {
    private static final Duration LEFT_BEHIND = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void itServesUntilItIsClosedAndLeavesNothing(String version) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(version, Options.defaults());
        Path folder = broker.log().getParent();
        long pid = broker.pid();
        assertThat(BrokerProbe.serves(broker.port())).isTrue();

        broker.close();

        assertThat(BrokerProbe.serves(broker.port())).isFalse();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void theNewestReleaseThatResolvesServes() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.newest(), Options.defaults())) {
            assertThat(broker.version()).startsWith("4.");
            assertThat(BrokerProbe.serves(broker.port())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void itDiesWithAParentThatIsKilled(String version) throws Exception {
        Process parent = parent(version);
        Child broker = childOf(parent);
        assertThat(broker.process()).isPresent();

        parent.destroyForcibly();

        await("the broker's end")
                .atMost(LEFT_BEHIND)
                .until(() -> broker.process().isEmpty());
        assertThat(broker.folder()).doesNotExist();
    }

    @Test
    void withAFolderOfItsOwnTheDataOutliveAParentThatIsKilled(@TempDir Path folder) throws Exception {
        Process parent = parent(RealBroker.NEWEST, folder.toString());
        Child broker = childOf(parent);

        parent.destroyForcibly();

        await("the broker's end")
                .atMost(LEFT_BEHIND)
                .until(() -> broker.process().isEmpty());
        assertThat(folder.resolve("data").resolve(BrokerLauncher.META_PROPERTIES))
                .exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void aKilledBrokerComesBackOnItsPortWithItsData(String version) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(version, Options.defaults())) {
            RealBroker.createTopic(broker, "kept", 1);
            Path partition = broker.log().getParent().resolve("data").resolve("kept-0");
            String before = broker.bootstrap();

            broker.kill();
            assertThat(BrokerProbe.serves(broker.port())).isFalse();
            broker.restart();

            assertThat(broker.bootstrap()).isEqualTo(before);
            assertThat(BrokerProbe.serves(broker.port())).isTrue();
            assertThat(partition).isDirectory();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void aBrokerThatMovesTakesItsDataToTheOtherPort(String version) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(version, Options.defaults())) {
            RealBroker.createTopic(broker, "moved", 1);
            Path partition = broker.log().getParent().resolve("data").resolve("moved-0");
            int before = broker.port();

            broker.restart(0);

            assertThat(broker.port()).isNotEqualTo(before);
            assertThat(BrokerProbe.serves(broker.port())).isTrue();
            assertThat(BrokerProbe.serves(before)).isFalse();
            assertThat(partition).isDirectory();
        }
    }

    @Test
    void aSuspendedBrokerAnswersAgainWhenResumed() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(RealBroker.OLDEST, Options.defaults())) {
            broker.suspend();
            assertThat(BrokerProbe.serves(broker.port())).isFalse();

            broker.resume();

            await("an answer").atMost(Duration.ofSeconds(20)).until(() -> BrokerProbe.serves(broker.port()));
        }
    }

    @Test
    void whatABrokerSaysBeforeItDiesIsInTheError() {
        Options wrong = Options.defaults().withProperty("log.cleaner.dedupe.buffer.size", "plenty");

        assertThatThrownBy(() -> EmbeddedBroker.start(RealBroker.OLDEST, wrong))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Kafka 0.9.0.1 ended with exit code 1 before it served; the end of its log:\n")
                .hasMessageContaining("plenty");
    }

    @Test
    void aTakenPortIsAnErrorThatNamesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Options options = Options.defaults().withPort(taken.getLocalPort());

            assertThatThrownBy(() -> EmbeddedBroker.start(RealBroker.OLDEST, options))
                    .isInstanceOf(IOException.class)
                    .hasMessage("port " + taken.getLocalPort() + " is taken");
        }
    }

    @Test
    void aReleaseThatWasNeverPublishedIsOneLine() {
        assertThatThrownBy(() -> EmbeddedBroker.start("4.98.7", Options.defaults()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Apache Kafka 4.98.7 cannot be fetched")
                .message()
                .hasLineCount(1);
    }

    @Test
    void theFolderOfADeadOwnerIsCleanedByTheNextStart() throws Exception {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Path orphan = Files.createDirectories(
                        temporary.resolve("kafka-loom-broker-of-nobody").resolve("data"))
                .getParent();
        Files.writeString(orphan.resolve("owner"), ProcessHandle.current().pid() + " 1");

        EmbeddedBroker.start(RealBroker.OLDEST, Options.defaults()).close();

        assertThat(orphan).doesNotExist();
    }

    private static Process parent(String... arguments) throws IOException {
        List<String> line = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                classPath(),
                                BrokerParent.class.getName()),
                        Stream.of(arguments))
                .toList();
        return new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Where what the parent needs was loaded from: java.class.path names the test launcher's jar only. */
    private static String classPath() {
        return Stream.of(
                        BrokerParent.class,
                        EmbeddedBroker.class,
                        Uuid.class,
                        MetadataRequest.class,
                        Context.class,
                        RepositoryException.class,
                        LoggerFactory.class)
                .map(EmbeddedBrokerIT::origin)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Child childOf(Process parent) throws IOException {
        BufferedReader out = parent.inputReader();
        String line = out.readLine();
        assertThat(line).startsWith("broker ");
        String[] word = line.split(" ", 3);
        return new Child(Long.parseLong(word[1]), Path.of(word[2]));
    }

    private record Child(long pid, Path folder) {
        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid);
        }
    }
}
