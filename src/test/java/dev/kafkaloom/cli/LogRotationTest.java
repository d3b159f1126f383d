package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRotationTest {
    @TempDir
    Path folder;

    private final LoggerContext context = new LoggerContext();
    private RollingFileAppender<ILoggingEvent> appender;
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    private void open(long maxSize, int maxFiles) {
        context.setMDCAdapter(new LogbackMDCAdapter());
        appender = LogRotation.appender(context, folder, "app", maxSize, maxFiles);
        appender.setEncoder(LogSetup.encoder(context, "%msg%n"));
        appender.start();
    }

    @AfterEach
    void close() {
        appender.stop();
    }

    private void log(String text) {
        LoggingEvent event = new LoggingEvent("", context.getLogger("x"), Level.INFO, text, null, null);
        event.setInstant(now);
        appender.doAppend(event);
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(it -> it.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void aFileOfTheSizeIsPutAsideAndTheOldestGoes() throws IOException {
        open(100, 2);
        for (int i = 0; i < 50; i++) {
            log("line %02d, ten bytes more".formatted(i));
        }
        assertThat(files()).containsExactly("app.1.log", "app.2.log", "app.log");
        assertThat(read("app.log")).endsWith("line 49, ten bytes more\n");
        assertThat(read("app.1.log") + read("app.log")).containsSubsequence("line 45", "line 46", "line 47", "line 48");
        for (String each : files()) {
            assertThat(read(each).length()).isLessThan(100 + 30);
        }
    }

    @Test
    void aNewDayBeginsANewFile() throws IOException {
        open(0, 5);
        log("yesterday");
        now = now.plus(Duration.ofDays(1));
        log("today");
        assertThat(read("app.1.log")).isEqualTo("yesterday\n");
        assertThat(read("app.log")).isEqualTo("today\n");
    }

    @Test
    void whatARunBeforeLeftCountsAsWell() throws IOException {
        Path left = Files.writeString(folder.resolve("app.log"), "x".repeat(99) + "\n");
        Files.setLastModifiedTime(left, FileTime.from(now));
        open(100, 5);
        log("new");
        assertThat(read("app.1.log")).hasSize(100);
        assertThat(read("app.log")).isEqualTo("new\n");
    }

    @Test
    void whatARunBeforeLeftOnAnotherDayIsPutAside() throws IOException {
        Path left = Files.writeString(folder.resolve("app.log"), "old\n");
        Files.setLastModifiedTime(left, FileTime.from(now.minus(Duration.ofDays(2))));
        open(0, 5);
        log("new");
        assertThat(read("app.1.log")).isEqualTo("old\n");
        assertThat(read("app.log")).isEqualTo("new\n");
    }
}
