package dev.kafkaloom.console;

import dev.kafkaloom.config.Nearest;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The merged definitions of all messages, as the generator left them: maps with {@code name}, {@code type}, {@code apiKey},
 * {@code validVersions}, {@code fields} and so on. Immutable.
 */
final class ProtocolDefinitions {
    private static final String RESOURCE = "definitions.json";

    private final Map<ApiKey, Map<?, ?>> apis = new LinkedHashMap<>();
    private final Map<String, Map<?, ?>> messages = new LinkedHashMap<>();

    private ProtocolDefinitions(Map<?, ?> root) {
        for (Object api : (List<?>) root.get("apis")) {
            Map<?, ?> map = (Map<?, ?>) api;
            apis.put(ApiKey.of(((Number) map.get("key")).intValue()), map);
        }
        for (Object message : (List<?>) root.get("messages")) {
            Map<?, ?> map = (Map<?, ?>) message;
            messages.put((String) map.get("name"), map);
        }
    }

    private static final class Loaded {
        static final ProtocolDefinitions ALL = load();
    }

    static ProtocolDefinitions all() {
        return Loaded.ALL;
    }

    /** {@code client} or {@code inter-broker}. */
    String use(ApiKey api) {
        return (String) apis.get(api).get("for");
    }

    /** What it is for. */
    String about(ApiKey api) {
        return (String) apis.get(api).get("about");
    }

    /**
     * The API of a key, a name in any case, or a name that older releases gave it.
     *
     * @throws UsageException that suggests near ones
     */
    static ApiKey api(String text) {
        ApiKey api = named(text);
        if (api == null) {
            throw new UsageException("no API '" + text + "'" + near(text, apiNames()) + " (see protocol list)");
        }
        return api;
    }

    /** Null when there is none. */
    private static ApiKey named(String text) {
        if (text.matches("\\d{1,4}")) {
            return ApiKey.of(Integer.parseInt(text));
        }
        ApiKey api = ApiKey.of(text);
        return api != null
                ? api
                : switch (text.toLowerCase(Locale.ROOT)) {
                    case "offsets" -> ApiKey.LIST_OFFSETS;
                    case "groupcoordinator" -> ApiKey.FIND_COORDINATOR;
                    case "alterisr" -> ApiKey.ALTER_PARTITION;
                    case "listclientmetricsresources" -> ApiKey.LIST_CONFIG_RESOURCES;
                    default -> null;
                };
    }

    /** The messages that a word names: an API's request and response, or the one message of that name in any case. */
    List<Map<?, ?>> find(String text) {
        for (Map.Entry<String, Map<?, ?>> message : messages.entrySet()) {
            if (message.getKey().equalsIgnoreCase(text)) {
                return List.of(message.getValue());
            }
        }
        ApiKey api = named(text);
        if (api == null) {
            List<String> names = Stream.concat(apiNames().stream(), messages.keySet().stream())
                    .toList();
            throw new UsageException("no API or message '" + text + "'" + near(text, names) + " (see protocol list)");
        }
        return Stream.of("Request", "Response")
                .<Map<?, ?>>map(kind -> messages.get(api.apiName() + kind))
                .toList();
    }

    static List<String> apiNames() {
        return Stream.of(ApiKey.values()).map(ApiKey::apiName).toList();
    }

    /** {@code "; did you mean x?"} for a misspelled name, and the names that contain a part. */
    static String near(String text, Collection<String> names) {
        String part = text.toLowerCase(Locale.ROOT);
        List<String> containing = names.stream()
                .filter(name ->
                        part.length() > 2 && name.toLowerCase(Locale.ROOT).contains(part))
                .limit(6)
                .toList();
        if (containing.isEmpty()) {
            return Nearest.hint(text, names);
        }
        String list = String.join(", ", containing.subList(0, Math.min(5, containing.size())));
        return "; did you mean " + list + (containing.size() > 5 ? ", ...?" : "?");
    }

    /** The exact name of a message that is written in any case. */
    static String messageName(String text) {
        List<String> names = Stream.concat(
                        apiNames().stream().flatMap(api -> Stream.of(api + "Request", api + "Response")),
                        otherMessages().stream())
                .toList();
        return names.stream()
                .filter(text::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> new UsageException("no message '" + text + "'" + near(text, names)));
    }

    /** The messages that are neither request nor response, by name. */
    static List<String> otherMessages() {
        List<String> names = new ArrayList<>();
        for (Class<?> type : Message.class.getPermittedSubclasses()) {
            if (type.isRecord()) {
                names.add(type.getSimpleName());
            }
        }
        return names;
    }

    private static ProtocolDefinitions load() {
        try (InputStream in = Message.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the class path: build again");
            }
            return new ProtocolDefinitions((Map<?, ?>) Json.read(in));
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }
}
