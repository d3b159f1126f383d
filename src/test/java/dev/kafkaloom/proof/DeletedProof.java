package dev.kafkaloom.proof;

import static dev.kafkaloom.proof.ProofLab.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.RealBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;

/** Two groups that read slowly, one that may go on at the beginning and one that may go on nowhere; what is next for both is deleted. */
final class DeletedProof {
    private static final int BATCHES = 60;
    private static final int BATCH = 10;
    private static final long DELETED = 450;

    private final ProofLab lab;
    private final CountDownLatch gate = new CountDownLatch(1);

    DeletedProof(ProofLab lab) {
        this.lab = lab;
    }

    String run() throws Exception {
        String topic = lab.topic(1, Map.of());
        TopicPartition tp = new TopicPartition(topic, 0);
        String may = RealBroker.unique("earliest");
        String mayNot = RealBroker.unique("none");
        for (int batch = 0; batch < BATCHES; batch++) {
            lab.send(tp, ProofLab.values("x".repeat(200), batch * BATCH, BATCH));
        }
        lab.commit(mayNot, tp, 0);
        HistoryMember goesOn = member(slow(may, topic), "goes-on");
        HistoryMember stops = member(slow(mayNot, topic).autoOffsetReset(OffsetReset.NONE), "stops");
        within(30).until(() -> goesOn.delivered() > 0 && stops.delivered() > 0);

        lab.out().deleted(tp, DELETED);
        lab.admin()
                .deleteRecords(Map.of(ProofLab.kafka(tp), RecordsToDelete.beforeOffset(DELETED)))
                .all()
                .get(30, TimeUnit.SECONDS);
        gate.countDown();

        var commits = lab.watchCommits(may, () -> List.of(tp));
        lab.awaitAllCommitted(commits, List.of(tp));
        within(30).until(() -> only(stops).failed());
        assertThat(only(stops).lastError()).contains(tp.toString()).contains("does not hold offset");
        long gotBefore = stops.delivered();
        assertThat(gotBefore).as("it skipped nothing").isLessThan(DELETED);
        lab.out().owes(mayNot, tp, lab.end(tp)); // from here on it owes nothing: it has said so
        lab.judge();
        assertThat(goesOn.delivered()).isLessThan(BATCHES * BATCH);
        return "records below " + DELETED + " deleted: earliest goes on there, none stops after " + gotBefore
                + " with: " + only(stops).lastError();
    }

    /** One that cannot have fetched all before it is deleted. */
    private static ConsumerConfig.Builder slow(String group, String topic) {
        return HistoryMember.quick(group, topic)
                .maxPollRecords(BATCH)
                .maxPartitionFetchBytes(4096)
                .fetchMaxBytes(4096)
                .maxBufferedBytes(16_384);
    }

    private HistoryMember member(ConsumerConfig.Builder config, String name) throws InterruptedException {
        return lab.closeLater(new HistoryMember(
                ClientConfig.of(lab.bootstrap()), config.build(), name, lab.out(), (_, _) -> gate.await()));
    }

    private static MemberSnapshot only(HistoryMember member) {
        return member.group().snapshot().members().getFirst();
    }
}
