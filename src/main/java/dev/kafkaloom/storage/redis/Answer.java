package dev.kafkaloom.storage.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a script answered. A type that is not what was expected is an {@link IllegalStateException}: the script is another one. */
record Answer(List<?> fields) {
    int size() {
        return fields.size();
    }

    long number(int at) {
        return switch (fields.get(at)) {
            case Long number -> number;
            case byte[] text -> Long.parseLong(new String(text, StandardCharsets.UTF_8));
            case null, default -> throw unexpected(at);
        };
    }

    byte[] bytes(int at) {
        return fields.get(at) instanceof byte[] bytes ? bytes : fail(at);
    }

    String text(int at) {
        return new String(bytes(at), StandardCharsets.UTF_8);
    }

    private byte[] fail(int at) {
        throw unexpected(at);
    }

    private IllegalStateException unexpected(int at) {
        return new IllegalStateException("field " + at + " of " + fields.size() + " is " + fields.get(at));
    }
}
