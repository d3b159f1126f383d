package dev.kafkaloom.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.LevelFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.FilterReply;
import dev.kafkaloom.config.LogConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where log lines go. {@link LogSetup} says standard error; a runtime adds its files, and a console takes the lines off the screen. */
final class Logs {
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %thread: %msg%n%ex";
    private static final List<Level> LEVELS = List.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR);

    private Logs() {}

    /** Sets the level before the first logger is made, so that a one-shot command never touches logback's classes for it. */
    static void prepare(Invocation invocation) {
        boolean runs = switch (invocation.name()) {
            case "start", "demo", "broker" -> true;
            default -> false;
        };
        String quiet = runs && !invocation.quiet() ? "WARN" : "ERROR"; // a one-shot command tells its failure itself
        String level = switch (invocation.verbosity()) {
            case 0 -> quiet;
            case 1 -> "INFO";
            default -> "DEBUG";
        };
        if (System.getProperty(LogSetup.LEVEL) == null) {
            System.setProperty(LogSetup.LEVEL, level);
        }
    }

    /** Shows as much on standard error as would be in the file, if KAFKA_LOG_STDOUT says so, and with -v no less than that asks for. */
    static void toTerminal(LogConfig config) {
        var root = context().getLogger(Logger.ROOT_LOGGER_NAME);
        Level wanted = Level.toLevel(config.level());
        if (config.terminal() && !wanted.isGreaterOrEqual(root.getLevel())) {
            root.setLevel(wanted);
            System.setProperty(
                    LogSetup.LEVEL, wanted.toString()); // the console asks for it when it takes the screen over
        }
    }

    /**
     * Writes files as well, at the configured level: one with everything and one for each level. The terminal keeps its own level, unless
     * KAFKA_LOG_STDOUT says otherwise.
     *
     * @param app what they are called after
     */
    static void toFiles(LogConfig config, String app) throws IOException {
        toTerminal(config);
        String name = app.replaceAll("[^\\p{L}\\p{N}._-]", "_"); // a name of files, and no pattern
        LoggerContext context = context();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        Level shown = root.getLevel();
        Level wanted = Level.toLevel(config.level());
        Files.createDirectories(config.dir());
        Appender<ILoggingEvent> all = file(context, config, name);
        limit(all, wanted); // -v is about the terminal
        List<Appender<ILoggingEvent>> files = new ArrayList<>(List.of(all));
        for (Level level : LEVELS) {
            if (level.isGreaterOrEqual(wanted)) {
                Appender<ILoggingEvent> one =
                        file(context, config, name + "-" + level.toString().toLowerCase(Locale.ROOT));
                only(one, level);
                files.add(one);
            }
        }
        limit(root.getAppender(LogSetup.STDERR), shown);
        files.forEach(root::addAppender);
        root.setLevel(wanted.isGreaterOrEqual(shown) ? shown : wanted);
    }

    private static Appender<ILoggingEvent> file(LoggerContext context, LogConfig config, String name)
            throws IOException {
        var file = LogRotation.appender(context, config.dir(), name, config.maxSize(), config.maxFiles());
        file.setEncoder(LogSetup.encoder(context, PATTERN));
        file.start();
        if (!file.isStarted()) {
            throw new IOException("cannot write the log file " + file.getFile() + " (see KAFKA_LOG_DIR)");
        }
        return file;
    }

    private static void only(Appender<ILoggingEvent> appender, Level level) {
        LevelFilter filter = new LevelFilter();
        filter.setLevel(level);
        filter.setOnMatch(FilterReply.ACCEPT);
        filter.setOnMismatch(FilterReply.DENY);
        filter.start();
        appender.addFilter(filter);
    }

    /** From now on what would go to standard error goes to the console instead, which prints it above its prompt. */
    static void toConsole(Consumer<String> console) {
        LoggerContext context = context();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        Level threshold = Level.toLevel(System.getProperty(LogSetup.LEVEL), Level.WARN);
        root.detachAppender(LogSetup.STDERR);
        AppenderBase<ILoggingEvent> lines = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                console.accept(event.getLevel() + " " + event.getThreadName() + ": " + event.getFormattedMessage());
            }
        };
        lines.setContext(context);
        lines.setName("console");
        limit(lines, threshold);
        lines.start();
        root.addAppender(lines);
    }

    private static void limit(Appender<ILoggingEvent> appender, Level level) {
        if (appender != null) {
            var filter = new ch.qos.logback.classic.filter.ThresholdFilter();
            filter.setLevel(level.toString());
            filter.start();
            appender.addFilter(filter);
        }
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
