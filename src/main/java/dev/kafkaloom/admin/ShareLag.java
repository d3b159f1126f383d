package dev.kafkaloom.admin;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.message.DescribeShareGroupOffsetsRequest;
import dev.kafkaloom.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import dev.kafkaloom.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.Comparator;
import java.util.List;

/**
 * How far a share group is in one partition (KIP-932).
 *
 * @param start the share-partition start offset: everything before it is done; null when the group has not begun there
 * @param remaining records not yet done (KIP-1226); null on brokers that do not tell
 */
public record ShareLag(TopicPartition partition, Long start, Long remaining) {
    /**
     * All partitions that a share group has read of.
     *
     * @throws dev.kafkaloom.protocol.KafkaException.UnsupportedVersion on brokers before 4.1
     * @throws dev.kafkaloom.protocol.KafkaException.BrokerError when there is no such group, or it may not be read
     */
    public static List<ShareLag> of(KafkaClient client, String group) throws InterruptedException {
        var request = DescribeShareGroupOffsetsRequest.builder()
                .groups(List.of(DescribeShareGroupOffsetsRequestGroup.builder()
                        .groupId(group)
                        .topics(null)
                        .build()))
                .build();
        var response = client.call(request);
        response.groups()
                .forEach(
                        each -> Topics.check(each.errorCode(), each.errorMessage(), "offsets of share group " + group));
        return response.groups().stream()
                .flatMap(each -> each.topics().stream())
                .flatMap(topic -> topic.partitions().stream()
                        .map(each -> of(new TopicPartition(topic.topicName(), each.partitionIndex()), each)))
                .sorted(Comparator.comparing(ShareLag::partition))
                .toList();
    }

    private static ShareLag of(TopicPartition partition, DescribeShareGroupOffsetsResponsePartition answer) {
        Topics.check(answer.errorCode(), answer.errorMessage(), "share offset of " + partition);
        return new ShareLag(partition, known(answer.startOffset()), known(answer.lag()));
    }

    private static Long known(long offset) {
        return offset < 0 ? null : offset;
    }
}
