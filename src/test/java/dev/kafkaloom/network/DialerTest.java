package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsRequest;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom a connection leads to. The fake broker listens on 127.0.0.1 only, so that nobody answers on 127.0.0.2. */
@Timeout(30)
class DialerTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private FakeBroker broker;
    private Connector connector;

    @BeforeEach
    void start() throws IOException {
        broker = FakeBroker.startAs("4.4.0");
    }

    @AfterEach
    void stop() throws IOException {
        connector.close();
        broker.close();
    }

    private Connection connect(BrokerAddress peer, int failures) {
        return connector.connect(peer, Lane.CONTROL, "", failures);
    }

    private void names(String... addresses) {
        connector = Connector.open(config(AddressMap.NONE), FrameLogs.NOBODY, host -> {
            InetAddress[] all = new InetAddress[addresses.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = InetAddress.ofLiteral(addresses[i]);
            }
            return all;
        });
    }

    private static ConnectionConfig config(UnaryOperator<HostAndPort> rewrite) {
        return new ConnectionConfig(
                "test-client",
                "auto",
                rewrite,
                DnsLookup.USE_ALL_DNS_IPS,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMinutes(9),
                64,
                1 << 20);
    }

    @Test
    void everyAddressOfANameIsTried() throws Exception {
        names("127.0.0.2", "127.0.0.3", "127.0.0.1");
        Connection connection = connect(new BrokerAddress(-1, "many", broker.port()), 0);
        assertThat(connection.awaitOpen(LONG).fromBroker()).isTrue();
    }

    @Test
    void whenNoAddressAnswersEachIsNamedWithItsReason() throws Exception {
        names("127.0.0.2", "127.0.0.3");
        Connection connection = connect(new BrokerAddress(-1, "many", broker.port()), 0);
        assertThatThrownBy(() -> connection.awaitOpen(LONG))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessage("broker many:" + broker.port() + ": none of its 2 addresses can be reached: "
                        + "127.0.0.2: Connection refused (is a broker listening there?); "
                        + "127.0.0.3: Connection refused (is a broker listening there?)");
    }

    @Test
    void afterAFailureAnotherAddressComesFirst() throws Exception {
        try (ServerSocketChannel deaf = ServerSocketChannel.open()) { // accepts, as the kernel does it, and is silent
            deaf.bind(new InetSocketAddress("127.0.0.2", broker.port()));
            names("127.0.0.2", "127.0.0.1");
            Connection connection = connect(new BrokerAddress(-1, "many", broker.port()), 1);
            assertThat(connection.awaitOpen(LONG).fromBroker()).isTrue();
        }
    }

    @Test
    void aRewrittenAddressIsDialledAndTheBrokerKeepsItsName() throws Exception {
        connector = Connector.open(config(AddressMap.parse("kafka.internal=127.0.0.1:" + broker.port())));
        Connection connection = connect(new BrokerAddress(3, "kafka.internal", 9092), 0);
        connection.awaitOpen(LONG);
        assertThat(connection.peer()).hasToString("broker 3 (kafka.internal:9092)");
        assertThat(connection.name()).isEqualTo("broker-3/control");
    }

    @Test
    void errorsOnTheWayNameTheBrokerAndTheAddressThatWasDialled() throws Exception {
        connector = Connector.open(config(AddressMap.parse("kafka.internal:9092=127.0.0.2:" + broker.port())));
        Connection connection = connect(new BrokerAddress(3, "kafka.internal", 9092), 0);
        assertThatThrownBy(() -> connection.awaitOpen(LONG))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessage("broker 3 (kafka.internal:9092) by way of 127.0.0.2:" + broker.port()
                        + ": Connection refused (is a broker listening there?)");
    }

    @Test
    void aBrokerIsToldWhoItIsTakenForOnceThatIsKnown() throws Exception {
        names("127.0.0.1");
        connect(new BrokerAddress(FakeBroker.NODE_ID, "broker", broker.port()), 0)
                .awaitOpen(LONG);
        connector.clusterId("fake");
        connect(new BrokerAddress(-1, "broker", broker.port()), 0).awaitOpen(LONG);
        connect(new BrokerAddress(FakeBroker.NODE_ID, "broker", broker.port()), 0)
                .awaitOpen(LONG);
        assertThat(broker.received(ApiKey.API_VERSIONS))
                .extracting(each -> ((ApiVersionsRequest) each.request()).clusterId())
                .containsExactly(null, null, "fake");
        assertThat(broker.received(ApiKey.API_VERSIONS))
                .extracting(each -> ((ApiVersionsRequest) each.request()).nodeId())
                .containsExactly(-1, -1, FakeBroker.NODE_ID);
    }

    @Test
    void anotherBrokerOnTheAddressIsNotTakenForTheOneThatWasThere() throws Exception {
        names("127.0.0.1");
        connector.clusterId("fake");
        Connection connection = connect(new BrokerAddress(7, "broker", broker.port()), 0);
        assertThatThrownBy(() -> connection.awaitOpen(LONG))
                .isInstanceOfSatisfying(
                        KafkaException.BrokerError.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED))
                .hasMessageStartingWith(
                        "broker 7 (broker:" + broker.port() + ") is not that broker of cluster fake any more: ");
    }

    @Test
    void theTimeForSettingUpGrowsToItsLimitWithFailures() {
        connector = Connector.open(config(AddressMap.NONE));
        ConnectionConfig config = new ConnectionConfig(
                "test-client",
                "auto",
                AddressMap.NONE,
                DnsLookup.USE_ALL_DNS_IPS,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(9),
                64,
                1 << 20);
        assertThat(config.setupTimeout(0)).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.setupTimeout(1)).isBetween(Duration.ofSeconds(16), Duration.ofSeconds(24));
        assertThat(config.setupTimeout(2)).isBetween(Duration.ofSeconds(24), Duration.ofSeconds(36));
        assertThat(config.setupTimeout(1000)).isBetween(Duration.ofSeconds(24), Duration.ofSeconds(36));
    }

    @Test
    void configuredNamesBecomeTheCanonicalOnesOfTheirAddressesWhenAskedFor() throws Exception {
        connector = Connector.open(config(AddressMap.NONE));
        List<HostAndPort> configured = HostAndPort.parseList("alias:1,gone:2");
        Names names = host -> {
            if (host.equals("gone")) {
                throw new UnknownHostException(host);
            }
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.0.0.1")};
        };
        String canonical = InetAddress.ofLiteral("127.0.0.1").getCanonicalHostName();
        assertThat(DnsLookup.USE_ALL_DNS_IPS.expand(configured, names)).isEqualTo(configured);
        assertThat(DnsLookup.RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY.expand(configured, names))
                .containsExactly(new HostAndPort(canonical, 1), new HostAndPort("gone", 2));
    }
}
