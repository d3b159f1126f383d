package dev.kafkaloom.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The values that the consumers read: 10,000 JSON lines of exactly one size, the same in every partition and on every run. */
final class ConsumePayload {
    static final int LINES = 10_000;

    private static final String[] WORDS = {
        "order", "customer", "pending", "shipped", "warehouse", "invoice", "payment", "refund", "basket", "express"
    };
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private final List<byte[]> lines = new ArrayList<>();

    ConsumePayload(int bytes) {
        Random random = new Random(bytes);
        for (int i = 0; i < LINES; i++) {
            lines.add(line(i, bytes, random));
        }
    }

    /** The value of the record at that offset. */
    byte[] value(long offset) {
        return lines.get((int) (offset % LINES));
    }

    /** What {@link ConsumeCheck} comes to when it has seen so many records of one partition from its first on. */
    long checksum(long records) {
        long sum = 0;
        for (long offset = 0; offset < records; offset++) {
            byte[] value = value(offset);
            sum = ConsumeCheck.fold(sum, value, 0, value.length);
        }
        return sum;
    }

    private static byte[] line(int number, int bytes, Random random) {
        StringBuilder line = new StringBuilder(bytes).append("{\"id\":").append(1_000_000 + number);
        line.append(",\"user\":\"user-").append(random.nextInt(5000)).append("\",\"note\":\"");
        while (line.length() < bytes - 2) {
            line.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
            for (int i = 0; i < 6; i++) {
                line.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            line.append(' ');
        }
        line.setLength(bytes - 2);
        return line.append("\"}").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
