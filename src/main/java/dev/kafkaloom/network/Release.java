package dev.kafkaloom.network;

import dev.kafkaloom.protocol.KafkaException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A release of Apache Kafka, ordered by its numbers: {@code 0.9.0.1}, {@code 2.8}, {@code 4.3.1}. */
record Release(String text, int[] numbers) implements Comparable<Release> {
    private static final Pattern SHAPE = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){1,3}");

    static Release parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw new KafkaException.InvalidRequest(
                    "kafka version '" + text + "': expected auto or a release such as 0.9.0.1, 2.8.2 or 4.3.1");
        }
        return new Release(
                text,
                Arrays.stream(text.split("\\.", -1)).mapToInt(Integer::parseInt).toArray());
    }

    /** The last possible release of the line that this one names: 2.8 becomes 2.8.999. */
    Release open() {
        int full = numbers[0] == 0 ? 4 : 3;
        if (numbers.length >= full) {
            return this;
        }
        int[] padded = Arrays.copyOf(numbers, full);
        Arrays.fill(padded, numbers.length, full, 999);
        return new Release(text, padded);
    }

    /** The line that it belongs to: 0.10.2 of 0.10.2.2, 4.3 of 4.3.1. */
    String line() {
        int parts = numbers[0] == 0 ? 3 : 2;
        return Arrays.stream(numbers).limit(parts).mapToObj(Integer::toString).collect(Collectors.joining("."));
    }

    boolean isBefore010() {
        return numbers[0] == 0 && numbers[1] < 10;
    }

    @Override
    public int compareTo(Release other) {
        return Arrays.compare(numbers, other.numbers);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Release release && Arrays.equals(numbers, release.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
        return text;
    }
}
