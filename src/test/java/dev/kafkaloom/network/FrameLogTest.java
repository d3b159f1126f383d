package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FrameLogTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final List<Frame> heard = new CopyOnWriteArrayList<>();
    private FakeBroker broker;
    private Connector connector;

    @BeforeEach
    void start() throws IOException {
        broker = FakeBroker.start();
        broker.on(ApiKey.LIST_GROUPS, _ -> ListGroupsResponse.builder().build());
        connector = Connector.open(new ConnectionConfig("test-client", "auto", Duration.ofSeconds(5)), heard::add);
    }

    @AfterEach
    void stop() throws IOException {
        connector.close();
        broker.close();
    }

    private Connection open() throws InterruptedException {
        Connection connection = connector.connect(new BrokerAddress(7, "127.0.0.1", broker.port()), Lane.CONTROL, "");
        connection.awaitOpen(LONG);
        return connection;
    }

    private void listGroups(Connection connection) throws InterruptedException {
        connection.send(ListGroupsRequest.builder().build(), LONG).await(LONG);
    }

    /** Without the handshake, whose probe may be answered after the connection is open. */
    private List<Frame> frames(ApiKey api) {
        return connector.frames().snapshot().stream()
                .flatMap(each -> each.frames().stream())
                .filter(each -> each.api() == api)
                .toList();
    }

    private static MetadataRequest metadata(int topics) {
        return MetadataRequest.builder()
                .topics(IntStream.range(0, topics)
                        .mapToObj(each -> MetadataRequestTopic.builder()
                                .name("topic-" + each)
                                .build())
                        .toList())
                .build();
    }

    @Test
    void aRequestAndItsResponseAreKeptAsTheyWereOnTheWire() throws Exception {
        Connection connection = open();
        listGroups(connection);

        List<Frame> frames = frames(ApiKey.LIST_GROUPS);

        assertThat(frames).extracting(Frame::sent).containsExactly(true, false);
        assertThat(frames).allSatisfy(frame -> {
            assertThat(frame.connection()).isEqualTo("broker-7/control");
            assertThat(frame.version()).isEqualTo((short) 5);
            assertThat(frame.bytes()).hasSize(frame.length());
            assertThat(frame.expected()).isTrue();
            assertThat(frame.correlationId()).isEqualTo(frames.getFirst().correlationId());
        });
        assertThat(ApiKey.LIST_GROUPS.id()).isEqualTo(frames.getFirst().bytes()[1]);
        assertThat(frames.getFirst())
                .hasToString(
                        "broker-7/control > ListGroups v5 #" + frames.getFirst().correlationId() + " "
                                + frames.getFirst().length() + " bytes");
    }

    @Test
    void onlyTheLast64FramesOfAConnectionAreKeptOldestFirst() throws Exception {
        Connection connection = open();
        for (int i = 0; i < FrameLog.FRAMES; i++) {
            listGroups(connection);
        }

        List<Frame> frames = frames(ApiKey.LIST_GROUPS);

        assertThat(frames).hasSize(FrameLog.FRAMES);
        int first = frames.getFirst().correlationId();
        assertThat(frames)
                .extracting(Frame::correlationId)
                .containsExactlyElementsOf(IntStream.range(0, FrameLog.FRAMES)
                        .mapToObj(each -> first + each / 2)
                        .toList());
    }

    @Test
    void aLongFrameIsCutInTheLogAndLessSoForAListener() throws Exception {
        Connection connection = open();
        connection.send(metadata(40_000), LONG).await(LONG);

        Frame kept = frames(ApiKey.METADATA).getFirst();
        Frame shown = heard.stream()
                .filter(each -> each.api() == ApiKey.METADATA)
                .findFirst()
                .orElseThrow();

        assertThat(kept.length()).isEqualTo(shown.length()).isGreaterThan(FrameLog.SHOWN_BYTES);
        assertThat(kept.bytes()).hasSize(FrameLog.KEPT_BYTES);
        assertThat(shown.bytes()).hasSize(FrameLog.SHOWN_BYTES).startsWith(kept.bytes());
        assertThat(kept.isCut()).isTrue();
    }

    @Test
    void aShortFrameShowsNothingOfALongOneThatWasInItsPlace() throws Exception {
        Connection connection = open();
        for (int i = 0; i < FrameLog.FRAMES; i++) {
            connection.send(metadata(i % 7 * 20), LONG).await(LONG);
        }
        for (int i = 0; i < FrameLog.FRAMES / 2; i++) {
            listGroups(connection);
        }

        List<Frame> frames = frames(ApiKey.LIST_GROUPS);

        assertThat(frames)
                .hasSize(FrameLog.FRAMES)
                .allSatisfy(frame -> assertThat(frame.bytes()).hasSize(frame.length()));
    }

    @Test
    void aFrameTakesNoMemoryOnceTheRingHasGrown() {
        FrameLog log = new FrameLog(
                "broker-1/control", new BrokerAddress(1, "localhost", 9092), Instant.EPOCH, FrameLogs.NOBODY);
        Slot<?> slot = Slot.of(
                ListGroupsRequest.builder().build(),
                (short) 5,
                new Slot.Origin("broker 1", "test", 4, new FrameBuffers()),
                LONG);
        WireWriter request = slot.takeFrame();
        ReceivedFrame response = new ReceivedFrame(new byte[10_000], 10_000);
        var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        InFlight none = new InFlight();
        for (int i = 0; i < 2 * FrameLog.FRAMES; i++) {
            log.received(slot, none, response);
        }
        long before = memory.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            log.sent(slot, request);
            log.received(slot, none, response);
        }
        long taken = memory.getCurrentThreadAllocatedBytes() - before;
        assertThat(taken).isLessThan(20_000); // less than a byte a frame: what the loop itself may cost
    }

    @Test
    void aListenersMistakeIsNotTheConnections() throws Exception {
        connector.close();
        connector = Connector.open(new ConnectionConfig("test-client", "auto", Duration.ofSeconds(5)), _ -> {
            throw new IllegalStateException("a listener's mistake, on purpose");
        });
        Connection connection = open();

        listGroups(connection);

        assertThat(connection.isOver()).isFalse();
    }

    @Test
    void aListenerSeesAllFramesInTheirOrderWithTheHandshake() throws Exception {
        Connection connection = open();
        listGroups(connection);

        assertThat(heard).extracting(Frame::api).startsWith(ApiKey.API_VERSIONS, ApiKey.HEARTBEAT);
        assertThat(heard)
                .filteredOn(frame -> frame.api() == ApiKey.LIST_GROUPS)
                .extracting(Frame::sent)
                .containsExactly(true, false);
    }

    @Test
    void aRequestWithoutAnAnswerIsKeptAsWell() throws Exception {
        Connection connection = open();
        connection
                .send(
                        ProduceRequest.builder()
                                .acks((short) 0)
                                .timeoutMs(1000)
                                .topicData(List.of())
                                .build(),
                        LONG)
                .await(LONG);

        assertThat(frames(ApiKey.PRODUCE))
                .singleElement()
                .satisfies(frame -> assertThat(frame.sent()).isTrue());
    }

    @Test
    void aConnectionThatBrokeIsKeptWithItsFramesAndTheExceptionOfItsCallers() throws Exception {
        Connection connection = open();
        broker.wrongCorrelationId(ApiKey.LIST_GROUPS);
        KafkaException told = catchThrowableOfType(KafkaException.class, () -> listGroups(connection));

        ConnectionFrames over = connector.frames().snapshot().getFirst();

        assertThat(over.name()).isEqualTo("broker-7/control");
        assertThat(over.end()).containsSame(told);
        Frame last = over.frames().getLast();
        assertThat(last.expected()).isFalse();
        assertThat(last.api()).isEqualTo(ApiKey.LIST_GROUPS);
        assertThat(last.toString())
                .startsWith("broker-7/control < where ListGroups v5 was due: #" + last.correlationId());
    }

    @Test
    void theLastEightThatBrokeAreKeptAndThoseThatNeverWorkedAreNot() throws Exception {
        Connection first = open();
        broker.hangUp(ApiKey.LIST_GROUPS);
        assertThatThrownBy(() -> listGroups(first)).isInstanceOf(KafkaException.class);
        for (int i = 0; i < 8; i++) {
            Connection next = open();
            assertThatThrownBy(() -> listGroups(next)).isInstanceOf(KafkaException.class);
        }
        int port = broker.port();
        broker.close();
        Connection unreachable = connector.connect(new BrokerAddress(8, "127.0.0.1", port), Lane.CONTROL, "");
        assertThatThrownBy(() -> unreachable.awaitOpen(LONG)).isInstanceOf(KafkaException.class);

        List<ConnectionFrames> kept = connector.frames().snapshot();

        assertThat(kept).hasSize(8).allSatisfy(each -> {
            assertThat(each.name()).isEqualTo("broker-7/control");
            assertThat(each.end()).isPresent();
            assertThat(each.since()).isAfterOrEqualTo(first.since());
        });
        assertThat(kept).noneMatch(each -> each.end().get() == endOf(first));
    }

    private static KafkaException endOf(Connection connection) {
        return ((Connection.State.Broken) connection.state()).cause();
    }

    @Test
    void whatAClosedClientSaidIsStillThereForThisJvm() throws Exception {
        Connection connection = open();
        listGroups(connection);
        connection.close();
        connector.close();

        List<ConnectionFrames> last = FrameLogs.ofJvm().getFirst().snapshot();

        assertThat(last).singleElement().satisfies(each -> {
            assertThat(each.end()).containsInstanceOf(KafkaException.Closed.class);
            assertThat(each.frames()).extracting(Frame::api).contains(ApiKey.LIST_GROUPS);
        });
    }
}
