package dev.kafkaloom.proof;

import static dev.kafkaloom.proof.ProofLab.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.OnCorrupt;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One byte of the third of five batches is turned over in the file of a stopped broker, which then gives it out as it is. */
final class CorruptProof {
    private static final int BATCHES = 5;
    private static final int BATCH = 4;
    private static final int DAMAGED = 2;
    private static final int PAYLOAD = 61 + 8;

    private final ProofLab lab;

    CorruptProof(ProofLab lab) {
        this.lab = lab;
    }

    String run() throws Exception {
        EmbeddedBroker broker = lab.ownBroker(Map.of());
        String topic = lab.topic(1, Map.of());
        TopicPartition tp = new TopicPartition(topic, 0);
        for (int batch = 0; batch < BATCHES; batch++) {
            lab.send(tp, ProofLab.values("v", batch * BATCH, BATCH));
        }
        broker.stop();
        damage(segment(tp));
        broker.restart();

        String stops = RealBroker.unique("stops");
        String skips = RealBroker.unique("skips");
        HistoryMember stopping = member(stops, topic, OnCorrupt.STOP);
        HistoryMember skipping = member(skips, topic, OnCorrupt.SKIP);
        within(60).untilAsserted(() -> assertThat(only(stopping).failed()).isTrue());
        assertThat(only(stopping).lastError()).contains(tp.toString()).contains(Integer.toString(DAMAGED * BATCH));
        assertThat(stopping.delivered()).isEqualTo(DAMAGED * BATCH);
        within(30).untilAsserted(() -> assertThat(skipping.delivered()).isEqualTo((BATCHES - 1) * BATCH));
        var skipped = lab.watchCommits(skips, () -> List.of(tp));
        lab.awaitAllCommitted(skipped, List.of(tp));
        var stopped = lab.watchCommits(stops, () -> List.of(tp));
        within(30).untilAsserted(() -> assertThat(stopped.look()).containsEntry(tp, (long) DAMAGED * BATCH));
        return "stop: " + only(stopping).lastError() + "; skip: " + skipping.delivered() + " of " + BATCHES * BATCH
                + " got, committed to the end";
    }

    private HistoryMember member(String group, String topic, OnCorrupt onCorrupt) throws InterruptedException {
        var config = HistoryMember.quick(group, topic).onCorrupt(onCorrupt);
        return lab.closeLater(new HistoryMember(lab.bootstrap(), config.build(), group, lab.out()));
    }

    private static MemberSnapshot only(HistoryMember member) {
        return member.group().snapshot().members().getFirst();
    }

    private Path segment(TopicPartition tp) throws IOException {
        try (Stream<Path> files = Files.walk(lab.folder())) {
            return files.filter(it -> it.endsWith(Path.of(tp.toString(), "00000000000000000000.log")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A batch begins with its offset, 8 bytes, and the length of what follows, 4. */
    private static void damage(Path file) throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
            long at = 0;
            for (int batch = 0; batch < DAMAGED; batch++) {
                log.seek(at + 8);
                at += 12 + log.readInt();
            }
            log.seek(at);
            assertThat(log.readLong()).as("where the batch begins").isEqualTo(DAMAGED * BATCH);
            log.seek(at + PAYLOAD);
            int before = log.read();
            log.seek(at + PAYLOAD);
            log.write(before ^ 1);
        }
    }
}
