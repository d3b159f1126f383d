package dev.kafkaloom.proof;

import static dev.kafkaloom.proof.ProofLab.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.consumer.IsolationLevel;
import dev.kafkaloom.history.HistoryWriter;
import dev.kafkaloom.history.Verdict;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.RealBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Two transactional producers whose transactions overlap, some aborted, and one that stays open for a while. */
final class AbortedProof {
    private static final int ROUNDS = 8;
    private static final int RECORDS = 5;

    private final ProofLab lab;
    private final String topic;
    private final List<TopicPartition> partitions;
    private int committed;
    private int aborted;

    AbortedProof(ProofLab lab) throws Exception {
        this.lab = lab;
        this.topic = lab.topic(2, Map.of());
        this.partitions = ProofLab.partitions(topic, 2);
    }

    String run() throws Exception {
        Transactions one = lab.closeLater(new Transactions("one"));
        Transactions other = lab.closeLater(new Transactions("other"));
        String group = RealBroker.unique("committed");
        var config = HistoryMember.quick(group, topic);
        HistoryMember reader = lab.closeLater(new HistoryMember(
                lab.bootstrap(), config.isolation(IsolationLevel.READ_COMMITTED).build(), "reader", lab.out()));
        HistoryMember all = lab.closeLater(new HistoryMember(
                lab.bootstrap(),
                HistoryMember.quick(RealBroker.unique("uncommitted"), topic).build(),
                "all",
                lab.closeLater(HistoryWriter.open(
                        lab.folder().resolve("uncommitted.txt"))))); // not for the checker: it may see aborted ones
        var commits = lab.watchCommits(group, () -> partitions);
        overlapping(one, other);
        long before = committed;
        within(30)
                .untilAsserted(() ->
                        assertThat(reader.delivered()).as("committed records").isEqualTo(before));

        one.begin();
        other.begin();
        one.end(false); // nothing came of it, and 'other' stays open
        lab.send(partitions.getFirst(), ProofLab.values("plain", 0, RECORDS));
        committed += RECORDS;
        within(30)
                .untilAsserted(() ->
                        assertThat(all.delivered()).as("all records").isEqualTo(committed + aborted + other.open()));
        assertThat(reader.delivered()).as("behind an open transaction").isEqualTo(before);
        other.end(true);

        within(30)
                .untilAsserted(() ->
                        assertThat(reader.delivered()).as("committed records").isEqualTo(committed));
        lab.awaitAllCommitted(commits, partitions);
        Verdict verdict = lab.judge();
        assertThat(verdict.redelivered()).isZero();
        return committed + " records of committed transactions got once, none of " + aborted + " aborted ones; "
                + RECORDS + " waited behind an open transaction; committed to the end";
    }

    private void overlapping(Transactions one, Transactions other) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            one.begin();
            other.begin();
            lab.send(partitions.get(round % 2), ProofLab.values("between-" + round, 0, 2));
            committed += 2;
            (round % 2 == 0 ? one : other).end(round % 3 == 0); // who began first does not always end first
            (round % 2 == 0 ? other : one).end(round % 4 != 1);
        }
    }

    /** A transactional producer that writes to both partitions. */
    private final class Transactions implements AutoCloseable {
        private final String name;
        private final KafkaProducer<String, String> producer;
        private final List<String> values = new ArrayList<>();
        private int number;

        Transactions(String name) {
            this.name = name;
            this.producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", lab.bootstrap(), "transactional.id", RealBroker.unique(name)),
                    new StringSerializer(),
                    new StringSerializer());
            producer.initTransactions();
        }

        /** All records are in the log when this returns. */
        void begin() throws Exception {
            producer.beginTransaction();
            for (int i = 0; i < RECORDS; i++) {
                TopicPartition tp = partitions.get(i % 2);
                String value = name + "-" + number++;
                lab.out().send(name, topic, value);
                Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(topic, tp.partition(), null, value));
                producer.flush();
                lab.out().ok(name, tp, sent.get(30, TimeUnit.SECONDS).offset(), value);
                values.add(value);
            }
        }

        int open() {
            return values.size();
        }

        void end(boolean commit) {
            if (commit) {
                producer.commitTransaction();
                committed += values.size();
            } else {
                values.forEach(value -> lab.out().fail(name, topic, value));
                producer.abortTransaction();
                aborted += values.size();
            }
            values.clear();
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
