package dev.kafkaloom.client;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.VersionRange;
import dev.kafkaloom.protocol.KafkaException;
import java.util.List;
import java.util.Set;

/**
 * Which topics a metadata request is about.
 *
 * @param names null: all
 */
record TopicScope(Set<String> names) {
    static final TopicScope ALL = new TopicScope(null);

    private static final int NULL_MEANS_ALL_SINCE = 1;
    private static final int AUTO_CREATION_CAN_BE_REFUSED_SINCE = 4;

    TopicScope {
        names = names == null ? null : Set.copyOf(names);
    }

    boolean includes(String topic) {
        return names == null || names.contains(topic);
    }

    /**
     * The request as this broker has to be asked. Before v4 a broker creates what it is asked for, so there a topic is only named
     * once it is known to exist, and the whole list is asked for otherwise. In v0 no names means all topics.
     */
    MetadataRequest requestFor(ApiVersions versions, Cluster known) {
        VersionRange range = versions.common(ApiKey.METADATA)
                .orElseThrow(() -> new KafkaException.UnsupportedVersion(
                        "it has no version of Metadata in common with this client (the port of a KRaft controller?)"));
        boolean safeToName = range.highest() >= AUTO_CREATION_CAN_BE_REFUSED_SINCE;
        boolean all = names == null || !(safeToName || names.stream().allMatch(name -> exists(known, name)));
        MetadataRequest.Builder request = MetadataRequest.builder().allowAutoTopicCreation(!safeToName);
        if (all) {
            return request.topics(range.highest() >= NULL_MEANS_ALL_SINCE ? null : List.of())
                    .build();
        }
        return request.topics(names.stream()
                        .sorted()
                        .map(name -> MetadataRequest.MetadataRequestTopic.builder()
                                .name(name)
                                .build())
                        .toList())
                .build();
    }

    private static boolean exists(Cluster known, String name) {
        return known != null
                && known.topics().containsKey(name)
                && known.topics().get(name).exists();
    }
}
