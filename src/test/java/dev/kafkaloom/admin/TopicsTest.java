package dev.kafkaloom.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.CreateTopicsRequest;
import dev.kafkaloom.message.CreateTopicsResponse;
import dev.kafkaloom.message.CreateTopicsResponse.CreatableTopicResult;
import dev.kafkaloom.message.DeleteTopicsResponse;
import dev.kafkaloom.message.DescribeConfigsResponse;
import dev.kafkaloom.message.DescribeConfigsResponse.DescribeConfigsResult;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TopicsTest {
    private static KafkaClient clientOf(FakeBroker broker) {
        return KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    /** A broker before 0.11 creates what metadata is asked for by name, so that a deleted topic would be back at once. */
    @Test
    void aTopicThatIsBeingDeletedOnAnOldBrokerIsNotAskedForByItsName() throws Exception {
        try (FakeBroker broker = FakeBroker.startAs("0.10.2.2").topic("orders", 1);
                KafkaClient client = clientOf(broker)) {
            broker.on(ApiKey.DELETE_TOPICS, _ -> {
                broker.cluster().deleteTopic("orders");
                return DeleteTopicsResponse.builder().responses(List.of()).build();
            });

            client.clusterWith(List.of("orders")); // from now on the client would name it

            Topics.delete(client, "orders");

            assertThat(broker.received(ApiKey.DELETE_TOPICS)).hasSize(1);
            assertThat(broker.received(ApiKey.METADATA))
                    .hasSizeGreaterThan(1)
                    .allSatisfy(each -> assertThat(((MetadataRequest) each.request()).topics())
                            .isNullOrEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({"2.4.1, -1", "2.3.1, 1"})
    void aBrokerThatHasNoDefaultsForANewTopicIsToldOne(String release, int sent) throws Exception {
        try (FakeBroker broker = FakeBroker.startAs(release);
                KafkaClient client = clientOf(broker)) {
            broker.on(ApiKey.CREATE_TOPICS, request -> {
                var topic = ((CreateTopicsRequest) request).topics().getFirst();
                broker.topic(topic.name(), 1);
                return CreateTopicsResponse.builder()
                        .topics(List.of(CreatableTopicResult.builder()
                                .name(topic.name())
                                .build()))
                        .build();
            });

            Topics.create(client, NewTopic.of("orders"));

            var topic = ((CreateTopicsRequest)
                            broker.received(ApiKey.CREATE_TOPICS).getFirst().request())
                    .topics()
                    .getFirst();
            assertThat(topic.numPartitions()).isEqualTo(sent);
            assertThat(topic.replicationFactor()).isEqualTo((short) sent);
        }
    }

    @Test
    void whoMayNotSeeTheSettingsSeesTheTopicAllTheSame() throws Exception {
        try (FakeBroker broker = FakeBroker.start().topic("orders", 2);
                KafkaClient client = clientOf(broker)) {
            broker.on(
                    ApiKey.DESCRIBE_CONFIGS,
                    _ -> DescribeConfigsResponse.builder()
                            .results(List.of(DescribeConfigsResult.builder()
                                    .errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code())
                                    .resourceType((byte) 2)
                                    .resourceName("orders")
                                    .build()))
                            .build());

            TopicDescription orders = Topics.describe(client, List.of("orders")).getFirst();

            assertThat(orders.partitions()).hasSize(2);
            assertThat(orders.configsUnknown()).contains("orders", "TOPIC_AUTHORIZATION_FAILED");
        }
    }

    @Test
    void aTopicThatDoesNotExistIsNeitherDescribedNorCreated() throws IOException {
        try (FakeBroker broker = FakeBroker.startAs("0.10.2.2").topic("orders", 1);
                KafkaClient client = clientOf(broker)) {
            assertThatThrownBy(() -> Topics.describe(client, List.of("orders", "other")))
                    .isInstanceOfSatisfying(
                            KafkaException.BrokerError.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION))
                    .hasMessageContaining("other");
            assertThat(broker.received(ApiKey.METADATA))
                    .allSatisfy(each -> assertThat(((MetadataRequest) each.request()).topics())
                            .isNullOrEmpty());
        }
    }
}
