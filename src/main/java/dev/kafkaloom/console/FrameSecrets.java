package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes out of decoded messages what nobody may read who reads a trace or a failure report. Used by one thread, for one message. */
final class FrameSecrets {
    static final String REDACTED = "<redacted>";

    /** Fields that are secrets by themselves, in any message. An envelope carries another request, whatever that holds. */
    private static final Set<String> FIELDS =
            Set.of("authBytes", "hmac", "salt", "saltedPassword", "requestData", "responseData", "unalignedRecords");

    /** Names of settings whose values are secrets; rather a harmless one too many. */
    private static final Pattern SETTING = Pattern.compile("password|passphrase|secret|jaas|token|key|credential");

    /** Error messages of brokers repeat the value that they refuse. */
    private static final Pattern REFUSED = Pattern.compile("password|passphrase|secret|jaas|credential");

    private static final List<String> NAMES = List.of("name", "key");

    private boolean found;

    /** Whether the messages of an API are about secrets: their bytes are never shown. */
    static boolean concern(ApiKey api) {
        return switch (api) {
            case SASL_AUTHENTICATE,
                    ALTER_USER_SCRAM_CREDENTIALS,
                    CREATE_DELEGATION_TOKEN,
                    RENEW_DELEGATION_TOKEN,
                    EXPIRE_DELEGATION_TOKEN,
                    DESCRIBE_DELEGATION_TOKEN,
                    ENVELOPE,
                    FETCH_SNAPSHOT -> true;
            default -> false;
        };
    }

    /** Whether the messages of an API may hold settings, so that bytes which could not be decoded whole are not shown. */
    static boolean mayBeIn(ApiKey api) {
        return switch (api) {
            case DESCRIBE_CONFIGS,
                    ALTER_CONFIGS,
                    INCREMENTAL_ALTER_CONFIGS,
                    CREATE_TOPICS,
                    STREAMS_GROUP_HEARTBEAT,
                    STREAMS_GROUP_DESCRIBE -> true;
            default -> false;
        };
    }

    /** Whether {@link #without} has taken anything out. */
    boolean found() {
        return found;
    }

    /** A copy of a message's map form without the secrets. */
    Map<String, Object> without(Map<?, ?> message) {
        boolean secret = isSetting(message);
        Map<String, Object> copy = new LinkedHashMap<>();
        message.forEach((key, value) -> {
            String name = String.valueOf(key);
            boolean hidden = FIELDS.contains(name)
                    || (secret && (name.equals("value") || name.equals("synonyms")))
                    || (name.equals("errorMessage") && value instanceof String text && matches(REFUSED, text));
            copy.put(name, hidden ? redacted(value) : within(value));
        });
        return copy;
    }

    private Object redacted(Object value) {
        if (value == null || value.equals("")) {
            return value;
        }
        found = true;
        return REDACTED;
    }

    private Object within(Object value) {
        return switch (value) {
            case Map<?, ?> map -> without(map);
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                list.forEach(each -> copy.add(within(each)));
                yield copy;
            }
            case null, default -> value;
        };
    }

    private static boolean isSetting(Map<?, ?> map) {
        return Boolean.TRUE.equals(map.get("isSensitive"))
                || NAMES.stream().anyMatch(name -> map.get(name) instanceof String text && matches(SETTING, text));
    }

    private static boolean matches(Pattern pattern, String text) {
        return pattern.matcher(text.toLowerCase(Locale.ROOT)).find();
    }
}
