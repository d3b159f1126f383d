package dev.kafkaloom.ordeal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that was written down of a run: {@code log.jsonl} what is in the topic, read from outside in the end,
 * {@code work*.jsonl} one for each process that had a sink, any other {@code *.jsonl} for what was sent, committed, killed, and dead letters.
 */
final class WorkHistory {
    /** Seen from outside. */
    record Commit(long at, long offset) {}

    /** A record was done, and not for the first time, by a process that had begun at {@code since}. */
    record Again(int partition, long offset, long at, long since) {}

    private final NavigableMap<Integer, Trail> trails = new TreeMap<>();
    private final Map<Integer, List<Commit>> commits = new TreeMap<>();
    private final Map<String, Integer> keys = new HashMap<>();
    private final List<Again> again = new ArrayList<>();
    private final List<Long> interruptions = new ArrayList<>();
    private final Findings findings;
    private final Lanes lanes;
    private long logged;
    private long handed;
    private long refused;
    private long dead;

    private WorkHistory(WorkRules rules, Findings findings) {
        this.findings = findings;
        this.lanes = new Lanes(rules.ordering(), findings);
    }

    static WorkHistory read(Path folder, WorkRules rules, Findings findings) throws IOException {
        WorkHistory it = new WorkHistory(rules, findings);
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(each -> each.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            if (name(file).equals("log.jsonl")) {
                WorkLine.read(file, it::ofLog);
            }
        }
        for (Path file : files) {
            if (name(file).startsWith("work")) {
                it.readWork(file);
            } else if (!name(file).equals("log.jsonl")) {
                WorkLine.read(file, it::ofWorld);
            }
        }
        it.interruptions.sort(null);
        it.commits.values().forEach(each -> each.sort((a, b) -> Long.compare(a.at(), b.at())));
        return it;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private void ofLog(WorkLine line) {
        logged++;
        int key = line.key() == null ? Trail.NO_KEY : keys.computeIfAbsent(line.key(), _ -> keys.size());
        trail(line.partition()).logged(line.offset(), key, line.print());
    }

    private void ofWorld(WorkLine line) {
        switch (line.event()) {
            case "ok" -> {
                if (!trail(line.partition()).isLogged(line.offset())) {
                    findings.add(Wrong.LOG_LOST, place(line) + " was acknowledged and is not in the log");
                }
            }
            case "committed" ->
                commits.computeIfAbsent(line.partition(), _ -> new ArrayList<>())
                        .add(new Commit(line.at(), line.offset()));
            case "dead" -> {
                dead++;
                if (isAsLogged(line, "a dead letter")) {
                    trail(line.partition()).dead(line.offset());
                }
            }
            case "killed" -> interruptions.add(line.at());
            case "note" -> {}
            default -> throw unknown(line);
        }
    }

    private void readWork(Path file) throws IOException {
        long[] since = {0};
        lanes.nextProcess(name(file));
        WorkLine.read(file, line -> {
            switch (line.event()) {
                case "start" -> since[0] = line.at();
                case "begin" -> {
                    handed++;
                    if (isAsLogged(line, "the sink got a record")) {
                        Trail trail = trail(line.partition());
                        trail.began(line.offset(), line.at());
                        lanes.begin(line.partition(), trail.key(line.offset()), line.offset());
                    }
                }
                case "end" -> ended(line, since[0]);
                default -> throw unknown(line);
            }
        });
    }

    private void ended(WorkLine line, long since) {
        Trail trail = trail(line.partition());
        if (!trail.isLogged(line.offset())) {
            return; // told about when it began
        }
        lanes.end(line.partition(), trail.key(line.offset()), line.offset());
        switch (line.result()) {
            case "done" -> {
                long other = trail.done(line.offset());
                if (other == Trail.NEVER || line.at() < other) {
                    long otherSince = trail.done(line.offset(), line.at(), since);
                    since = otherSince; // the earlier one is the first, whichever file is read first
                }
                if (other != Trail.NEVER) {
                    again.add(new Again(line.partition(), line.offset(), Math.max(other, line.at()), since));
                }
            }
            case "retry", "reject" -> {
                refused++;
                trail.refused(line.offset(), line.at());
            }
            case "stopped" -> {}
            default -> throw unknown(line);
        }
    }

    private boolean isAsLogged(WorkLine line, String what) {
        Trail trail = trail(line.partition());
        if (!trail.isLogged(line.offset())) {
            findings.add(Wrong.PHANTOM, what + " of " + place(line) + ", which is not in the log");
            return false;
        }
        if (trail.print(line.offset()) != line.print()) {
            findings.add(Wrong.MANGLED, what + " of " + place(line) + ", and it is not the same as in the log");
        }
        return true;
    }

    private Trail trail(int partition) {
        return trails.computeIfAbsent(partition, _ -> new Trail());
    }

    private static String place(WorkLine line) {
        return line.partition() + "@" + line.offset();
    }

    private static IllegalArgumentException unknown(WorkLine line) {
        return new IllegalArgumentException("no such line: " + line);
    }

    /** By partition. */
    NavigableMap<Integer, Trail> trails() {
        return trails;
    }

    /** What the coordinator had told, in order. */
    List<Commit> commits(int partition) {
        return commits.getOrDefault(partition, List.of());
    }

    List<Again> again() {
        return again;
    }

    /** When something was killed or stopped, in order. */
    long[] interruptions() {
        return interruptions.stream().mapToLong(Long::longValue).toArray();
    }

    WorkVerdict.Figures figures(long most) {
        long done = 0;
        for (Trail trail : trails.values()) {
            for (long offset = 0; offset < trail.end(); offset++) {
                done += trail.isLogged(offset) && trail.done(offset) != Trail.NEVER ? 1 : 0;
            }
        }
        long seen = commits.values().stream().mapToLong(List::size).sum();
        return new WorkVerdict.Figures(
                logged, done, dead, handed, refused, again.size(), most, interruptions.size(), seen);
    }

    /** What may be in work at once in a process. */
    private static final class Lanes {
        private record Lane(int partition, long which) {}

        private final WorkRules.Order order;
        private final Findings findings;
        private final Map<Lane, Long> busy = new HashMap<>();
        private String process = "";

        Lanes(WorkRules.Order order, Findings findings) {
            this.order = order;
            this.findings = findings;
        }

        void nextProcess(String name) {
            process = name;
            busy.clear();
        }

        void begin(int partition, int key, long offset) {
            Long other = busy.put(lane(partition, key, offset), offset);
            if (other != null) {
                findings.add(
                        Wrong.OVERLAPPED,
                        "%s: %d@%d was begun while %d was in work".formatted(process, partition, offset, other));
            }
        }

        void end(int partition, int key, long offset) {
            busy.remove(lane(partition, key, offset));
        }

        private Lane lane(int partition, int key, long offset) {
            return switch (order) {
                case PARTITION -> new Lane(partition, -1);
                case KEY -> key == Trail.NO_KEY ? new Lane(partition, -1 - offset) : new Lane(partition, key);
                case UNORDERED -> new Lane(partition, offset);
            };
        }
    }
}
