package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.Fault;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.HeartbeatResponse;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class HandshakeTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private FakeBroker broker;
    private Connector connector;

    private ApiVersions shakeHands(String release, String configured) throws IOException, InterruptedException {
        broker = FakeBroker.startAs(release);
        broker.on(
                ApiKey.HEARTBEAT,
                _ -> HeartbeatResponse.builder()
                        .errorCode(ErrorCode.INVALID_GROUP_ID.code())
                        .build());
        broker.on(ApiKey.LIST_GROUPS, _ -> ListGroupsResponse.builder().build());
        connector = Connector.open(new ConnectionConfig("test-client", configured, Duration.ofSeconds(5)));
        return connect().versions().orElseThrow();
    }

    private Connection connect() throws InterruptedException {
        Connection connection = connector.connect(new BrokerAddress(-1, "127.0.0.1", broker.port()), Lane.CONTROL, "");
        connection.awaitOpen(LONG);
        return connection;
    }

    @AfterEach
    void stop() throws IOException {
        connector.close();
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0.10.0.1, 0.10.0, 0",
        "2.0.1, 2.0, 0",
        "2.4.1, 2.4, 3",
        "2.8.2, 2.8, 3",
        "3.9.2, 3.9, 4",
        "4.3.1, 4.3, 4"
    })
    void aBrokerThatRefusesOurVersionOfApiVersionsIsAskedInOneItKnows(String release, String guess, int version)
            throws Exception {
        ApiVersions versions = shakeHands(release, "auto");
        assertThat(versions.release()).isEqualTo(guess);
        assertThat(versions.fromBroker()).isTrue();
        assertThat(versions.all()).isEqualTo(ApiVersions.ofRelease(release).all());
        assertThat(broker.received(ApiKey.API_VERSIONS))
                .extracting(each -> (int) each.version())
                .containsExactly(version);
    }

    @Test
    void aBrokerThatPassesTheQuestionOverIsA09AndTheHostIsNotProbedAgain() throws Exception {
        ApiVersions versions = shakeHands("0.9.0.1", "auto");
        assertThat(versions.release()).isEqualTo("0.9.0.1");
        assertThat(versions.range(ApiKey.FETCH)).contains(VersionRange.of(0, 1));
        assertThat(broker.received(ApiKey.HEARTBEAT)).hasSize(2);

        Connection second = connect();
        second.send(ListGroupsRequest.builder().build(), LONG).await(LONG);
        assertThat(second.state()).isEqualTo(new Connection.State.Open(0));
        assertThat(broker.received())
                .filteredOn(each -> each.connection() == 2)
                .extracting(each -> each.api())
                .containsExactly(ApiKey.LIST_GROUPS);
    }

    @Test
    void aModernBrokerWhoseAnswerIsLostOnceIsNotTakenForA09() throws Exception {
        broker = FakeBroker.startAs("4.4.0").faultNext(ApiKey.API_VERSIONS, new Fault.Drop(), 1);
        connector = Connector.open(new ConnectionConfig("test-client", "auto", Duration.ofSeconds(5)));
        assertThat(connect().versions().orElseThrow().fromBroker()).isTrue();
    }

    @Test
    void theProbedConnectionOfA09IsUsedOnBeyondTheHandshakesDeadline() throws Exception {
        broker = FakeBroker.startAs("0.9.0.1");
        broker.on(ApiKey.LIST_GROUPS, _ -> ListGroupsResponse.builder().build());
        connector = Connector.open(new ConnectionConfig("test-client", "auto", Duration.ofMillis(500)));
        Connection connection = connect();
        broker.delay(ApiKey.LIST_GROUPS, Duration.ofMillis(900));
        connection.send(ListGroupsRequest.builder().build(), LONG).await(LONG);
        assertThat(connection.state()).isEqualTo(new Connection.State.Open(0));
    }

    @Test
    void aSlowModernBrokerIsNotTakenForA09() throws Exception {
        broker = FakeBroker.start();
        broker.delay(ApiKey.API_VERSIONS, Duration.ofMillis(300));
        connector = Connector.open(new ConnectionConfig("test-client", "auto", Duration.ofSeconds(5)));
        assertThat(connect().versions().orElseThrow().release()).isEqualTo("4.3");
    }

    @Test
    void aConfiguredReleaseBefore010IsNeverAsked() throws Exception {
        ApiVersions versions = shakeHands("4.3.1", "0.9");
        assertThat(versions.fromBroker()).isFalse();
        assertThat(versions.range(ApiKey.METADATA)).contains(VersionRange.of(0, 0));
        assertThat(broker.received()).isEmpty();
    }

    @Test
    void aConfiguredReleaseThatA09BeliesIsSaidToBeWrongAtOnce() {
        assertThatThrownBy(() -> shakeHands("0.9.0.1", "2.8"))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("kafka.version is 2.8")
                .hasMessageContaining("set it to auto");
    }

    @Test
    void aCloseRightAfterTheFirstRequestComesWithTheLikelyReasons() throws Exception {
        shakeHands("4.3.1", "auto");
        broker.hangUp(ApiKey.API_VERSIONS);
        assertThatThrownBy(this::connect)
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("right after the first request")
                .hasMessageContaining("TLS")
                .hasMessageContaining("127.0.0.1:" + broker.port());
    }

    @Test
    void aTlsPortAndAWebServerAreRecognized() throws Exception {
        shakeHands("4.3.1", "auto");
        broker.announce(ApiKey.API_VERSIONS, 0x15030300);
        assertThatThrownBy(this::connect).hasMessageContaining("the port speaks TLS");
        broker.announce(
                ApiKey.API_VERSIONS,
                ByteBuffer.wrap("HTTP/1.1".getBytes(StandardCharsets.US_ASCII)).getInt());
        assertThatThrownBy(this::connect).hasMessageContaining("an HTTP server answered");
    }

    @Test
    void responsesAreBoundedMoreTightlyUntilTheBrokerHasShownThatItIsOne() throws Exception {
        shakeHands("4.3.1", "auto");
        broker.announce(ApiKey.API_VERSIONS, 600 << 10);
        assertThatThrownBy(this::connect)
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("not a Kafka broker?")
                .hasMessageContaining("limit is " + (512 << 10));
    }

    @Test
    void aBrokerThatAcceptsAndNeverAnswersEndsTheHandshakeByItsDeadline() throws Exception {
        broker = FakeBroker.start();
        broker.drop(ApiKey.API_VERSIONS).drop(ApiKey.HEARTBEAT);
        connector = Connector.open(new ConnectionConfig("test-client", "auto", Duration.ofMillis(300)));
        assertThatThrownBy(this::connect)
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageContaining("ApiVersions");
    }
}
