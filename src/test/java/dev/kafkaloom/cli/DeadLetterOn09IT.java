package dev.kafkaloom.cli;

import dev.kafkaloom.console.Json;
import dev.kafkaloom.testing.RealBroker;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** On the oldest release, which knows no headers: letters are told by their envelope. */
class DeadLetterOn09IT extends DeadLetterBehaviour {
    DeadLetterOn09IT() {
        super(RealBroker.OLDEST);
    }

    @Override
    void letter(String from, int offset, String of, String error, String value) {
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("dlq.source.topic", from);
        envelope.put("dlq.source.partition", 1);
        envelope.put("dlq.source.offset", offset);
        envelope.put("dlq.source.timestamp", -1);
        envelope.put("dlq.error", error);
        envelope.put("dlq.attempts", 3);
        envelope.put("dlq.group", of);
        envelope.put("key", base64("key"));
        envelope.put("value", base64(value));
        ok("produce", "-t", dlq, "-k", "key", Json.write(envelope));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
