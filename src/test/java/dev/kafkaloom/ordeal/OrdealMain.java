package dev.kafkaloom.ordeal;

import java.nio.file.Path;
import java.util.Locale;

/**
 * {@code OrdealMain LINE [storage=directly|file|redis] [ordering=partition|key|unordered] [records=200000] ...}: an ordeal as planned
 * ({@link OrdealPlan#of}); prints {@code LINE: figure} and ends with 1 unless everything was right. Its histories stay in target/ordeal.
 */
final class OrdealMain {
    private OrdealMain() {}

    @SuppressWarnings("CatchAndPrintStackTrace") // this is a report
    public static void main(String[] args) {
        String line = args[0];
        OrdealPlan plan = OrdealPlan.of(java.util.Arrays.copyOfRange(args, 1, args.length));
        boolean ok;
        long begun = System.nanoTime();
        try (OrdealLab lab = new OrdealLab(plan, Path.of("target", "ordeal", line))) {
            WorkVerdict verdict = new Ordeal(lab).run();
            verdict.examples().forEach(System.err::println);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %s, %s (%d s)%n",
                    line,
                    plan.title(),
                    verdict.line(),
                    (System.nanoTime() - begun) / 1_000_000_000);
            ok = verdict.isOk();
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.out.println(
                    line + ": " + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "));
            ok = false;
        }
        System.exit(ok ? 0 : 1);
    }
}
