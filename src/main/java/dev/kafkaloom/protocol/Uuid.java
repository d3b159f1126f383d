package dev.kafkaloom.protocol;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * A Kafka identifier of 128 bits (topic ids, directory ids, member ids), written as 22 characters of base64url without padding.
 *
 * @param mostSignificantBits the first eight bytes on the wire
 * @param leastSignificantBits the last eight
 */
public record Uuid(long mostSignificantBits, long leastSignificantBits) implements Comparable<Uuid> {
    /** All bits zero: "none", for example the topic id of brokers before 2.8. */
    public static final Uuid ZERO = new Uuid(0, 0);

    /** A new random id. Never one that starts with a dash, which command lines take for a flag. */
    public static Uuid random() {
        while (true) {
            UUID random = UUID.randomUUID();
            Uuid id = new Uuid(random.getMostSignificantBits(), random.getLeastSignificantBits());
            if (id.toString().charAt(0) != '-') {
                return id;
            }
        }
    }

    /**
     * Reads the base64url form, with or without padding.
     *
     * @throws IllegalArgumentException if the text is not 16 bytes of base64url
     */
    public static Uuid parse(String text) {
        byte[] bytes = text.length() <= 24 ? Base64.getUrlDecoder().decode(text) : new byte[0];
        if (bytes.length != 16) {
            throw new IllegalArgumentException("not a Kafka id (22 characters of base64url): "
                    + (text.length() <= 100 ? text : text.substring(0, 100) + "..."));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Uuid(buffer.getLong(), buffer.getLong());
    }

    /** Unsigned order of the 16 bytes. */
    @Override
    public int compareTo(Uuid other) {
        int first = Long.compareUnsigned(mostSignificantBits, other.mostSignificantBits);
        return first != 0 ? first : Long.compareUnsigned(leastSignificantBits, other.leastSignificantBits);
    }

    /** The base64url form without padding. */
    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(mostSignificantBits)
                .putLong(leastSignificantBits)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
