package dev.kafkaloom.proof;

import java.nio.file.Path;

/** {@code ProofMain LINE...}: runs these scenarios and prints {@code PASS|FAIL <line> <figure>} for each; ends with 1 when one failed. */
public final class ProofMain {
    private ProofMain() {}

    @SuppressWarnings("CatchAndPrintStackTrace") // this is a report
    public static void main(String[] args) throws Exception {
        boolean ok = true;
        for (String line : args) {
            long begun = System.nanoTime();
            try (ProofLab lab = new ProofLab(Path.of("target", "proof", line))) {
                String figure = Scenario.of(line).run(lab);
                System.out.printf("PASS %s %s (%d ms)%n", line, figure, (System.nanoTime() - begun) / 1_000_000);
            } catch (Exception | AssertionError e) {
                e.printStackTrace();
                System.out.printf(
                        "FAIL %s %s%n",
                        line, String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "));
                ok = false;
            }
        }
        System.exit(ok ? 0 : 1);
    }
}
