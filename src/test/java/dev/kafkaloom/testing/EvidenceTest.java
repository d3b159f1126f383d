package dev.kafkaloom.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.SaslAuthenticateRequest;
import dev.kafkaloom.message.SaslAuthenticateResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EvidenceTest {
    private static final Route BROKER = new Route.Broker(FakeBroker.NODE_ID);

    @TempDir
    Path failures;

    private FakeBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = FakeBroker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void aFailureLeavesTheFramesOfAClientThatTheTestHasClosed() throws Exception {
        broker.hangUp(ApiKey.LIST_GROUPS);
        Throwable failure;
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            failure = catchThrowable(
                    () -> client.callOnce(BROKER, ListGroupsRequest.builder().build(), CallOptions.DEFAULT));
        }

        Path folder = Evidence.keep(failures, "SomeTest.someTest", failure);

        assertThat(folder.resolve("frames.txt"))
                .content()
                .containsPattern("connection broker-1/control to broker 1 \\(" + broker.bootstrap() + "\\), over: ")
                .containsPattern("broker-1/control > ListGroups v5 #\\d+ \\d+ bytes\n  \\{\"statesFilter\"")
                .containsPattern("\n  0000  00 10 00 05 ");
        assertThat(folder.resolve("failure.txt")).content().contains("ListGroups");
    }

    @Test
    void whatIsKeptHoldsNoSecrets() throws Exception {
        broker.on(
                ApiKey.SASL_AUTHENTICATE,
                _ -> SaslAuthenticateResponse.builder().build());
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            client.callOnce(
                    BROKER,
                    SaslAuthenticateRequest.builder()
                            .authBytes(ByteBuffer.wrap("\0admin\0hunter2".getBytes(StandardCharsets.UTF_8)))
                            .build(),
                    CallOptions.DEFAULT);
        }

        Path folder = Evidence.keep(failures, "SomeTest.someTest", new AssertionError("why"));

        assertThat(folder.resolve("frames.txt"))
                .content()
                .contains("> SaslAuthenticate v2 ")
                .contains("{\"authBytes\":\"<redacted>\"}")
                .doesNotContain("hunter2")
                .doesNotContain("68 75 6e 74");
    }
}
