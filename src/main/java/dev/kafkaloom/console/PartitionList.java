package dev.kafkaloom.console;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Partitions as they are typed: {@code 0,2-4}. */
final class PartitionList {
    private static final int MOST = 100_000;
    private static final Pattern ELEMENT = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

    private PartitionList() {}

    /** Reads them; {@code option} is named when they are wrong. */
    static SortedSet<Integer> parse(String option, String text) {
        SortedSet<Integer> partitions = new TreeSet<>();
        for (String element : text.split(",", -1)) {
            Matcher range = ELEMENT.matcher(element.strip());
            if (!range.matches()) {
                throw wrong(option, text);
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first || last - first >= MOST) {
                throw wrong(option, text);
            }
            for (int partition = first; partition <= last; partition++) {
                partitions.add(partition);
            }
        }
        return partitions;
    }

    private static UsageException wrong(String option, String text) {
        return new UsageException(option + " must be partitions such as 3 or 0,2-4, not '" + text + "'");
    }
}
