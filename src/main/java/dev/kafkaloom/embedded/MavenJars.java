package dev.kafkaloom.embedded;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Asks Maven's own resolver for the jars of a broker: the user's settings.xml, mirrors, proxies and local repository are honoured, and no
 * Maven needs to be installed. Runs on the caller's thread (the resolver downloads on threads of its own, which end with the call).
 */
final class MavenJars {
    /** Changes with what {@link #wanted} asks for, so that a class path remembered by an older build is not used. */
    static final String RECIPE = "-1";

    private static final String SCOPE = "runtime";

    private MavenJars() {}

    /** All jars of the release, each in the local repository when this returns; an IOException names in one line what is missing. */
    static List<Path> resolve(KafkaRelease release, Consumer<String> progress) throws IOException {
        try (Context maven = Runtimes.INSTANCE
                .getRuntime()
                .create(ContextOverrides.create().withUserSettings(true).build())) {
            DefaultRepositorySystemSession session =
                    new DefaultRepositorySystemSession(maven.repositorySystemSession());
            Downloads downloads = new Downloads(release, progress);
            session.setTransferListener(downloads);
            CollectRequest wanted = wanted(release).setRepositories(maven.remoteRepositories());
            List<Path> jars = maven
                    .repositorySystem()
                    .resolveDependencies(session, new DependencyRequest(wanted, null))
                    .getArtifactResults()
                    .stream()
                    .map(ArtifactResult::getArtifact)
                    .map(jar -> jar.getFile().toPath())
                    .toList();
            downloads.finished();
            return jars;
        } catch (RepositoryException e) {
            throw new IOException(
                    "the jars of Apache Kafka " + release.version() + " cannot be fetched: " + oneLine(e), e);
        }
    }

    private static CollectRequest wanted(KafkaRelease release) {
        CollectRequest wanted = new CollectRequest();
        List<Exclusion> useless = new ArrayList<>();
        useless.add(new Exclusion(
                "org.apache.yetus",
                "audience-annotations",
                "*",
                "*")); // its POM wants a JDK 8 and makes the resolver warn
        if (release.version().equals("4.4.0")) {
            useless.add(new Exclusion(
                    "org.apache.kafka", "kafka-tools-api", "*", "*")); // was never published, and is not missed
        }
        wanted.addDependency(new Dependency(
                new DefaultArtifact("org.apache.kafka:kafka_" + release.scala() + ":" + release.version()),
                SCOPE,
                false,
                useless));
        if (!release.bringsLog4j()) {
            wanted.addDependency(new Dependency(new DefaultArtifact("org.slf4j:slf4j-simple:1.7.36"), SCOPE));
        }
        if (release.atLeast(1_001) && !release.atLeast(20_000)) {
            // javax.xml.bind.DatatypeConverter left the JDK with 11
            wanted.addDependency(new Dependency(new DefaultArtifact("javax.xml.bind:jaxb-api:2.3.1"), SCOPE));
        }
        if (release.atLeast(20_000) && !release.atLeast(20_400)) {
            // ZOOKEEPER-3779: the client of 3.4.13 and 3.4.14 connects to "127.0.0.1/<unresolved>" since JDK 14
            wanted.addManagedDependency(
                    new Dependency(new DefaultArtifact("org.apache.zookeeper:zookeeper:3.4.10"), SCOPE));
        }
        return wanted;
    }

    /** What the resolver's innermost layer says: the outer ones only name what needed it. */
    private static String oneLine(RepositoryException failure) {
        Throwable inner = failure;
        while (inner.getCause() instanceof RepositoryException deeper) {
            inner = deeper;
        }
        String message = inner.getMessage() == null ? inner.toString() : inner.getMessage();
        return message.lines().findFirst().orElse("").strip();
    }

    /** Tells the user that something is downloaded, about every second; silent when everything is in the local repository. Thread-safe. */
    private static final class Downloads extends AbstractTransferListener {
        private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(1);
        private final KafkaRelease release;
        private final Consumer<String> progress;
        private final AtomicInteger jars = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong nextLine = new AtomicLong(System.nanoTime());

        Downloads(KafkaRelease release, Consumer<String> progress) {
            this.release = release;
            this.progress = progress;
        }

        @Override
        public void transferSucceeded(TransferEvent event) {
            if (event.getResource().getResourceName().endsWith(".jar")) {
                jars.incrementAndGet();
            }
            bytes.addAndGet(event.getTransferredBytes());
            long due = nextLine.get();
            if (System.nanoTime() - due >= 0 && nextLine.compareAndSet(due, System.nanoTime() + BETWEEN_LINES)) {
                progress.accept("downloading Apache Kafka " + release.version() + " (first use): " + soFar());
            }
        }

        void finished() {
            if (bytes.get() > 0) {
                progress.accept("downloaded Apache Kafka " + release.version() + ": " + soFar());
            }
        }

        private String soFar() {
            return "%d jars, %.1f MB".formatted(jars.get(), bytes.get() / 1e6);
        }
    }
}
