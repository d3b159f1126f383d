package dev.kafkaloom.admin;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DescribeConfigsRequest;
import dev.kafkaloom.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaloom.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import dev.kafkaloom.message.DescribeConfigsResponse.DescribeConfigsResult;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaloom.message.MetadataResponse.MetadataResponsePartition;
import dev.kafkaloom.message.MetadataResponse.MetadataResponseTopic;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks for what is known of topics that exist. Stateless. */
final class TopicDescriber {
    private static final int AUTO_CREATION_CAN_BE_REFUSED_SINCE = 4;
    private static final byte TOPIC = 2;

    /** Where a setting comes from, as DescribeConfigs v1 counts. */
    private static final byte SET_ON_TOPIC = 1;

    private static final byte SET_ON_BROKER = 2;
    private static final byte SET_ON_ALL_BROKERS = 3;
    private static final byte IN_BROKERS_FILE = 4;
    private static final byte DEFAULT = 5;

    private record Settings(List<TopicConfig> configs, String unknown) {}

    private TopicDescriber() {}

    /** @param names topics that exist: an old broker would create the others */
    static List<TopicDescription> describe(KafkaClient client, Collection<String> names) throws InterruptedException {
        ApiVersions versions = client.versions();
        var response = client.call(MetadataRequest.builder()
                .topics(names.stream()
                        .map(name -> MetadataRequestTopic.builder().name(name).build())
                        .toList())
                .allowAutoTopicCreation(!canRefuseCreation(versions))
                .build());
        Map<String, Settings> settings = settings(client, versions, names);
        return response.topics().stream()
                .map(topic -> description(topic, settings.get(topic.name())))
                .sorted(Comparator.comparing(TopicDescription::name))
                .toList();
    }

    /** Whether a broker can be asked for a topic by its name without creating it. */
    static boolean canRefuseCreation(ApiVersions versions) {
        return versions.common(ApiKey.METADATA)
                .map(range -> range.highest() >= AUTO_CREATION_CAN_BE_REFUSED_SINCE)
                .orElse(false);
    }

    private static TopicDescription description(MetadataResponseTopic topic, Settings settings) {
        if (topic.partitions().isEmpty()) { // otherwise it is about some partition without a leader, which is shown
            Topics.check(topic.errorCode(), null, "topic " + topic.name());
        }
        return new TopicDescription(
                topic.name(),
                topic.topicId(),
                topic.isInternal(),
                topic.partitions().stream()
                        .map(TopicDescriber::partition)
                        .sorted(Comparator.comparingInt(PartitionDescription::partition))
                        .toList(),
                settings == null ? List.of() : settings.configs(),
                settings == null ? "the broker said nothing of them" : settings.unknown());
    }

    private static PartitionDescription partition(MetadataResponsePartition partition) {
        return new PartitionDescription(
                partition.partitionIndex(),
                partition.leaderId(),
                partition.replicaNodes(),
                partition.isrNodes(),
                partition.offlineReplicas());
    }

    private static Map<String, Settings> settings(KafkaClient client, ApiVersions versions, Collection<String> names)
            throws InterruptedException {
        Map<String, Settings> settings = new HashMap<>();
        if (!versions.supports(ApiKey.DESCRIBE_CONFIGS)) {
            String why = "brokers tell them since Kafka 0.11.0, this is " + versions.release();
            names.forEach(name -> settings.put(name, new Settings(List.of(), why)));
            return settings;
        }
        var response = client.call(DescribeConfigsRequest.builder()
                .resources(names.stream()
                        .map(name -> DescribeConfigsResource.builder()
                                .resourceType(TOPIC)
                                .resourceName(name)
                                .configurationKeys(null)
                                .build())
                        .toList())
                .build());
        response.results().forEach(result -> settings.put(result.resourceName(), settings(result)));
        return settings;
    }

    /** Who may see a topic need not be allowed to see its settings: that is no reason to tell nothing at all. */
    private static Settings settings(DescribeConfigsResult result) {
        ErrorCode error = ErrorCode.of(result.errorCode());
        if (error != ErrorCode.NONE) {
            return new Settings(
                    List.of(),
                    new KafkaException.BrokerError(error, "DescribeConfigs of " + result.resourceName()).oneLine());
        }
        return new Settings(
                result.configs().stream()
                        .filter(each -> !each.isDefault() && each.configSource() != DEFAULT)
                        .map(each -> new TopicConfig(each.name(), each.value(), source(each)))
                        .sorted(Comparator.comparing(TopicConfig::source)
                                .reversed()
                                .thenComparing(TopicConfig::name))
                        .toList(),
                null);
    }

    /** v0 knows no sources: what is no default there was set on the topic. */
    private static String source(DescribeConfigsResourceResult config) {
        return switch (config.configSource()) {
            case SET_ON_BROKER -> "broker (dynamic)";
            case SET_ON_ALL_BROKERS -> "brokers (dynamic)";
            case IN_BROKERS_FILE -> "broker (file)";
            case SET_ON_TOPIC, -1 -> "topic";
            default -> "source " + config.configSource();
        };
    }
}
