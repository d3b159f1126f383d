package dev.kafkaloom.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checker that never turns red proves nothing: from a good history one line is taken out, and it must notice. */
class HistoryMutationTest {
    private static final int PARTITIONS = 3;
    private static final List<String> MEMBERS = List.of("a", "b", "c");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void oneDeliveryThatIsDroppedTurnsTheVerdictRed(long seed) throws Exception {
        List<String> lines = written(new Random(seed));
        assertThat(judged(lines).toString()).startsWith("history: ok");
        Random random = new Random(seed);
        for (int tries = 0; tries < 10; tries++) {
            List<String> once = deliveredOnce(lines);
            String dropped = once.get(random.nextInt(once.size()));
            List<String> rest = lines.stream().filter(it -> !it.equals(dropped)).toList();
            assertThat(judged(rest).kinds())
                    .as("without %s", dropped)
                    .containsAnyOf(Anomaly.Kind.LOST, Anomaly.Kind.UNSEEN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send", "done"})
    void noOtherLineOfTheTruthMayBeMissing(String event) throws Exception {
        List<String> lines = written(new Random(42));
        String last = lines.stream() // what was done last was committed, and nobody did it again
                .filter(it -> is(event, it))
                .reduce((_, later) -> later)
                .orElseThrow();
        List<String> rest = lines.stream().filter(it -> !it.equals(last)).toList();
        assertThat(judged(rest).isOk()).as("without %s", last).isFalse();
    }

    @Test
    void whatAKilledProcessWasWritingDidNotHappen() throws Exception {
        List<String> lines = written(new Random(7));
        Path file = folder.resolve("torn.jsonl");
        Files.writeString(file, String.join("\n", lines) + "\n{\"e\":\"delivered\",\"at\":99");
        assertThat(Checker.judge(file).isOk()).isTrue();
    }

    private Verdict judged(List<String> lines) throws IOException {
        Path file = folder.resolve("history.jsonl");
        Files.write(file, lines);
        return Checker.judge(file);
    }

    /** Those of acknowledged records that were got once. */
    private static List<String> deliveredOnce(List<String> lines) {
        Map<String, List<String>> deliveries = lines.stream()
                .filter(it -> is("delivered", it))
                .collect(Collectors.groupingBy(HistoryMutationTest::value));
        return lines.stream()
                .filter(it -> is("ok", it))
                .map(it -> deliveries.get(value(it)))
                .filter(it -> it.size() == 1)
                .map(List::getFirst)
                .toList();
    }

    private static boolean is(String event, String line) {
        return line.startsWith("{\"e\":\"" + event + "\"");
    }

    private static String value(String line) {
        return line.replaceAll(".*\"value\":\"([^\"]*)\".*", "$1");
    }

    /** What a good client does: sends, gets, does, commits the prefix, hands over, and dies now and then. */
    private List<String> written(Random random) throws IOException {
        Path file = folder.resolve("written.jsonl");
        Files.deleteIfExists(file);
        try (HistoryWriter out = HistoryWriter.open(file)) {
            Group group = new Group(out, random);
            for (int step = 0; step < 600; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> group.rebalance();
                    case 1 -> group.killOwner();
                    case 2, 3, 4 -> group.send();
                    case 5 -> group.commit();
                    default -> group.consume();
                }
            }
            group.finish();
        }
        return Files.readAllLines(file);
    }

    private static final class Group {
        private final HistoryWriter out;
        private final Random random;
        private final Map<TopicPartition, List<String>> logs = new HashMap<>();
        private final Map<TopicPartition, Integer> committed = new HashMap<>();
        private final Map<TopicPartition, Integer> position = new HashMap<>();
        private final Map<TopicPartition, String> owners = new HashMap<>();
        private long epoch;
        private int values;

        Group(HistoryWriter out, Random random) {
            this.out = out;
            this.random = random;
            for (int number = 0; number < PARTITIONS; number++) {
                logs.put(new TopicPartition("t", number), new ArrayList<>());
            }
            rebalance();
        }

        void send() {
            TopicPartition tp = new TopicPartition("t", random.nextInt(PARTITIONS));
            String value = "v" + values++;
            out.send("p", "t", value);
            logs.get(tp).add(value);
            if (random.nextInt(20) == 0) {
                out.info("p", "t", value); // it is there all the same
            } else {
                out.ok("p", tp, logs.get(tp).size() - 1, value);
            }
        }

        void consume() {
            TopicPartition tp = new TopicPartition("t", random.nextInt(PARTITIONS));
            int from = position.get(tp);
            int to = Math.min(logs.get(tp).size(), from + 1 + random.nextInt(4));
            for (int offset = from; offset < to; offset++) {
                out.delivered(
                        "g", owners.get(tp), epoch, tp, offset, logs.get(tp).get(offset));
            }
            if (to > from) {
                out.done("g", owners.get(tp), epoch, tp, from, to - 1);
                position.put(tp, to);
            }
        }

        void commit() {
            committed.putAll(position);
            committed.forEach((tp, offset) -> out.committed("g", tp, offset));
        }

        void rebalance() {
            commit();
            owners.forEach((tp, member) -> out.revoked("g", member, epoch, List.of(tp)));
            assign();
        }

        void killOwner() {
            String victim = owners.get(new TopicPartition("t", random.nextInt(PARTITIONS)));
            out.killed("g", victim);
            owners.values().removeIf(victim::equals);
            owners.forEach((tp, member) -> out.revoked("g", member, epoch, List.of(tp)));
            assign();
        }

        private void assign() {
            epoch++;
            for (TopicPartition tp : logs.keySet()) {
                owners.put(tp, MEMBERS.get(random.nextInt(MEMBERS.size())));
                position.put(tp, committed.getOrDefault(tp, 0));
                out.assigned("g", owners.get(tp), epoch, List.of(tp));
            }
            out.rest("g", logs.keySet());
        }

        void finish() {
            while (logs.entrySet().stream()
                    .anyMatch(it -> position.get(it.getKey()) < it.getValue().size())) {
                consume();
            }
            commit();
        }
    }
}
