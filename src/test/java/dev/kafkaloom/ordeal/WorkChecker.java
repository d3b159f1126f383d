package dev.kafkaloom.ordeal;

import dev.kafkaloom.ordeal.WorkHistory.Again;
import dev.kafkaloom.ordeal.WorkHistory.Commit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Judges what daemons did with the records of a topic, from what was written down: {@code WorkChecker [--ordering partition|key|unordered]
 * [--direct] [--most-again N] FOLDER}. Prints one line, {@code ok; 200000 records, ...} or {@code 1 lost; ...}, and on standard error the
 * first of each kind; ends with 1 when something is wrong, with 2 when it cannot be read.
 *
 * <p>Done means: the sink was for the first time; a dead letter counts as done when the sink first refused it. Ordered means: of two records
 * of a key (or of the partition) the second is neither begun nor done before the first one is done.
 */
final class WorkChecker {
    private final WorkRules rules;
    private final Findings findings = new Findings();
    private final WorkHistory history;

    private WorkChecker(Path folder, WorkRules rules) throws IOException {
        this.rules = rules;
        this.history = WorkHistory.read(folder, rules, findings);
    }

    static WorkVerdict judge(Path folder, WorkRules rules) throws IOException {
        WorkChecker it = new WorkChecker(folder, rules);
        it.history.trails().forEach(it::checkRecords);
        it.history.trails().forEach(it::checkCommits);
        long most = it.checkAgain();
        return new WorkVerdict(it.findings.counts(), it.findings.examples(), it.history.figures(most));
    }

    private void checkRecords(int partition, Trail trail) {
        Map<Integer, Long> before = new HashMap<>(); // the predecessor, by key
        for (long offset = 0; offset < trail.end(); offset++) {
            if (!trail.isLogged(offset)) {
                continue;
            }
            if (trail.done(offset) == Trail.NEVER && !trail.isDead(offset)) {
                boolean begun = trail.begun(offset) != Trail.NEVER;
                findings.add(
                        Wrong.LOST, partition + "@" + offset + (begun ? " was begun, never done" : " was never begun"));
            } else if (isOrdered(trail.key(offset))) {
                int lane = rules.ordering() == WorkRules.Order.PARTITION ? 0 : trail.key(offset);
                Long predecessor = before.put(lane, offset);
                if (predecessor != null) {
                    checkOrder(partition, trail, predecessor, offset);
                }
            }
        }
    }

    private boolean isOrdered(int key) {
        return switch (rules.ordering()) {
            case PARTITION -> true;
            case KEY -> key != Trail.NO_KEY;
            case UNORDERED -> false;
        };
    }

    private void checkOrder(int partition, Trail trail, long first, long second) {
        long done = trail.completed(first);
        if (trail.completed(second) < done) {
            findings.add(
                    Wrong.OUT_OF_ORDER,
                    "%d@%d was done %.3f s before %d"
                            .formatted(partition, second, seconds(done - trail.completed(second)), first));
        } else if (trail.begun(second) < done) {
            findings.add(
                    Wrong.BEGUN_EARLY,
                    "%d@%d was begun %.3f s before %d was done"
                            .formatted(partition, second, seconds(done - trail.begun(second)), first));
        }
    }

    private void checkCommits(int partition, Trail trail) {
        long before = -1;
        long safe = 0; // all below was completed, the last of it at that moment
        long safeSince = Long.MIN_VALUE;
        for (Commit commit : history.commits(partition)) {
            if (commit.offset() < before) {
                findings.add(Wrong.COMMIT_REWOUND, "%d from %d to %d".formatted(partition, before, commit.offset()));
            }
            before = commit.offset();
            for (; rules.direct() && safe < Math.min(commit.offset(), trail.end()); safe++) {
                boolean counts =
                        trail.isLogged(safe) && trail.completed(safe) != Trail.NEVER; // else it is lost, and told
                safeSince = counts ? Math.max(safeSince, trail.completed(safe)) : safeSince;
                if (safeSince > commit.at()) {
                    findings.add(
                            Wrong.COMMIT_AHEAD,
                            "%d at %d, and %d was not done yet".formatted(partition, commit.offset(), safe));
                    break;
                }
            }
        }
    }

    /** Answers how many records were done again after the kill after which it were most. */
    private long checkAgain() {
        long[] kills = history.interruptions();
        long[] after = new long[kills.length + 1]; // the first: before any kill
        Map<List<Long>, List<Long>> ends = new HashMap<>();
        history.again()
                .forEach(it ->
                        ends.computeIfAbsent(place(it), _ -> new ArrayList<>()).add(it.at()));
        for (Again again : history.again()) {
            after[last(kills, again.at()) + 1]++;
            String why = rules.direct() ? staleByCommit(again) : staleByTime(again, ends.get(place(again)), kills);
            if (!why.isEmpty()) {
                findings.add(Wrong.STALE, again.partition() + "@" + again.offset() + " was done again, " + why);
            }
        }
        for (int i = 0; i < after.length; i++) {
            if (after[i] > rules.mostAgain()) {
                findings.add(
                        Wrong.TOO_MANY_AGAIN, after[i] + " after kill " + i + ", allowed are " + rules.mostAgain());
            }
        }
        return Arrays.stream(after).max().orElse(0);
    }

    /** Whether the process that did it again must have known from the start that it was committed. */
    private String staleByCommit(Again again) {
        for (Commit commit : history.commits(again.partition())) {
            if (commit.at() < again.since() && commit.offset() > again.offset()) {
                return "by a process that began when %d was committed".formatted(commit.offset());
            }
        }
        return "";
    }

    /** Whether a process did it again that began after a kill, and there was time before the kill to make its being done safe. */
    private String staleByTime(Again again, List<Long> ends, long[] kills) {
        int kill = last(kills, again.since());
        long first = history.trails().get(again.partition()).done(again.offset());
        if (kill < 0 || first > again.since()) {
            return "";
        }
        long before = ends.stream()
                .filter(at -> at < again.since())
                .mapToLong(Long::longValue)
                .max()
                .orElse(first);
        long calm = kill > 0 ? kills[kill - 1] : Long.MIN_VALUE / 2;
        long safe = Math.max(before, calm) + rules.safeAfter().toNanos();
        return safe < kills[kill] ? "done last %.3f s before the kill".formatted(seconds(kills[kill] - before)) : "";
    }

    private static List<Long> place(Again again) {
        return List.of((long) again.partition(), again.offset());
    }

    /** The last one not after this moment, -1 for none. */
    private static int last(long[] kills, long at) {
        int found = Arrays.binarySearch(kills, at);
        return found >= 0 ? found : -found - 2;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    public static void main(String[] args) {
        WorkRules.Order ordering = WorkRules.Order.PARTITION;
        boolean direct = false;
        long mostAgain = Long.MAX_VALUE;
        Path folder = null;
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--ordering" -> ordering = WorkRules.Order.valueOf(args[++i].toUpperCase(Locale.ROOT));
                    case "--direct" -> direct = true;
                    case "--most-again" -> mostAgain = Long.parseLong(args[++i]);
                    default -> folder = Path.of(args[i]);
                }
            }
            if (folder == null) {
                throw new IllegalArgumentException(
                        "usage: WorkChecker [--ordering O] [--direct] [--most-again N] FOLDER");
            }
            WorkVerdict verdict = judge(folder, new WorkRules(ordering, direct, mostAgain, Duration.ofSeconds(5)));
            List<String> examples = verdict.examples();
            examples.forEach(System.err::println);
            System.out.println(verdict.line());
            System.exit(verdict.isOk() ? 0 : 1);
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            System.err.println("history: " + e.getMessage());
            System.exit(2);
        }
    }
}
