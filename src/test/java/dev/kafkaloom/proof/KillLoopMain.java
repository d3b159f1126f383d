package dev.kafkaloom.proof;

import dev.kafkaloom.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;

/** {@code KillLoopMain [SECONDS]}: the kill loop; prints {@code kill-loop: <figure>} and ends with 1 when something was not as it must be. */
public final class KillLoopMain {
    private static final Duration USUAL = Duration.ofMinutes(3);

    private KillLoopMain() {}

    @SuppressWarnings("CatchAndPrintStackTrace") // this is a report
    public static void main(String[] args) {
        Duration loop = args.length > 0 ? Duration.ofSeconds(Long.parseLong(args[0])) : USUAL;
        boolean ok;
        try (ProofLab lab = new ProofLab(Path.of("target", "proof", "kill-loop"));
                KillLoop it = new KillLoop(lab)) {
            Verdict verdict = it.run(loop);
            Recovery recovery = it.recovery();
            recovery.lines().forEach(System.err::println);
            System.err.println(verdict);
            System.out.println("kill-loop: " + recovery.figure() + "; " + verdict.figures() + ", "
                    + verdict.redelivered() + " again");
            ok = verdict.isOk() && recovery.isInTime();
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.out.println(
                    "kill-loop: " + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "));
            ok = false;
        }
        System.exit(ok ? 0 : 1);
    }
}
