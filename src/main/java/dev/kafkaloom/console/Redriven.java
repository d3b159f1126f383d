package dev.kafkaloom.console;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.protocol.KafkaException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which records of one partition were sent again: all below an offset, and some stretches behind it, for what a filter left out keeps the
 * offset where it is. Kept as what a group has committed; the stretches are the words beside the offset, {@code redriven 3+2 10+1}: three
 * offsets are open, two done, ten open, one done. Belongs to one thread.
 */
final class Redriven {
    private static final String WORD = "redriven";
    private static final Pattern METADATA = Pattern.compile(WORD + "(?: \\d{1,18}\\+\\d{1,18})+");
    private static final Pattern STRETCH = Pattern.compile(" (\\d+)\\+(\\d+)");
    /** Brokers take 4,096 bytes by default ({@code offset.metadata.max.bytes}). */
    private static final int MOST_CHARACTERS = 4_000;

    private final NavigableMap<Long, Long> stretches; // first to behind the last; none touches another or the offset
    private long below;

    private Redriven(long below, NavigableMap<Long, Long> stretches) {
        this.below = below;
        this.stretches = stretches;
    }

    /** Nothing was. */
    static Redriven none() {
        return new Redriven(0, new TreeMap<>());
    }

    /**
     * What a group has committed.
     *
     * @throws KafkaException.InvalidRequest when somebody else wrote the words beside the offset
     */
    static Redriven of(CommittedOffset committed) {
        Redriven redriven = new Redriven(committed.offset(), new TreeMap<>());
        String words = committed.metadata();
        if (words.isEmpty()) {
            return redriven;
        }
        try {
            redriven.read(words);
        } catch (IllegalArgumentException | ArithmeticException _) {
            throw new KafkaException.InvalidRequest("offset " + committed.offset() + " was committed with the words '"
                    + TableText.cell(words) + "', which no redrive has written");
        }
        return redriven;
    }

    private void read(String words) {
        if (!METADATA.matcher(words).matches()) {
            throw new IllegalArgumentException(words);
        }
        long at = below;
        Matcher stretch = STRETCH.matcher(words);
        while (stretch.find()) {
            long first = Math.addExact(at, Long.parseLong(stretch.group(1)));
            at = Math.addExact(first, Long.parseLong(stretch.group(2)));
            add(first, at);
        }
    }

    Redriven copy() {
        return new Redriven(below, new TreeMap<>(stretches));
    }

    /** The first offset that was not. */
    long below() {
        return below;
    }

    boolean contains(long offset) {
        Map.Entry<Long, Long> stretch = stretches.floorEntry(offset);
        return offset < below || (stretch != null && offset < stretch.getValue());
    }

    /** Takes a stretch in; {@code next} is behind its last offset. */
    void add(long first, long next) {
        long from = first;
        long to = next;
        Map.Entry<Long, Long> before = stretches.floorEntry(from);
        if (before != null && before.getValue() >= from) {
            from = before.getKey();
        }
        for (var each = stretches.ceilingEntry(from); each != null && each.getKey() <= to; ) {
            to = Math.max(to, each.getValue());
            stretches.remove(each.getKey());
            each = stretches.ceilingEntry(from);
        }
        if (to > from) {
            stretches.put(from, to);
        }
        join();
    }

    /** What the log no longer has needs no account. */
    void logBegins(long start) {
        below = Math.max(below, start);
        join();
    }

    private void join() {
        while (!stretches.isEmpty() && stretches.firstKey() <= below) {
            below = Math.max(below, stretches.pollFirstEntry().getValue());
        }
    }

    /** Whether brokers keep that many stretches. */
    boolean fits() {
        return metadata().length() <= MOST_CHARACTERS;
    }

    /** To be committed. */
    CommittedOffset committed() {
        return new CommittedOffset(below, -1, metadata());
    }

    private String metadata() {
        if (stretches.isEmpty()) {
            return "";
        }
        StringBuilder words = new StringBuilder(WORD);
        long at = below;
        for (var stretch : stretches.entrySet()) {
            words.append(' ').append(stretch.getKey() - at).append('+').append(stretch.getValue() - stretch.getKey());
            at = stretch.getValue();
        }
        return words.toString();
    }
}
