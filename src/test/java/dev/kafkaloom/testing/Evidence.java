package dev.kafkaloom.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.kafkaloom.console.FrameText;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.network.FrameLogs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Keeps what explains a failed test in target/failures/&lt;class&gt;.&lt;method&gt;: the failure, all threads (virtual ones too) as they were
 * before anything was torn down, the last frames of every client of this JVM, closed ones too, and the logs of the shared brokers. For
 * {@code @ExtendWith}.
 */
public final class Evidence implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private static final Path FAILURES = Path.of("target", "failures");
    private static final int MOST_TEXT = 4 << 20; // characters of frames

    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        keep(test, failure);
        throw failure;
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        keep(test, failure);
        throw failure;
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        keep(test, failure);
        throw failure;
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        keep(test, failure);
        throw failure;
    }

    private static void keep(ExtensionContext test, Throwable failure) {
        try {
            keep(FAILURES.toAbsolutePath(), name(test), failure);
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e); // the test's own failure is what counts
        }
    }

    /** Writes the evidence into a folder of the test's own, over what an earlier run left there. */
    static Path keep(Path failures, String name, Throwable failure) throws IOException {
        Path folder = Files.createDirectories(failures.resolve(name));
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        Files.writeString(folder.resolve("failure.txt"), trace.toString());
        Path threads = folder.resolve("threads.txt");
        Files.deleteIfExists(threads);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(threads.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        Files.writeString(folder.resolve("frames.txt"), frames());
        for (RealBroker broker : RealBroker.running()) {
            Path log = folder.resolve("broker-" + broker.version() + ".log");
            Files.copy(broker.process().log(), log, StandardCopyOption.REPLACE_EXISTING);
        }
        return folder;
    }

    /** The newest client first: that of the failed test. */
    private static String frames() {
        StringBuilder text = new StringBuilder();
        for (FrameLogs client : FrameLogs.ofJvm()) {
            for (ConnectionFrames connection : client.snapshot()) {
                if (text.length() > MOST_TEXT) {
                    return text.append("and more, of older clients\n").toString();
                }
                text.append(FrameText.of(connection)).append("\n\n");
            }
        }
        return text.toString();
    }

    private static String name(ExtensionContext test) {
        String method = test.getTestMethod().map(found -> "." + found.getName()).orElse("");
        String invocation = test.getDisplayName().startsWith("[") ? "-" + test.getDisplayName() : "";
        String name = test.getRequiredTestClass().getSimpleName() + method + invocation;
        return name.replaceAll("[^A-Za-z0-9.-]+", "_");
    }
}
