package dev.kafkaloom.ordeal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.ordeal.WorkRules.Order;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.sink.Sink.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checker that never turns red proves nothing: of what a good runtime leaves, by the sink itself, one line is taken out or moved. */
class WorkMutationTest {
    private static final WorkRules RULES = new WorkRules(Order.KEY, true, 1_000, Duration.ofSeconds(5));
    private static final HistorySink.Behaviour FAILING = new HistorySink.Behaviour(0.1, 0, Duration.ZERO, 0, -1);
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 300; // of each

    @TempDir
    private Path folder;

    @Test
    void whatASinkLeavesThatFailsNowAndThenIsOk() throws Exception {
        WorkVerdict verdict = judged(run(new Random(1), FAILING));
        assertThat(verdict.isOk()).as(verdict.toString()).isTrue();
        assertThat(verdict.figures().done()).isEqualTo(PARTITIONS * RECORDS);
        assertThat(verdict.figures().refused()).isPositive();
        assertThat(verdict.figures().again()).isPositive();
    }

    @Test
    void aRecordThatTheSinkKeepsSilentAboutIsMissed() throws Exception {
        var dropping = new HistorySink.Behaviour(0.1, 0, Duration.ZERO, 0, RECORDS + 17);
        assertThat(judged(run(new Random(1), dropping)).kinds()).contains(Wrong.LOST);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8})
    void noRecordMayBeDoneByNobody(long seed) throws Exception {
        Map<String, List<String>> good = run(new Random(seed), FAILING);
        for (String dropped : pick(good, "\"r\":\"done\"", new Random(seed))) {
            String place = dropped.replaceAll(".*(\"p\":.*\"o\":\\d+,).*", "$1");
            assertThat(judged(without(good, line -> line.contains(place) && line.contains("\"r\":\"done\"")))
                            .kinds())
                    .as("without %s", dropped)
                    .contains(Wrong.LOST);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8})
    void noLineOfTheLogMayBeMissing(long seed) throws Exception {
        Map<String, List<String>> good = run(new Random(seed), FAILING);
        for (String dropped : pick(good, "\"e\":\"log\"", new Random(seed))) {
            assertThat(judged(without(good, dropped::equals)).kinds())
                    .as("without %s", dropped)
                    .contains(Wrong.PHANTOM);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8})
    void noCommitMayComeEarlier(long seed) throws Exception {
        Map<String, List<String>> good = run(new Random(seed), FAILING);
        for (String early : pick(good, "\"e\":\"committed\"", new Random(seed))) {
            Map<String, List<String>> moved = without(good, early::equals);
            moved.get("lab").add(early.replaceAll("\"at\":\\d+", "\"at\":1"));
            assertThat(judged(moved).kinds()).as("early %s", early).contains(Wrong.COMMIT_AHEAD);
        }
    }

    @Test
    void whatAKilledProcessWasWritingDidNotHappen() throws Exception {
        Map<String, List<String>> good = run(new Random(7), FAILING);
        good.get("work-a").add("{\"e\":\"end\",\"at\":99");
        for (Map.Entry<String, List<String>> file : good.entrySet()) {
            Files.writeString(folder.resolve(file.getKey() + ".jsonl"), String.join("\n", file.getValue()));
        }
        good.get("work-a").removeLast();
        assertThat(judged(good).isOk()).isTrue();
    }

    private static List<String> pick(Map<String, List<String>> files, String like, Random random) {
        List<String> lines = new ArrayList<>();
        files.values()
                .forEach(each -> each.stream().filter(it -> it.contains(like)).forEach(lines::add));
        Collections.shuffle(lines, random);
        return lines.subList(0, 5);
    }

    private static Map<String, List<String>> without(
            Map<String, List<String>> files, java.util.function.Predicate<String> line) {
        Map<String, List<String>> rest = new HashMap<>();
        files.forEach((name, lines) -> rest.put(
                name, new ArrayList<>(lines.stream().filter(line.negate()).toList())));
        return rest;
    }

    private WorkVerdict judged(Map<String, List<String>> files) throws IOException {
        for (Map.Entry<String, List<String>> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey() + ".jsonl"), file.getValue());
        }
        return WorkChecker.judge(folder, RULES);
    }

    /** A runtime without a broker: batches in order, tries again what is not done, commits, is killed and begins at what it had committed. */
    private Map<String, List<String>> run(Random random, HistorySink.Behaviour behaviour) throws Exception {
        Path made = Files.createTempDirectory(folder, "made");
        List<String> log = new ArrayList<>();
        List<String> lab = new ArrayList<>();
        long[] committed = new long[PARTITIONS];
        for (String process : List.of("a", "b", "c")) {
            HistorySink sink = new HistorySink(made, process, behaviour);
            long last = process.equals("c") ? RECORDS : RECORDS / 2;
            for (int p = 0; p < PARTITIONS; p++) {
                for (long o = committed[p]; o < last; ) {
                    long end = Math.min(last, o + 1 + random.nextInt(20));
                    handle(sink, p, o, end);
                    o = end;
                    if (random.nextInt(3) == 0 || o == RECORDS) {
                        committed[p] = o;
                        lab.add(commit(p, o));
                    }
                }
            }
            sink.close();
            lab.add("{\"e\":\"killed\",\"at\":" + System.nanoTime() + "}");
        }
        for (int p = 0; p < PARTITIONS; p++) {
            for (long o = 0; o < RECORDS; o++) {
                ConsumedRecord record = record(p, o);
                log.add("{\"e\":\"log\",\"p\":%d,\"o\":%d,\"k\":\"%s\",\"c\":%d}"
                        .formatted(p, o, new String(record.key(), StandardCharsets.UTF_8), Fingerprint.of(record)));
            }
        }
        Map<String, List<String>> files = new HashMap<>(Map.of("log", log, "lab", lab));
        for (String process : List.of("a", "b", "c")) {
            files.put("work-" + process, Files.readAllLines(made.resolve("work-" + process + ".jsonl")));
        }
        return files;
    }

    private static String commit(int partition, long offset) {
        return "{\"e\":\"committed\",\"at\":%d,\"partition\":%d,\"offset\":%d}"
                .formatted(System.nanoTime(), partition, offset);
    }

    private static void handle(HistorySink sink, int partition, long from, long to) throws InterruptedException {
        List<ConsumedRecord> left = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            left.add(record(partition, offset));
        }
        while (!left.isEmpty()) {
            switch (sink.accept(List.copyOf(left))) {
                case Outcome.Each each -> {
                    for (int i = each.outcomes().size() - 1; i >= 0; i--) {
                        if (each.outcomes().get(i) instanceof Outcome.Done) {
                            left.remove(i);
                        }
                    }
                }
                case Outcome.Done _ -> left.clear();
                default -> {}
            }
        }
    }

    private static ConsumedRecord record(int partition, long offset) {
        return new ConsumedRecord(
                new TopicPartition("t", partition),
                offset,
                offset,
                TimestampType.CREATE_TIME,
                ("k" + offset % 10).getBytes(StandardCharsets.UTF_8),
                ((long) partition * RECORDS + offset + " value").getBytes(StandardCharsets.UTF_8),
                List.of(new Header("h", null)),
                1,
                1);
    }
}
