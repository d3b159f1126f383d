package dev.kafkaloom.proof;

import static dev.kafkaloom.proof.ProofLab.within;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.RealBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A broker that deletes what is older than a second, and a group that reads more slowly. */
final class RetentionProof {
    private static final int BATCH = 10;
    private static final int BATCHES = 40;

    private final ProofLab lab;
    private final CountDownLatch gate = new CountDownLatch(1);

    RetentionProof(ProofLab lab) {
        this.lab = lab;
    }

    String run() throws Exception {
        lab.ownBroker(Map.of("log.retention.check.interval.ms", "200", "log.initial.task.delay.ms", "200"));
        String topic = lab.topic(1, Map.of("retention.ms", "1000", "segment.ms", "200", "file.delete.delay.ms", "0"));
        TopicPartition tp = new TopicPartition(topic, 0);
        String group = RealBroker.unique("retention");
        HistoryMember member = lab.closeLater(new HistoryMember(
                ClientConfig.of(lab.bootstrap()),
                HistoryMember.quick(group, topic)
                        .maxPollRecords(BATCH)
                        .maxPartitionFetchBytes(4096)
                        .fetchMaxBytes(4096)
                        .maxBufferedBytes(16_384)
                        .build(),
                "member",
                lab.out(),
                (_, _) -> gate.await()));
        for (int batch = 0; batch < BATCHES; batch++) {
            lab.send(tp, ProofLab.values("x".repeat(200), batch * BATCH, BATCH));
        }
        within(30).until(() -> member.delivered() > 0);
        int[] next = {BATCHES * BATCH};
        within(60)
                .until(
                        () -> { // it is what is appended that lets segments roll
                            lab.send(tp, ProofLab.values("then", next[0]++, 1));
                            return lab.start(tp) > member.delivered() + 200;
                        });
        gate.countDown();
        long last = lab.send(tp, ProofLab.values("last", 0, BATCH));
        lab.awaitAllCommitted(lab.watchCommits(group, () -> List.of(tp)), List.of(tp));
        long start = lab.start(tp);
        lab.out().deleted(tp, Math.max(start, last + 1 - BATCH)); // what is older went while it was read
        lab.judge();
        return "went on after " + member.delivered() + " records of " + (last + 1) + ", the log began at " + start;
    }
}
