package dev.kafkaloom.ordeal;

import dev.kafkaloom.history.CommitWatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code SoakMain SECONDS [plan...]}: a daemon works beside another one that comes and goes, killed or told to; every half minute it is looked
 * at. Prints {@code soak: figure} and ends with 1 when it is more of anything in the last quarter than in the first, or anything was lost.
 */
final class SoakMain {
    private static final long LOOK_EVERY = 30_000; // ms
    private static final int CHANGE_EVERY = 20; // seconds

    private SoakMain() {}

    @SuppressWarnings("CatchAndPrintStackTrace") // this is a report
    public static void main(String[] args) {
        long seconds = Long.parseLong(args[0]);
        List<String> words =
                new ArrayList<>(List.of("storage=file", "ordering=unordered", "daemons=2", "rate=500", "broker=0"));
        words.addAll(List.of(args).subList(1, args.length));
        words.add("records=" + seconds * 500);
        boolean ok;
        try (OrdealLab lab =
                new OrdealLab(OrdealPlan.of(words.toArray(String[]::new)), Path.of("target", "ordeal", "soak"))) {
            List<Body> bodies = new ArrayList<>();
            WorkVerdict verdict = run(lab, seconds, bodies);
            int quarter = Math.max(1, bodies.size() / 4);
            Body first = Body.median(bodies.subList(0, quarter));
            Body last = Body.median(bodies.subList(bodies.size() - quarter, bodies.size()));
            verdict.examples().forEach(System.err::println);
            bodies.forEach(System.err::println);
            System.out.printf("soak: %d s, at first %s; in the end %s; %s%n", seconds, first, last, verdict.line());
            ok = last.isNoMoreThan(first) && verdict.isOk();
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.out.println("soak: " + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "));
            ok = false;
        }
        System.exit(ok ? 0 : 1);
    }

    private static WorkVerdict run(OrdealLab lab, long seconds, List<Body> bodies) throws Exception {
        Daemon stays = lab.daemon("daemon-0", "SERVER_PORT=0");
        Daemon comes = lab.daemon("daemon-1", "SERVER_PORT=0");
        try (CommitWatch commits = lab.commits()) {
            try (WorkLoad load = lab.load()) {
                long begun = System.nanoTime();
                long looked = 0;
                for (int change = 0; !load.isOver(); change++) {
                    change(lab, comes, change);
                    while (!load.isOver()
                            && (System.nanoTime() - begun) / 1_000_000_000 < (change + 1L) * CHANGE_EVERY) {
                        lab.mustLive();
                        long now = (System.nanoTime() - begun) / 1_000_000;
                        if (now - looked >= LOOK_EVERY && now > Math.min(120_000, seconds * 100)) {
                            looked = now;
                            bodies.add(Body.of(stays.pid()));
                        }
                        Thread.sleep(200);
                    }
                }
            }
            comes.end();
            comes.start(); // what it has stored is worked off by itself alone
            lab.awaitAll(commits);
        }
        lab.endDaemons();
        return lab.judge();
    }

    /** The other daemon goes, one way or the other, or comes again. */
    private static void change(OrdealLab lab, Daemon other, int change) throws Exception {
        switch (change % 4) {
            case 0 -> other.end();
            case 2 -> other.kill();
            default -> other.start();
        }
        lab.killed(other.name() + ", or it is back");
    }
}
