package dev.kafkaloom.console;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.runtime.DeadLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A record of a dead-letter topic. Anybody may have written it: what it says of itself is read here and believed nowhere, least of all where
 * it says it came from.
 */
sealed interface DeadLetter {
    Set<String> OURS = Set.of(
            DeadLetters.SOURCE_TOPIC,
            DeadLetters.SOURCE_PARTITION,
            DeadLetters.SOURCE_OFFSET,
            DeadLetters.SOURCE_TIMESTAMP,
            DeadLetters.ERROR,
            DeadLetters.ATTEMPTS,
            DeadLetters.GROUP);
    Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    /** As it is in the dead-letter topic. */
    ConsumedRecord stored();

    /**
     * One that can be sent again.
     *
     * @param source the record as it was, without what was added to it
     * @param attempts how often a sink got it, 0 when that is not said
     * @param group whose sink did not take it; empty when that is not said
     */
    record Sound(ConsumedRecord stored, ConsumedRecord source, String error, int attempts, String group)
            implements DeadLetter {}

    /** One that nobody knows the source of. */
    record Foreign(ConsumedRecord stored, String why) implements DeadLetter {}

    /** Reads it: by its headers, or, from brokers that knew none, by its envelope. */
    static DeadLetter of(ConsumedRecord stored) {
        Map<String, String> said = new LinkedHashMap<>();
        for (Header header : stored.headers()) {
            if (OURS.contains(header.key()) && header.value() != null) {
                said.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)); // the last one is ours
            }
        }
        try {
            if (said.isEmpty()) {
                return ofEnvelope(stored);
            }
            List<Header> own = stored.headers().stream()
                    .filter(header -> !OURS.contains(header.key()))
                    .toList();
            return of(stored, said, stored.key(), stored.value(), own);
        } catch (IOException | IllegalArgumentException e) {
            return new Foreign(stored, e.getMessage());
        }
    }

    private static DeadLetter ofEnvelope(ConsumedRecord stored) throws IOException {
        if (!(json(stored.value()) instanceof Map<?, ?> object) || !object.containsKey(DeadLetters.SOURCE_TOPIC)) {
            throw new IOException("it has neither headers nor an envelope that name its source");
        }
        Map<String, String> said = new LinkedHashMap<>();
        for (String name : OURS) {
            if (object.get(name) != null) {
                said.put(name, object.get(name).toString());
            }
        }
        return of(
                stored,
                said,
                bytes(object, DeadLetters.KEY),
                bytes(object, DeadLetters.VALUE),
                headers(object.get("headers")));
    }

    private static Object json(byte[] value) throws IOException {
        if (value == null || value.length == 0 || value[0] != '{') {
            return null;
        }
        try {
            return Json.read(new String(value, StandardCharsets.UTF_8));
        } catch (IOException _) {
            return null; // somebody's own value, which looks a little like JSON
        }
    }

    private static byte[] bytes(Map<?, ?> object, String name) throws IOException {
        return switch (object.get(name)) {
            case null -> null;
            case String text -> Base64.getDecoder().decode(text);
            default -> throw new IOException("the " + name + " in its envelope is not base64");
        };
    }

    private static List<Header> headers(Object list) throws IOException {
        List<Header> headers = new ArrayList<>();
        if (list instanceof List<?> all) {
            for (Object each : all) {
                if (!(each instanceof Map<?, ?> header) || !(header.get("key") instanceof String key)) {
                    throw new IOException("a header in its envelope has no key");
                }
                headers.add(new Header(key, bytes(header, "value")));
            }
        }
        return headers;
    }

    private static DeadLetter of(
            ConsumedRecord stored, Map<String, String> said, byte[] key, byte[] value, List<Header> headers)
            throws IOException {
        String topic = said.getOrDefault(DeadLetters.SOURCE_TOPIC, "");
        if (!TOPIC.matcher(topic).matches()) {
            throw new IOException(DeadLetters.SOURCE_TOPIC + " '" + topic + "' is no topic's name");
        }
        long partition = number(said, DeadLetters.SOURCE_PARTITION, 0, Integer.MAX_VALUE);
        long offset = number(said, DeadLetters.SOURCE_OFFSET, 0, Long.MAX_VALUE);
        long attempts =
                said.containsKey(DeadLetters.ATTEMPTS) ? number(said, DeadLetters.ATTEMPTS, 0, Integer.MAX_VALUE) : 0;
        long timestamp = said.containsKey(DeadLetters.SOURCE_TIMESTAMP)
                ? number(said, DeadLetters.SOURCE_TIMESTAMP, -1, Long.MAX_VALUE)
                : -1;
        ConsumedRecord source = new ConsumedRecord(
                new TopicPartition(topic, (int) partition),
                offset,
                timestamp,
                TimestampType.NONE,
                key,
                value,
                headers,
                1,
                stored.assignmentEpoch());
        return new Sound(
                stored,
                source,
                said.getOrDefault(DeadLetters.ERROR, ""),
                (int) attempts,
                said.getOrDefault(DeadLetters.GROUP, ""));
    }

    private static long number(Map<String, String> said, String name, long lowest, long highest) throws IOException {
        String text = said.getOrDefault(name, "");
        try {
            long number = Long.parseLong(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw new IOException(name + " '" + text + "' is no number from " + lowest + " on");
    }
}
