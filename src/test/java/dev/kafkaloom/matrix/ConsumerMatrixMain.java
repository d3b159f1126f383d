package dev.kafkaloom.matrix;

import dev.kafkaloom.embedded.TestedRelease;
import java.io.IOException;
import java.util.List;

/**
 * {@code ConsumerMatrixMain [all | quick | releases]}: the consumer's checks and the group of two of the core suite on these releases; a
 * line for each on standard error, and {@code matrix: <how many passed>} at the end. Ends with 1 when one failed.
 */
public final class ConsumerMatrixMain {
    private int passed;
    private int failed;

    private ConsumerMatrixMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<TestedRelease> releases = TestedRelease.select(args.length > 0 ? args[0] : "all");
        ConsumerMatrixMain main = new ConsumerMatrixMain();
        for (TestedRelease release : releases) {
            main.run(release);
        }
        System.out.printf(
                "matrix: %d of %d checks on %d releases and modes%n",
                main.passed, main.passed + main.failed, releases.size());
        System.exit(main.failed == 0 ? 0 : 1);
    }

    private interface Body {
        void run() throws InterruptedException, IOException;
    }

    private void run(TestedRelease release) throws IOException, InterruptedException {
        try (Lab lab = Lab.open(release)) {
            check(release + " group of two", () -> GroupCheck.twoMembers(lab));
            for (ConsumerCheck check : ConsumerCheck.values()) {
                check(release + " " + check, () -> check.run(lab));
            }
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // this is a report
    private void check(String what, Body body) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            body.run();
            passed++;
            System.err.println(what + ": ok, " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        } catch (IOException | RuntimeException | AssertionError e) {
            failed++;
            System.err.println(what + ": FAILED");
            e.printStackTrace();
        }
    }
}
