package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsResponse;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StartOffsetsTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final long OLDEST = 1500;
    private static final long END = 2000;

    private FakeBroker broker;
    private KafkaClient client;

    @BeforeEach
    void start() throws IOException {
        broker = FakeBroker.start().topic("orders", 1).on(ApiKey.LIST_OFFSETS, StartOffsetsTest::log);
        client = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        broker.close();
    }

    private static Response log(Request<?> request) {
        long timestamp = ((ListOffsetsRequest) request)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .timestamp();
        return ListOffsetsResponse.builder()
                .topics(List.of(ListOffsetsTopicResponse.builder()
                        .name("orders")
                        .partitions(List.of(ListOffsetsPartitionResponse.builder()
                                .offset(timestamp == OffsetLookup.EARLIEST ? OLDEST : END)
                                .build()))
                        .build()))
                .build();
    }

    private long after(OffsetReset reset, long position) throws InterruptedException {
        ConsumerConfig config = ConsumerConfig.builder("g", List.of("orders"))
                .autoOffsetReset(reset)
                .build();
        return new StartOffsets(client, config, Map.of("orders", 1))
                .afterLost(PARTITION, new LostPosition.OutOfRange(StartAt.offset(position)))
                .offset();
    }

    @Test
    void latestDoesNotPassOverWhatIsLeftBehindADeletedPosition() throws Exception {
        assertThat(after(OffsetReset.LATEST, 1000)).isEqualTo(OLDEST);
        assertThat(after(OffsetReset.EARLIEST, 1000)).isEqualTo(OLDEST);
    }

    @Test
    void aPositionBeyondTheEndGoesWhereTheSettingSays() throws Exception {
        assertThat(after(OffsetReset.LATEST, 3000)).isEqualTo(END);
        assertThat(after(OffsetReset.EARLIEST, 3000)).isEqualTo(OLDEST);
    }

    @Test
    void noneIsAnErrorThatNamesPartitionAndOffset() {
        assertThatThrownBy(() -> after(OffsetReset.NONE, 1000))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("orders-0 does not hold offset 1000")
                .hasMessageContaining("auto.offset.reset is none");
    }
}
