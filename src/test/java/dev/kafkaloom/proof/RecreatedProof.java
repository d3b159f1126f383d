package dev.kafkaloom.proof;

import static dev.kafkaloom.proof.ProofLab.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.testing.RealBroker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A topic of four partitions is deleted and made again with two, which soon have more records than the old ones had: who goes on at the old
 * position loses what is before it, and no broker says anything. Not for the checker: offsets mean two things here.
 */
final class RecreatedProof {
    private static final int OLD = 10;
    private static final int NEW = 30;

    private final ProofLab lab;

    RecreatedProof(ProofLab lab) {
        this.lab = lab;
    }

    String run() throws Exception {
        String topic = lab.topic(4, Map.of());
        String group = RealBroker.unique("recreated");
        Queue<ConsumedRecord> got = new ConcurrentLinkedQueue<>();
        HistoryMember member = lab.closeLater(new HistoryMember(
                ClientConfig.of(lab.bootstrap()),
                HistoryMember.quick(group, topic).build(),
                "member",
                lab.out(),
                (_, records) -> got.addAll(records)));
        for (TopicPartition tp : ProofLab.partitions(topic, 4)) {
            lab.send(tp, ProofLab.values("old-" + tp, 0, OLD));
        }
        within(30).untilAsserted(() -> assertThat(got).hasSize(4 * OLD));

        lab.admin().deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
        within(30).until(() -> !lab.admin().listTopics().names().get().contains(topic));
        lab.createTopicAgain(topic, 2);
        long begun = System.nanoTime();
        for (TopicPartition tp : ProofLab.partitions(topic, 2)) {
            lab.send(tp, ProofLab.values("new-" + tp, 0, NEW));
        }

        within(30).untilAsserted(() -> {
            for (TopicPartition tp : ProofLab.partitions(topic, 2)) {
                assertThat(values(got, "new-" + tp + "-")).containsAll(ProofLab.values("new-" + tp, 0, NEW));
            }
        });
        long took = (System.nanoTime() - begun) / 1_000_000;
        within(30)
                .untilAsserted(
                        () -> assertThat(member.owned()).containsExactlyElementsOf(ProofLab.partitions(topic, 2)));
        for (TopicPartition tp : ProofLab.partitions(topic, 2)) {
            assertThat(values(got, "new-" + tp + "-"))
                    .as("each once, in order")
                    .isEqualTo(ProofLab.values("new-" + tp, 0, NEW));
        }
        assertThat(values(got, "old-")).as("none again").hasSize(4 * OLD);
        return "all " + 2 * NEW + " records of the new topic from offset 0 on, " + took
                + " ms after the first was there";
    }

    private static List<String> values(Queue<ConsumedRecord> got, String prefix) {
        return got.stream()
                .map(it -> new String(it.value(), StandardCharsets.UTF_8))
                .filter(it -> it.startsWith(prefix))
                .toList();
    }
}
