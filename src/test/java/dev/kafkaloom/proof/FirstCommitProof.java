package dev.kafkaloom.proof;

import static dev.kafkaloom.proof.ProofLab.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.history.Verdict;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.ChildJvm;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that commits once an hour is killed as soon as it has got a record; the next one, also from the end on, has to go on there. */
final class FirstCommitProof {
    private static final int BEFORE = 10;
    private static final Pattern OFFSET = Pattern.compile("\"e\":\"delivered\".*\"offset\":(\\d+)");

    private final ProofLab lab;
    private int sent;

    FirstCommitProof(ProofLab lab) {
        this.lab = lab;
    }

    String run() throws Exception {
        String topic = lab.topic(1, Map.of());
        TopicPartition tp = new TopicPartition(topic, 0);
        String group = RealBroker.unique("first");
        lab.send(tp, ProofLab.values("before", 0, BEFORE));
        Path file = lab.folder().resolve("victim.jsonl");
        long first;
        try (ChildJvm victim = ChildJvm.start(
                HistoryMember.class,
                lab.folder().resolve("victim.txt"),
                List.of(lab.bootstrap(), group, topic, "victim", file.toString(), "reset=largest", "commit=3600000"))) {
            within(60).until(() -> {
                assertThat(victim.isAlive()).as(victim.output()).isTrue();
                send(tp);
                return firstDelivered(file).isPresent();
            });
            victim.kill();
            lab.out().killed(group, "victim");
            first = firstDelivered(file).orElseThrow();
        }
        lab.out().owes(group, tp, first);
        for (int i = 0; i < 20; i++) {
            send(tp);
        }
        var config = HistoryMember.quick(group, topic).autoOffsetReset(OffsetReset.LATEST);
        lab.closeLater(new HistoryMember(lab.bootstrap(), config.build(), "heir", lab.out()));
        var commits = lab.watchCommits(group, () -> List.of(tp));
        lab.awaitAllCommitted(commits, List.of(tp));
        lab.out().rest(group, List.of(tp));
        Verdict verdict = lab.judge();
        assertThat(first).isGreaterThanOrEqualTo(BEFORE);
        return "killed after its first record, at " + first + "; all up to " + lab.end(tp) + " got, "
                + verdict.redelivered() + " again";
    }

    private void send(TopicPartition tp) throws Exception {
        lab.send(tp, ProofLab.values("then", sent++, 1));
    }

    private static OptionalLong firstDelivered(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(OFFSET::matcher)
                        .filter(Matcher::find)
                        .mapToLong(it -> Long.parseLong(it.group(1)))
                        .findFirst()
                : OptionalLong.empty();
    }
}
