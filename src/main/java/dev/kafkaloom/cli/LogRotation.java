package dev.kafkaloom.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.LengthCounter;
import ch.qos.logback.core.rolling.LengthCounterBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * When a log file is put aside: before it grows beyond a size, and when a day is over. What was put aside is numbered, 1 being the youngest, and
 * the oldest goes. Called by logback under the appender's own lock.
 */
final class LogRotation extends TriggeringPolicyBase<ILoggingEvent> {
    private final long maxSize;
    private final LengthCounter written = new LengthCounterBase();
    private LocalDate day; // of what is in the file; null before the first event

    private LogRotation(long maxSize) {
        this.maxSize = maxSize;
    }

    /**
     * An appender of {@code folder/name.log}, not started.
     *
     * @param maxSize bytes; 0: only the day counts
     * @param maxFiles of those put aside
     */
    static RollingFileAppender<ILoggingEvent> appender(
            LoggerContext context, Path folder, String name, long maxSize, int maxFiles) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName(name);
        appender.setFile(folder.resolve(name + ".log").toString());
        FixedWindowRollingPolicy aside = new FixedWindowRollingPolicy() {
            @Override
            protected int getMaxWindowSize() {
                return Integer.MAX_VALUE;
            }
        };
        aside.setContext(context);
        aside.setFileNamePattern(folder.resolve(name + ".%i.log").toString());
        aside.setMaxIndex(maxFiles);
        aside.setParent(appender);
        aside.start();
        appender.setRollingPolicy(aside);
        LogRotation when = new LogRotation(maxSize);
        when.setContext(context);
        when.start();
        appender.setTriggeringPolicy(when);
        return appender;
    }

    @Override
    public boolean isTriggeringEvent(File active, ILoggingEvent event) {
        LocalDate today = day(event.getTimeStamp());
        if (day == null) {
            written.add(active.length());
            day = active.length() == 0 ? today : day(active.lastModified());
        }
        if (today.equals(day) && (maxSize == 0 || written.getLength() < maxSize)) {
            return false;
        }
        written.reset();
        day = today;
        return true;
    }

    private static LocalDate day(long millis) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneId.systemDefault());
    }

    @Override
    public LengthCounter getLengthCounter() {
        return written;
    }
}
