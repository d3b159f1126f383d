package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every request and response in every version with all of its fields set, and with a secret wherever one may be. */
final class FilledMessages {
    static final String SECRET = "hunter2-hunter2-hunter2-hunter2";
    static final String SETTING = "listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config";

    private static final Set<String> SECRET_BYTES =
            Set.of("authBytes", "hmac", "salt", "saltedPassword", "requestData", "responseData", "unalignedRecords");

    /**
     * One of them.
     *
     * @param secret whether there is a secret in it
     */
    record Filled(ApiKey api, boolean request, short version, boolean secret, byte[] frame) {}

    /** Whose error messages may repeat a value that is refused. */
    private static final Set<ApiKey> OF_SETTINGS = Set.of(
            ApiKey.CREATE_TOPICS, ApiKey.ALTER_CONFIGS, ApiKey.INCREMENTAL_ALTER_CONFIGS, ApiKey.DESCRIBE_CONFIGS);

    private final ApiKey api;
    private final short version;
    private boolean secret;

    private FilledMessages(ApiKey api, short version) {
        this.api = api;
        this.version = version;
    }

    static Filled of(ApiKey api, boolean request, short version) {
        FilledMessages filler = new FilledMessages(api, version);
        Map<?, ?> definition = ProtocolDefinitions.all()
                .find(api.apiName() + (request ? "Request" : "Response"))
                .getFirst();
        WireWriter out = new WireWriter(1024);
        ProtocolFrame.of(api, request, version, true).encode(filler.fields(definition), out);
        return new Filled(api, request, version, filler.secret, out.toBytes());
    }

    private Map<String, Object> fields(Map<?, ?> of) {
        Map<String, Object> filled = new LinkedHashMap<>();
        for (Object each : (List<?>) of.get("fields")) {
            Map<?, ?> field = (Map<?, ?>) each;
            if (ProtocolSpan.parse((String) field.get("versions")).contains(version)) {
                String type = (String) field.get("type");
                Object value = value(field, type.startsWith("[]") ? type.substring(2) : type);
                filled.put((String) field.get("name"), type.startsWith("[]") ? List.of(value) : value);
            }
        }
        return filled;
    }

    private Object value(Map<?, ?> field, String type) {
        String name = (String) field.get("name");
        if (field.get("fields") instanceof List<?> inner && !inner.isEmpty()) {
            return fields(field);
        }
        return switch (type) {
            case "bool" -> false; // isSensitive, too: the name alone has to do
            case "float64" -> 1.0;
            case "uuid" -> "AAAAAAAAAAAAAAAAAAAAAQ";
            case "string" -> text(name);
            case "bytes", "records" -> bytes(name);
            default -> 1L;
        };
    }

    private String text(String name) {
        return switch (name) {
            case "name", "key" -> SETTING;
            case "value" -> {
                secret = true;
                yield SECRET;
            }
            case "errorMessage" -> {
                secret |= OF_SETTINGS.contains(api);
                yield "Invalid value " + (OF_SETTINGS.contains(api) ? SECRET : 7) + " for ssl.key.password";
            }
            default -> "harmless";
        };
    }

    private String bytes(String name) {
        boolean holds = SECRET_BYTES.contains(name);
        secret |= holds;
        return Base64.getEncoder().encodeToString((holds ? SECRET : "harmless").getBytes(StandardCharsets.UTF_8));
    }
}
