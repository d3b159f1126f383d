package dev.kafkaloom.storage.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The Lua scripts, each behind the same prelude. What they take and answer is said at their head. */
enum Script {
    APPEND,
    TAKE,
    ACK,
    TEND,
    RETRANSMIT,
    CLEAR,
    PEEK;

    private final String text;
    private final String digest;

    Script() {
        this.text = resource("prelude") + resource(name().toLowerCase(java.util.Locale.ROOT));
        this.digest = sha1(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] text() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String digest() {
        return digest;
    }

    private static String resource(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("the program is not whole: " + name + ".lua is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        }
    }
}
