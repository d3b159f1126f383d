package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static dev.kafkaloom.consumer.FakeFetching.T1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers are received into memory that others were received into before; whoever still looked at it then would see it here. */
class RecycledMemoryTest {
    private static final int RECORDS = 1_000;
    private static final String PAD = "x".repeat(4_000); // ten of them make an answer that is worth keeping

    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    private final Set<byte[]> arrays = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    private final AtomicInteger givenBack = new AtomicInteger();
    private final Queue<ConsumedRecord> copies = new ConcurrentLinkedQueue<>();
    private final Queue<String> views = new ConcurrentLinkedQueue<>();

    @Test
    void nothingIsReadFromMemoryThatWasGivenBack() {
        for (int i = 0; i < RECORDS; i++) {
            fake.log.appendKeys(0, value(T0, i)).appendKeys(1, value(T1, i));
        }
        FetchConfig little = FetchConfig.DEFAULT.maxPartitionBytes(64 << 10).maxBufferedBytes(256 << 10);
        Fetchers fetchers = Fetchers.open(fake.client, little, fake.scope, "reuse", this::spoil);

        begin(fetchers, T0, PartitionLoop.work((_, records) -> copies.addAll(records)));
        begin(fetchers, T1, PartitionLoop.viewWork((_, records) -> look(records)));

        await().atMost(SOON.multipliedBy(2)).until(() -> copies.size() == RECORDS && views.size() == RECORDS);
        assertThat(copies)
                .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsExactlyElementsOf(expected(T0));
        assertThat(views).containsExactlyElementsOf(expected(T1));
        assertThat(givenBack.get()).isGreaterThan(RECORDS / 20);
        assertThat(arrays).hasSizeLessThan(givenBack.get());
    }

    private void begin(Fetchers fetchers, TopicPartition partition, Work work) {
        Progress progress = new Progress(partition, 1, 0);
        work.begin(fake.scope, fetchers, StartAt.offset(0), progress, FakeFetching.policy(), () -> {});
    }

    private void spoil(byte[] array) {
        arrays.add(array);
        givenBack.incrementAndGet();
        Arrays.fill(array, (byte) '#');
        fake.client.recycle(array);
    }

    private void look(RecordViews records) {
        while (records.next()) {
            int from = records.keyPosition();
            Thread.onSpinWait();
            views.add(new String(records.array(), from, records.keyLength(), StandardCharsets.UTF_8));
        }
    }

    private static String value(TopicPartition partition, int offset) {
        return partition + "/" + offset + PAD;
    }

    private static List<String> expected(TopicPartition partition) {
        return IntStream.range(0, RECORDS)
                .mapToObj(each -> value(partition, each))
                .toList();
    }
}
