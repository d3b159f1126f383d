package dev.kafkaloom.storage.redis;

import dev.kafkaloom.protocol.Uuid;
import java.util.Optional;

/**
 * What a shard says of what was stored last.
 *
 * @param next everything below this offset was stored
 * @param committed what the consumer knew to be committed then
 * @param server the run of the Redis server that took it: another one may have forgotten what came after; empty while that is
 *     being stored again
 * @param operation names the append, so that one whose answer was lost is recognized
 */
record Mark(long next, Uuid topicId, long committed, String server, String operation) {
    String text() {
        return next + "," + topicId + "," + committed + "," + server + "," + operation;
    }

    /** Empty for a shard without one, and for a text that nobody of us wrote. */
    static Optional<Mark> parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 5) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Mark(
                    Long.parseLong(parts[0]), Uuid.parse(parts[1]), Long.parseLong(parts[2]), parts[3], parts[4]));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    Mark committedAtLeast(long offset) {
        return offset <= committed ? this : new Mark(next, topicId, offset, server, operation);
    }

    /** Whether both may be the same topic: an id that is not known is that of any. */
    boolean isOf(Uuid otherTopicId) {
        return topicId.equals(otherTopicId) || topicId.equals(Uuid.ZERO) || otherTopicId.equals(Uuid.ZERO);
    }
}
