package dev.kafkaloom.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaloom.message.OffsetCommitResponse;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.testing.RealBroker;
import java.util.List;
import java.util.Map;

/** Offsets of partitions, and offsets of groups. */
final class OffsetChecks {
    /** KIP-734, since 3.0: the offset of the record with the largest timestamp. */
    private static final long MAX_TIMESTAMP = -3;

    private static final long STEP = 1_000;

    private OffsetChecks() {}

    /** The ends of the log everywhere; by time since 0.10.1 (KIP-79), before which brokers look at the files' times. */
    static void list(Lab lab) throws InterruptedException {
        TopicInfo topic = lab.topic("offsets");
        long first = System.currentTimeMillis() - 10 * STEP;
        for (int i = 0; i < 3; i++) {
            LogRecord record = new LogRecord(
                    i, first + i * STEP, TimestampType.CREATE_TIME, null, "value".getBytes(UTF_8), List.of());
            RecordChecks.produce(lab, lab.client(), topic, 2, Compression.NONE, List.of(record));
        }
        TopicPartition written = new TopicPartition(topic.name(), 2);
        TopicPartition empty = new TopicPartition(topic.name(), 0);
        KafkaClient client = lab.client();

        assertThat(OffsetLookup.list(client, Map.of(written, OffsetLookup.LATEST, empty, OffsetLookup.LATEST)))
                .isEqualTo(Map.of(written, 3L, empty, 0L));
        assertThat(OffsetLookup.list(client, Map.of(written, OffsetLookup.EARLIEST, empty, OffsetLookup.EARLIEST)))
                .isEqualTo(Map.of(written, 0L, empty, 0L));
        if (lab.release().since("0.10.1.0")) {
            assertThat(OffsetLookup.list(client, Map.of(written, first + 1, empty, first)))
                    .isEqualTo(Map.of(written, 1L, empty, -1L));
            assertThat(OffsetLookup.list(client, Map.of(written, first + 3 * STEP)))
                    .isEqualTo(Map.of(written, -1L));
        }
        if (lab.release().since("3.0.0")) {
            assertThat(OffsetLookup.list(client, Map.of(written, MAX_TIMESTAMP)))
                    .isEqualTo(Map.of(written, 2L));
        }
        noteVersion(lab, written);
    }

    private static void noteVersion(Lab lab, TopicPartition partition) throws InterruptedException {
        lab.call(
                new Route.Leader(partition),
                ListOffsetsRequest.builder()
                        .replicaId(-1)
                        .topics(List.of(ListOffsetsTopic.builder()
                                .name(partition.topic())
                                .partitions(List.of(ListOffsetsPartition.builder()
                                        .partitionIndex(partition.partition())
                                        .timestamp(OffsetLookup.LATEST)
                                        .build()))
                                .build()))
                        .build());
    }

    /** What is committed from outside of a group is what it says it has, by topic names and, where there are any, topic ids. */
    static void commits(Lab lab) throws InterruptedException {
        commits(lab, lab.client());
    }

    static void commits(Lab lab, KafkaClient client) throws InterruptedException {
        TopicInfo topic = lab.topic("commits");
        String group = RealBroker.unique("commits");
        TopicPartition committed = new TopicPartition(topic.name(), 3);
        TopicPartition never = new TopicPartition(topic.name(), 0);
        assertThat(GroupOffsets.fetch(client, group, List.of(committed, never))).isEmpty();

        OffsetCommitResponse response = lab.call(client, new Route.GroupCoordinator(group), commit(group, topic));

        assertThat(ErrorCode.of(
                        response.topics().getFirst().partitions().getFirst().errorCode()))
                .isEqualTo(ErrorCode.NONE);
        assertThat(GroupOffsets.fetch(client, group, List.of(committed, never))).isEqualTo(Map.of(committed, 17L));
        assertThat(fetchById(lab, client, group, topic)).isEqualTo("17 note");
    }

    private static OffsetCommitRequest commit(String group, TopicInfo topic) {
        return OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(-1)
                .memberId("")
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name(topic.name())
                        .topicId(topic.id())
                        .partitions(List.of(OffsetCommitRequestPartition.builder()
                                .partitionIndex(3)
                                .committedOffset(17)
                                .committedMetadata("note")
                                .build()))
                        .build()))
                .build();
    }

    /** In the highest version there is: for several groups since v8, by topic id since v10. */
    private static String fetchById(Lab lab, KafkaClient client, String group, TopicInfo topic)
            throws InterruptedException {
        OffsetFetchRequest.Builder request = OffsetFetchRequest.builder();
        if (lab.release().since("3.0.0")) {
            request.groups(List.of(OffsetFetchRequestGroup.builder()
                    .groupId(group)
                    .topics(List.of(OffsetFetchRequestTopics.builder()
                            .name(topic.name())
                            .topicId(topic.id())
                            .partitionIndexes(List.of(3))
                            .build()))
                    .build()));
        } else {
            request.groupId(group)
                    .topics(List.of(OffsetFetchRequestTopic.builder()
                            .name(topic.name())
                            .partitionIndexes(List.of(3))
                            .build()));
        }
        OffsetFetchResponse response = lab.call(client, new Route.GroupCoordinator(group), request.build());
        if (response.groups().isEmpty()) {
            var answer = response.topics().getFirst().partitions().getFirst();
            return answer.committedOffset() + " " + answer.metadata();
        }
        var answer =
                response.groups().getFirst().topics().getFirst().partitions().getFirst();
        return answer.committedOffset() + " " + answer.metadata();
    }
}
