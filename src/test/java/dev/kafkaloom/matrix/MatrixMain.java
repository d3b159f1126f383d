package dev.kafkaloom.matrix;

import dev.kafkaloom.embedded.TestedRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the README's matrix: {@code MatrixMain [all | quick | releases] [file]}. One broker after the other is started, the core
 * suite runs on it, and the table goes to the file, or to standard output; what happens is told on standard error meanwhile. Ends with 1
 * when a check failed.
 */
public final class MatrixMain {
    private MatrixMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<TestedRelease> releases = TestedRelease.select(args.length > 0 ? args[0] : "all");
        List<String> table = new ArrayList<>(MatrixRow.head());
        boolean ok = true;
        for (TestedRelease release : releases) {
            MatrixRow row = measure(release);
            System.err.println(row.markdown());
            table.add(row.markdown());
            ok &= row.ok();
        }
        if (args.length > 1) {
            Files.write(Path.of(args[1]), table);
        } else {
            table.forEach(System.out::println);
        }
        System.exit(ok ? 0 : 1);
    }

    private static MatrixRow measure(TestedRelease release) throws IOException, InterruptedException {
        try (Lab lab = Lab.open(release)) {
            Map<Check, MatrixRow.Outcome> outcomes = new EnumMap<>(Check.class);
            for (Check check : Check.values()) {
                outcomes.put(check, run(check, lab));
            }
            return new MatrixRow(release, lab.started(), lab.used(), outcomes);
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // this is a report
    private static MatrixRow.Outcome run(Check check, Lab lab) throws InterruptedException {
        long began = System.nanoTime();
        Throwable failure = null;
        try {
            check.run(lab);
        } catch (RuntimeException | AssertionError e) {
            System.err.println(lab.release() + ": " + check.title() + " failed");
            e.printStackTrace();
            failure = e;
        }
        return new MatrixRow.Outcome(Duration.ofNanos(System.nanoTime() - began), failure);
    }
}
