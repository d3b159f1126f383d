package dev.kafkaloom.storage.redis;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.StorageConfig;
import java.nio.charset.StandardCharsets;

/** The names of a shard's keys, in the order in which the scripts want them. All have the same hash tag, and so the same slot. */
record ShardKeys(String tag, byte[][] keys) {
    static ShardKeys of(StorageConfig.Redis config, TopicPartition partition) {
        String tag = group(config) + ":" + partition.topic() + ":" + partition.partition();
        String pending = config.pendingKey() + ":{" + tag + "}";
        String processing = config.processingKey() + ":{" + tag + "}";
        return new ShardKeys(tag, new byte[][] {
            bytes(pending + ":meta"),
            bytes(pending),
            bytes(pending + ":data"),
            bytes(processing),
            bytes(processing + ":tries"),
            bytes(processing + ":acked"),
            bytes(processing + ":unreadable")
        });
    }

    /** The set of all shards' tags. It is written before the shard is, by a command of its own: it may lie in another slot. */
    static byte[] registry(StorageConfig.Redis config) {
        return bytes(config.pendingKey() + ":{" + group(config) + "}:shards");
    }

    /** Where news about shards are published: their tags. */
    static String channel(StorageConfig.Redis config) {
        return config.pendingKey() + ":{" + group(config) + "}:news";
    }

    /** The partition that a tag names; null when it is none of this group. */
    static TopicPartition partition(StorageConfig.Redis config, String tag) {
        String start = group(config) + ":";
        int colon = tag.lastIndexOf(':');
        if (!tag.startsWith(start) || colon <= start.length()) {
            return null;
        }
        try {
            return new TopicPartition(
                    tag.substring(start.length(), colon), Integer.parseInt(tag, colon + 1, tag.length(), 10));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** For people: the list of what waits. */
    String name() {
        return new String(keys[1], StandardCharsets.UTF_8);
    }

    /** A brace in the group would end the hash tag early. */
    private static String group(StorageConfig.Redis config) {
        return config.group().replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
