package dev.kafkaloom.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Evidence.class)
class RealBrokerIT {
    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void aTopicIsThereWithItsPartitionsAndLeaders(String version) throws Exception {
        RealBroker broker = RealBroker.of(version);

        String topic = broker.topic("support", 3);

        try (KafkaClient client = KafkaClient.open(ClientConfig.of(broker.bootstrap()))) {
            assertThat(client.clusterWith(List.of(topic)).topics().get(topic).partitions())
                    .hasSize(3)
                    .allSatisfy(partition -> assertThat(partition.leaderId()).isNotNegative());
        }
    }

    @Test
    void aReleaseIsStartedOnce() {
        assertThat(RealBroker.of(RealBroker.NEWEST)).isSameAs(RealBroker.of(RealBroker.NEWEST));
    }

    @Test
    void aFailureLeavesThreadsAndBrokerLogs(@TempDir Path failures) throws Exception {
        RealBroker broker = RealBroker.of(RealBroker.NEWEST);
        Throwable failure = new AssertionError("what went wrong");

        Path folder = Evidence.keep(failures, "SomeIT.someTest", failure);

        assertThat(folder.resolve("failure.txt")).content().contains("what went wrong");
        assertThat(folder.resolve("threads.txt")).content().contains("aFailureLeavesThreadsAndBrokerLogs");
        assertThat(folder.resolve("broker-" + broker.version() + ".log"))
                .content()
                .contains("Kafka Server started");
    }
}
