package dev.kafkaloom.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The records of all benchmarks: 10,000 different JSON lines of exactly 100 bytes under keys of 8 bytes, the same on every run. */
final class Payload {
    static final int BATCHES = 10;
    static final int RECORDS = 1000;
    static final long FIRST_TIMESTAMP = 1_700_000_000_000L;

    private static final String[] ACTIONS = {"view", "click", "order", "cancel", "refund", "search"};
    private static final String FILL = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int VALUE_BYTES = 100;

    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();

    Payload() {
        Random random = new Random(42);
        for (int i = 0; i < BATCHES * RECORDS; i++) {
            keys.add(ByteBuffer.allocate(Long.BYTES).putLong(random.nextLong()).array());
            values.add(line(i, random));
        }
    }

    byte[] key(int record) {
        return keys.get(record);
    }

    byte[] value(int record) {
        return values.get(record);
    }

    long timestamp(int record) {
        return FIRST_TIMESTAMP + record / 4;
    }

    private static byte[] line(int number, Random random) {
        StringBuilder line = new StringBuilder(VALUE_BYTES)
                .append("{\"id\":")
                .append(1_000_000 + number)
                .append(",\"user\":\"user-")
                .append(random.nextInt(5000))
                .append("\",\"action\":\"")
                .append(ACTIONS[random.nextInt(ACTIONS.length)])
                .append("\",\"amount\":")
                .append(random.nextInt(100_000) / 100.0)
                .append(",\"note\":\"");
        while (line.length() < VALUE_BYTES - 2) {
            line.append(FILL.charAt(random.nextInt(FILL.length())));
        }
        return line.append("\"}").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
