package dev.kafkaloom.ordeal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was written down, made up line by line, each a second after the one before, of partition 0. */
final class WorkScene {
    private static final long SECOND = 1_000_000_000L;

    private final Map<String, List<String>> files = new TreeMap<>();
    private WorkRules.Order ordering = WorkRules.Order.PARTITION;
    private boolean direct;
    private long mostAgain = 100;
    private long now;

    WorkScene by(WorkRules.Order other) {
        ordering = other;
        return this;
    }

    WorkScene direct() {
        direct = true;
        return this;
    }

    WorkScene mostAgain(long records) {
        mostAgain = records;
        return this;
    }

    /** So many records, with keys in turn; an empty one is none. */
    WorkScene log(int count, String... keys) {
        for (int i = 0; i < count; i++) {
            String key = keys.length == 0 || keys[i % keys.length].isEmpty() ? "null" : quoted(keys[i % keys.length]);
            write("log", "{\"e\":\"log\",\"p\":0,\"o\":%d,\"k\":%s,\"c\":%d}".formatted(i, key, print(i)));
        }
        return this;
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static long print(long offset) {
        return 1000 + offset;
    }

    WorkScene dead(long offset) {
        return dead(offset, print(offset));
    }

    WorkScene dead(long offset, long print) {
        return write("dead", "{\"e\":\"dead\",\"p\":0,\"o\":%d,\"c\":%d}".formatted(offset, print));
    }

    WorkScene acknowledged(long offset) {
        return write("sent", "{\"e\":\"ok\",\"p\":0,\"o\":%d}".formatted(offset));
    }

    WorkScene committed(long offset) {
        return write(
                "lab",
                "{\"e\":\"committed\",\"at\":%d,\"group\":\"g\",\"topic\":\"t\",\"partition\":0,\"offset\":%d}"
                        .formatted(tick(), offset));
    }

    WorkScene killed() {
        return write("lab", "{\"e\":\"killed\",\"at\":%d,\"group\":\"g\",\"member\":\"m\"}".formatted(tick()));
    }

    WorkScene started(String process) {
        return write("work-" + process, "{\"e\":\"start\",\"at\":%d}".formatted(tick()));
    }

    WorkScene begun(String process, long offset) {
        return begun(process, offset, print(offset));
    }

    WorkScene begun(String process, long offset, long print) {
        return write(
                "work-" + process,
                "{\"e\":\"begin\",\"at\":%d,\"p\":0,\"o\":%d,\"k\":null,\"c\":%d,\"d\":1}"
                        .formatted(tick(), offset, print));
    }

    WorkScene ended(String process, long offset, String how) {
        return write(
                "work-" + process,
                "{\"e\":\"end\",\"at\":%d,\"p\":0,\"o\":%d,\"r\":\"%s\"}".formatted(tick(), offset, how));
    }

    /** Begun and done, one after the other. */
    WorkScene done(String process, long... offsets) {
        for (long offset : offsets) {
            begun(process, offset).ended(process, offset, "done");
        }
        return this;
    }

    WorkScene later(Duration time) {
        now += time.toNanos();
        return this;
    }

    private long tick() {
        now += SECOND;
        return now;
    }

    WorkScene write(String file, String line) {
        files.computeIfAbsent(file, _ -> new ArrayList<>()).add(line);
        return this;
    }

    WorkVerdict judged() throws IOException {
        Path folder = Files.createTempDirectory("work-scene");
        try {
            for (Map.Entry<String, List<String>> file : files.entrySet()) {
                Files.write(folder.resolve(file.getKey() + ".jsonl"), file.getValue());
            }
            return WorkChecker.judge(folder, new WorkRules(ordering, direct, mostAgain, Duration.ofSeconds(5)));
        } finally {
            for (String file : files.keySet()) {
                Files.delete(folder.resolve(file + ".jsonl"));
            }
            Files.delete(folder);
        }
    }
}
