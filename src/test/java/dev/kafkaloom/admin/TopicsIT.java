package dev.kafkaloom.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Evidence.class)
@Timeout(90)
class TopicsIT {
    private static KafkaClient clientOf(String version) {
        return KafkaClient.open(ClientConfig.of(RealBroker.of(version).bootstrap()));
    }

    @Test
    void aTopicIsCreatedWithLeadersAndDeleted() throws Exception {
        String topic = RealBroker.unique("made");
        try (KafkaClient client = clientOf(RealBroker.NEWEST)) {
            Topics.create(client, topic, 3, 1);
            assertThat(client.clusterWith(List.of(topic)).topics().get(topic).partitions())
                    .hasSize(3)
                    .allSatisfy(each -> assertThat(each.leaderId()).isNotNegative());

            assertThatThrownBy(() -> Topics.create(client, topic, 3, 1))
                    .isInstanceOfSatisfying(
                            KafkaException.BrokerError.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS));

            Topics.delete(client, topic);
            assertThat(client.clusterWith(List.of(topic)).topics().get(topic).exists())
                    .isFalse();
        }
    }

    @Test
    void theBrokersReasonForARefusalIsPassedOn() {
        try (KafkaClient client = clientOf(RealBroker.NEWEST)) {
            assertThatThrownBy(() -> Topics.create(client, RealBroker.unique("made"), 1, 7))
                    .isInstanceOf(KafkaException.BrokerError.class)
                    .hasMessageContaining("INVALID_REPLICATION_FACTOR");
        }
    }

    @Test
    void anOldBrokerCreatesATopicByItsMentionWithItsOwnNumberOfPartitions() throws Exception {
        String topic = RealBroker.unique("mentioned");
        try (KafkaClient client = clientOf(RealBroker.OLDEST)) {
            int own = partitionsOf(client);
            Topics.create(client, topic, own, 1);
            assertThat(client.clusterWith(List.of(topic)).topics().get(topic).partitions())
                    .hasSize(own)
                    .allSatisfy(each -> assertThat(each.leaderId()).isNotNegative());

            assertThatThrownBy(() -> Topics.create(client, topic, own, 1)).hasMessageContaining("TOPIC_ALREADY_EXISTS");
            assertThatThrownBy(() -> Topics.create(client, RealBroker.unique("mentioned"), own + 1, 1))
                    .isInstanceOf(KafkaException.InvalidRequest.class)
                    .hasMessageContaining("was created, but not with the partitions asked for, " + (own + 1))
                    .hasMessageContaining("num.partitions, " + own);
            assertThatThrownBy(() -> Topics.create(client, RealBroker.unique("mentioned"), own, 2))
                    .isInstanceOf(KafkaException.InvalidRequest.class)
                    .hasMessageContaining("default.replication.factor, 1");
            assertThatThrownBy(() -> Topics.delete(client, topic))
                    .isInstanceOf(KafkaException.UnsupportedVersion.class);
        }
    }

    private static int partitionsOf(KafkaClient client) throws InterruptedException {
        String probe = RealBroker.unique("probe");
        try {
            Topics.create(client, probe, Integer.MAX_VALUE, 1);
        } catch (KafkaException.InvalidRequest _) {
            // as expected: nobody has that many
        }
        return client.clusterWith(List.of(probe))
                .topics()
                .get(probe)
                .partitions()
                .size();
    }
}
