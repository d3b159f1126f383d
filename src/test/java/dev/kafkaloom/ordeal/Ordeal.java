package dev.kafkaloom.ordeal;

import dev.kafkaloom.history.CommitWatch;
import dev.kafkaloom.storage.StorageKind;
import java.time.Duration;

/**
 * Daemons work off a topic of four partitions while it is written, and are killed in turn, and so are the broker and Redis; in the end all is
 * worked off in peace, the daemons are told to end, and everything is judged. One thread.
 */
final class Ordeal {
    private final OrdealLab lab;
    private final OrdealPlan plan;
    private int turn;

    Ordeal(OrdealLab lab) {
        this.lab = lab;
        this.plan = lab.plan();
    }

    WorkVerdict run() throws Exception {
        for (int i = 0; i < plan.daemons(); i++) {
            lab.daemon("daemon-" + i, "SERVER_PORT=0");
        }
        try (CommitWatch commits = lab.commits()) {
            try (WorkLoad load = lab.load()) {
                trouble(load);
                if (load.acknowledged() < plan.records()) {
                    throw new AssertionError("only " + load.acknowledged() + " records could be sent");
                }
            }
            lab.awaitAll(commits);
        }
        lab.endDaemons();
        return lab.judge();
    }

    /** Until all is sent and most of it done. */
    private void trouble(WorkLoad load) throws Exception {
        Turn daemon = new Turn(plan.kills().daemon());
        Turn broker = new Turn(plan.kills().broker());
        Turn redis = new Turn(plan.storage() == StorageKind.REDIS ? plan.kills().redis() : Duration.ZERO);
        long enough = plan.records() - plan.records() / 20;
        long deadline =
                System.nanoTime() + Duration.ofMinutes(5).toNanos() + 1_000_000_000L * plan.records() / plan.rate();
        while (!load.isOver() || lab.done() < enough) {
            lab.mustLive();
            if (daemon.hasCome()) {
                Daemon victim = lab.daemons().get(turn++ % plan.daemons());
                victim.kill();
                lab.killed(victim.name());
                victim.start();
                daemon.next();
            }
            if (broker.hasCome()) {
                lab.broker().kill();
                lab.killed("broker");
                lab.broker().restart();
                lab.killed("broker, which is back");
                broker.next();
            }
            if (redis.hasCome()) {
                lab.redis().kill();
                lab.killed("Redis");
                lab.redis().restart();
                lab.killed("Redis, which is back");
                redis.next();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("only " + lab.done() + " of " + plan.records() + " were done in time");
            }
            Thread.sleep(200);
        }
    }

    /** When something is killed next. */
    private static final class Turn {
        private final Duration every;
        private long at;

        Turn(Duration every) {
            this.every = every;
            next();
        }

        boolean hasCome() {
            return every.isPositive() && System.nanoTime() >= at;
        }

        void next() {
            at = System.nanoTime() + every.toNanos();
        }
    }
}
