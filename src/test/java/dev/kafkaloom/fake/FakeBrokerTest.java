package dev.kafkaloom.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.ListGroupsResponse.ListedGroup;
import dev.kafkaloom.message.ListTransactionsRequest;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.network.ApiVersions;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FakeBrokerTest {
    private static final ApiKey API = ApiKey.LIST_GROUPS;
    private static final int VERSION = 3;
    private static final ListGroupsRequest LIST_GROUPS =
            ListGroupsRequest.builder().build();
    private static final ListTransactionsRequest LAST =
            ListTransactionsRequest.builder().build();

    private FakeBroker broker;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        broker = FakeBroker.start();
        broker.on(
                API,
                _ -> ListGroupsResponse.builder()
                        .groups(List.of(ListedGroup.builder().groupId("g").build()))
                        .build());
        client = new RawClient(broker.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        broker.close();
    }

    private void ask(int... correlationIds) throws IOException {
        for (int each : correlationIds) {
            client.send(LIST_GROUPS, VERSION, each);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.9.0.1", "2.0.0", "4.3.1"})
    void answersWhateverItSpeaksWithoutBeingScripted(String release) throws Exception {
        broker.release(release);
        int asked = 0;
        for (var api : ApiVersions.ofRelease(release).all().entrySet()) {
            for (int version : List.of(
                    (int) api.getValue().lowest(),
                    Math.min(api.getValue().highest(), api.getKey().highestVersion()))) {
                client.send(emptyRequest(api.getKey()), version, ++asked);
                assertThat(client.response(api.getKey(), version).api()).isEqualTo(api.getKey());
            }
        }
        assertThat(asked).isGreaterThan(30);
        assertThat(broker.accepted()).isEqualTo(1);
    }

    private static Request<?> emptyRequest(ApiKey api) throws ReflectiveOperationException {
        Object builder = Class.forName(ProduceRequest.class.getPackageName() + "." + api.apiName() + "Request")
                .getMethod("builder")
                .invoke(null);
        return (Request<?>) builder.getClass().getMethod("build").invoke(builder);
    }

    @Test
    void reordersTheResponsesToTwoPipelinedRequestsOnce() throws IOException {
        broker.reorder(API);
        ask(1, 2, 3);
        assertThat(List.of(client.correlationId(), client.correlationId(), client.correlationId()))
                .containsExactly(2, 1, 3);
    }

    @Test
    void sendsAResponseTwice() throws IOException {
        broker.duplicate(API);
        ask(1);
        assertThat(client.correlationId()).isEqualTo(1);
        assertThat(client.correlationId()).isEqualTo(1);
    }

    @Test
    void announcesTooMuchAndReallySendsIt() throws IOException {
        int length = 3_000_000;
        broker.oversize(API, length);
        ask(1);
        assertThat(client.in.readInt()).isEqualTo(length);
        assertThat(client.in.readInt()).isEqualTo(1);
        assertThat(client.in.readNBytes(length - Integer.BYTES)).hasSize(length - Integer.BYTES);
        assertThat(client.in.read()).as("then the connection ends").isEqualTo(-1);
    }

    @Test
    void dripsAResponseByteByByte() throws IOException {
        broker.drip(API, 1, Duration.ofMillis(5));
        long begun = System.nanoTime();
        ask(1);
        int bytes = Integer.BYTES + client.frame().length;
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(5L * (bytes - 1)));
    }

    @Test
    void resetsTheConnection() throws IOException {
        broker.reset(API);
        ask(1);
        assertThatThrownBy(() -> client.frame())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void hangsUpInAnOrderlyWay() throws IOException {
        broker.hangUp(API);
        ask(1);
        assertThatThrownBy(() -> client.frame()).isInstanceOf(EOFException.class);
    }

    @Test
    void saysHowLongTheClientIsToBeQuietWhereThereIsAPlaceForIt() throws IOException {
        broker.throttle(API, Duration.ofMillis(700));
        ask(1);
        ListGroupsResponse throttled = (ListGroupsResponse) client.response(API, VERSION);
        assertThat(throttled.throttleTimeMs()).isEqualTo(700);
        assertThat(throttled.groups()).hasSize(1);
        client.send(LIST_GROUPS, 0, 2);
        assertThat(client.response(API, 0).throttleTimeMs()).isZero();
    }

    @Test
    void isWellAgainAfterTheNumberOfFaultsThatWasAskedFor() throws IOException {
        broker.faultNext(API, new Fault.Drop(), 2);
        ask(1, 2, 3);
        assertThat(client.correlationId()).isEqualTo(3);
    }

    @Test
    void oneSeedBringsTheSameFaults() throws IOException {
        broker.faultNext(LAST.api(), new Fault.None(), 3);
        assertThat(answeredOf(100, 7))
                .isEqualTo(answeredOf(100, 7))
                .isNotEqualTo(answeredOf(100, 8))
                .hasSizeBetween(30, 70);
    }

    private List<Integer> answeredOf(int requests, long seed) throws IOException {
        broker.faultsAtRandom(seed, 0.5, new Fault.Drop());
        int last = requests + 1;
        for (int i = 1; i < last; i++) {
            ask(i);
        }
        client.send(LAST, 0, last);
        List<Integer> answered = new ArrayList<>();
        for (int id = client.correlationId(); id != last; id = client.correlationId()) {
            answered.add(id);
        }
        return answered;
    }

    @Test
    void aHandlerThatFailsEndsItsConnectionOnly() throws IOException {
        broker.on(API, _ -> {
            throw new IllegalStateException("on purpose");
        });
        try (RawClient other = new RawClient(broker.port())) {
            ask(1);
            assertThatThrownBy(() -> client.frame()).isInstanceOf(EOFException.class);
            other.send(LAST, 0, 5);
            assertThat(other.correlationId()).isEqualTo(5);
        }
    }

    @Test
    void remembersOnlyTheLastRequestsWhenToldSo() throws IOException {
        broker.remember(2);
        ask(1, 2, 3);
        client.correlationId();
        client.correlationId();
        client.correlationId();
        assertThat(broker.received(API)).extracting(Received::correlationId).containsExactly(2, 3);
    }
}
