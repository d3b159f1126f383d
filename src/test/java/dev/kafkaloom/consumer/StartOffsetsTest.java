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
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.io.IOException;
import java.time.Duration;
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

    /** Records at offsets 1500 to 1999, one a second, the last of them now. */
    private static Response log(Request<?> request) {
        long timestamp = ((ListOffsetsRequest) request)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .timestamp();
        long ago = (System.currentTimeMillis() - timestamp) / 1_000;
        long offset = timestamp == OffsetLookup.EARLIEST
                ? OLDEST
                : timestamp == OffsetLookup.LATEST ? END : ago < 1 ? -1 : Math.max(OLDEST, END - ago);
        return ListOffsetsResponse.builder()
                .topics(List.of(ListOffsetsTopicResponse.builder()
                        .name("orders")
                        .partitions(List.of(ListOffsetsPartitionResponse.builder()
                                .offset(offset)
                                .leaderEpoch(7)
                                .build()))
                        .build()))
                .build();
    }

    private StartOffsets offsets(OffsetReset reset) {
        ConsumerConfig config = ConsumerConfig.builder("g", List.of("orders"))
                .autoOffsetReset(reset)
                .build();
        return new StartOffsets(client, config, Map.of("orders", 1));
    }

    private StartAt after(OffsetReset reset, LostPosition lost) throws InterruptedException {
        return offsets(reset).afterLost(PARTITION, lost);
    }

    private long after(OffsetReset reset, long position) throws InterruptedException {
        return after(reset, new LostPosition.OutOfRange(StartAt.offset(position)))
                .offset();
    }

    @Test
    void byDurationIsTheOldestRecordThatIsYoungerOrTheEndWhenNoneIs() throws Exception {
        assertThat(after(OffsetReset.byDuration(Duration.ofSeconds(100)), 3000)).isBetween(1898L, 1901L);
        assertThat(after(OffsetReset.byDuration(Duration.ofDays(3)), 3000)).isEqualTo(OLDEST);
        assertThat(after(OffsetReset.byDuration(Duration.ZERO), 3000)).isEqualTo(END);
    }

    @Test
    void aResetKnowsTheLeaderEpochThatItEndsIn() throws Exception {
        assertThat(after(OffsetReset.EARLIEST, new LostPosition.OutOfRange(StartAt.offset(3000))))
                .isEqualTo(new StartAt(OLDEST, 7));
    }

    @Test
    void aTruncatedPartitionGoesOnWhereTheLogsPartWhateverTheReset() throws Exception {
        LostPosition truncated = new LostPosition.Truncated(new StartAt(1900, 5), 1700, 4);

        assertThat(after(OffsetReset.LATEST, truncated)).isEqualTo(new StartAt(1700, 4));
        assertThat(after(OffsetReset.EARLIEST, truncated)).isEqualTo(new StartAt(1700, 4));
        assertThatThrownBy(() -> after(OffsetReset.NONE, truncated))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("orders-0 was truncated: offset 1900 was reached in leader epoch 5")
                .hasMessageContaining("ends at 1700 in epoch 4")
                .hasMessageContaining("auto.offset.reset is none");
    }

    @Test
    void ofATopicMadeAnewNothingIsPassedOver() throws Exception {
        LostPosition made = new LostPosition.Recreated(new StartAt(1900, 5), new Uuid(1, 1), new Uuid(2, 2));

        assertThat(after(OffsetReset.LATEST, made).offset()).isEqualTo(OLDEST);
        assertThatThrownBy(() -> after(OffsetReset.NONE, made))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("deleted and made again");
    }

    @Test
    void ofAnEpochThatTheLeaderHasNotHeardOfNothingIsPassedOver() throws Exception {
        assertThat(after(OffsetReset.LATEST, new LostPosition.OutOfRange(new StartAt(1600, 9)))
                        .offset())
                .isEqualTo(OLDEST);
        assertThat(after(OffsetReset.LATEST, new LostPosition.OutOfRange(new StartAt(3000, 9)))
                        .offset())
                .as("the log was made anew, and is shorter")
                .isEqualTo(OLDEST);
        assertThat(after(OffsetReset.LATEST, 1600)).as("by now it is there").isEqualTo(1600);
    }

    @Test
    void partitionsAndTopicsThatCameLaterStartAtTheirBeginningWhateverTheReset() throws Exception {
        broker.on(ApiKey.OFFSET_FETCH, StartOffsetsTest::nothingCommitted);
        TopicPartition grown = new TopicPartition("orders", 1);

        assertThat(offsets(OffsetReset.LATEST).find(List.of(PARTITION)).reset())
                .containsEntry(PARTITION, new StartAt(END, 7));
        broker.topic("orders", 2).on(ApiKey.LIST_OFFSETS, request -> partition(1, log(request)));
        assertThat(offsets(OffsetReset.NONE).find(List.of(grown)).reset()).containsEntry(grown, new StartAt(OLDEST, 7));
    }

    private static Response partition(int number, Response of) {
        ListOffsetsResponse response = (ListOffsetsResponse) of;
        ListOffsetsTopicResponse topic = response.topics().getFirst();
        return response.toBuilder()
                .topics(List.of(topic.toBuilder()
                        .partitions(List.of(topic.partitions().getFirst().toBuilder()
                                .partitionIndex(number)
                                .build()))
                        .build()))
                .build();
    }

    private static Response nothingCommitted(Request<?> request) {
        return OffsetFetchResponse.builder()
                .groups(List.of(OffsetFetchResponse.OffsetFetchResponseGroup.builder()
                        .groupId("g")
                        .build()))
                .build();
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
