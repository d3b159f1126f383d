package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.testing.RealBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers on lanes, in real groups. */
@Timeout(90)
class HandlersIT {
    private static final int KEYS = 23;
    private static final int RECORDS = 1_200;

    /** A record that a handler is done with: which of its key's it is. */
    private record Done(String key, int number) {}

    private final GroupLab lab = new GroupLab("4.3.1");
    private final ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
    private final RecordHandler handler = (_, records) -> {
        Thread.sleep(2);
        records.forEach(each -> done.add(new Done(
                new String(each.key(), StandardCharsets.UTF_8),
                Integer.parseInt(new String(each.value(), StandardCharsets.UTF_8)))));
    };

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @EnumSource(HandlerThreads.class)
    void byKeyNothingIsLostOverARebalanceAndEachKeyKeepsItsOrder(HandlerThreads threads) throws Exception {
        String topic = lab.createTopic();
        String group = RealBroker.unique("by-key");
        Handling handling =
                Handling.DEFAULT.withOrdering(Ordering.KEY).withThreads(threads).withMaxInFlight(8);
        ConsumerConfig config = GroupLab.quick(group, topic).handling(handling).build();
        produce(topic);
        lab.party(config, 1, handler);
        await().atMost(Duration.ofSeconds(30)).until(() -> done.size() > RECORDS / 10);

        lab.party(config, 1, handler); // takes half of the partitions over while records are in hand

        await().atMost(Duration.ofSeconds(60)).until(() -> Set.copyOf(done).size() == RECORDS);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> lab.committed(group, topic).values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        == RECORDS);
        assertThat(firstCompletions().values())
                .hasSize(KEYS)
                .allSatisfy(numbers -> assertThat(numbers).isSorted());
    }

    @Test
    void unorderedAStuckRecordHoldsUpItsCommitAndNothingElse() throws Exception {
        String topic = lab.createTopic();
        String group = RealBroker.unique("unordered");
        Handling handling = Handling.DEFAULT.withOrdering(Ordering.UNORDERED);
        produce(topic);
        GroupLab.Party first =
                lab.party(GroupLab.quick(group, topic).handling(handling).build(), 1, (tp, records) -> {
                    if (tp.partition() == 0 && records.getFirst().offset() == 5) {
                        Thread.sleep(Duration.ofHours(1)); // until the end
                    }
                    handler.handle(tp, records);
                });

        await().atMost(Duration.ofSeconds(60)).until(() -> Set.copyOf(done).size() == RECORDS - 1);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> lab.committed(group, topic).get(0) == 5);
        first.group.close(Duration.ofSeconds(2));
        lab.party(GroupLab.quick(group, topic).build(), 1, handler);

        await().atMost(Duration.ofSeconds(30)).until(() -> Set.copyOf(done).size() == RECORDS);
    }

    /** The numbers of each key in the order in which they were done first. */
    private Map<String, List<Integer>> firstCompletions() {
        Map<String, List<Integer>> firsts = new HashMap<>();
        Set<Done> seen = new HashSet<>();
        for (Done each : done) {
            if (seen.add(each)) {
                firsts.computeIfAbsent(each.key(), _ -> new ArrayList<>()).add(each.number());
            }
        }
        return firsts;
    }

    private void produce(String topic) throws InterruptedException {
        try (Scope scope = Scope.open("produce");
                Producer producer = Producer.open(lab.client, ProducerConfig.DEFAULT, scope)) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] key = ("key-" + i % KEYS).getBytes(StandardCharsets.UTF_8);
                byte[] value = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProduceRecord(topic, null, null, key, value, List.of()));
            }
            producer.flush(Duration.ofSeconds(20));
        }
    }
}
