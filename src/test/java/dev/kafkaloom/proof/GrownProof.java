package dev.kafkaloom.proof;

import static dev.kafkaloom.proof.ProofLab.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.history.HistoryProducer;
import dev.kafkaloom.history.Verdict;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.RealBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewPartitions;

/** Two members with auto.offset.reset=latest; the producer finds each new partition at once, the members some time after it. */
final class GrownProof {
    private static final List<Integer> SIZES = List.of(4, 7);

    private final ProofLab lab;

    GrownProof(ProofLab lab) {
        this.lab = lab;
    }

    String run() throws Exception {
        String topic = lab.topic(2, Map.of());
        String group = RealBroker.unique("grown");
        List<TopicPartition> partitions = ProofLab.partitions(topic, SIZES.getLast());
        HistoryMember one = lab.closeLater(member(group, topic, "one"));
        HistoryMember other = lab.closeLater(member(group, topic, "other"));
        ProofLab.awaitStable(one);
        ProofLab.awaitStable(other);
        try (HistoryProducer producer = new HistoryProducer(lab.bootstrap(), topic, 500, "flow", lab.out())) {
            for (int size : SIZES) {
                flow(producer);
                lab.admin()
                        .createPartitions(Map.of(topic, NewPartitions.increaseTo(size)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
                within(30)
                        .untilAsserted(() -> assertThat(
                                        one.owned().size() + other.owned().size())
                                .isEqualTo(size));
            }
            flow(producer);
        }
        var commits = lab.watchCommits(group, () -> partitions);
        lab.awaitAllCommitted(commits, partitions);
        lab.out().rest(group, partitions);
        Verdict verdict = lab.judge();
        return "grown from 2 to " + SIZES.getLast() + " partitions, all "
                + verdict.figures().acknowledged() + " records got, " + verdict.redelivered() + " again";
    }

    private static void flow(HistoryProducer producer) {
        long before = producer.acknowledged();
        within(30).until(() -> producer.acknowledged() > before + 200);
    }

    private HistoryMember member(String group, String topic, String name) throws InterruptedException {
        var config = HistoryMember.quick(group, topic).autoOffsetReset(OffsetReset.LATEST);
        return new HistoryMember(lab.bootstrap(), config.build(), name, lab.out());
    }
}
