package dev.kafkaloom.cli;

import java.time.Duration;

/** Something that a signal ends, as a process of its own: {@code start}, {@code quick}, {@code stuck} or {@code slow}. */
final class EndingProgram {
    private EndingProgram() {}

    public static void main(String[] args) throws Exception {
        int code = 0;
        try (Ending ending = Ending.awaited().patience(Duration.ofSeconds(args[0].equals("slow") ? 1 : 60))) {
            System.out.println("runs");
            if (args[0].equals("start")) {
                Thread.sleep(Duration.ofMinutes(1));
            }
            ending.started();
            ending.await();
            System.out.println("ends");
            if (!args[0].equals("quick")) {
                Thread.sleep(Duration.ofMinutes(1));
            }
        } catch (InterruptedException _) {
            System.out.println("interrupted");
            code = 1;
        }
        System.exit(Ending.codeOr(code));
    }
}
