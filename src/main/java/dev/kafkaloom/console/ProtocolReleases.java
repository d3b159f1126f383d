package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which releases of Kafka speak what, controllers included: {@code network} knows the same of what clients may ask, which
 * {@code ProtocolReleasesTest} compares. Immutable.
 */
final class ProtocolReleases {
    private static final String RESOURCE = "releases.tsv";

    private final List<String> releases;
    private final Map<ApiKey, List<ProtocolSpan>> spoken; // one for each release

    private ProtocolReleases(List<String> releases, Map<ApiKey, List<ProtocolSpan>> spoken) {
        this.releases = releases;
        this.spoken = spoken;
    }

    private static final class Table {
        static final ProtocolReleases ALL = load();
    }

    static ProtocolReleases all() {
        return Table.ALL;
    }

    List<String> releases() {
        return releases;
    }

    /** What a release speaks of an API; {@link ProtocolSpan#NONE} when it does not know it. */
    ProtocolSpan spoken(ApiKey api, String release) {
        return spoken.get(api).get(releases.indexOf(release));
    }

    /** The releases that know the API at all: {@code 0.9.0+}, {@code 0.9.0-3.9}. */
    String of(ApiKey api) {
        return text(span -> !span.isEmpty(), spoken.get(api));
    }

    /** The releases that speak one version of it; {@code preview} when it was never released as stable. */
    String of(ApiKey api, int version) {
        String text = text(span -> span.contains(version), spoken.get(api));
        return text.isEmpty() ? "preview" : text;
    }

    /** The first release that knows the API; null when none has it as stable. */
    String first(ApiKey api) {
        List<ProtocolSpan> spans = spoken.get(api);
        for (int i = 0; i < spans.size(); i++) {
            if (!spans.get(i).isEmpty()) {
                return line(releases.get(i));
            }
        }
        return null;
    }

    private String text(Predicate<ProtocolSpan> speaks, List<ProtocolSpan> spans) {
        List<String> ranges = new ArrayList<>();
        for (int from = 0; from < spans.size(); from++) {
            if (speaks.test(spans.get(from))) {
                int to = from;
                while (to + 1 < spans.size() && speaks.test(spans.get(to + 1))) {
                    to++;
                }
                ranges.add(range(from, to));
                from = to;
            }
        }
        return String.join(", ", ranges);
    }

    private String range(int from, int to) {
        // 4.0.2 speaks more than 4.0.0: a line is named as a whole only where all its releases agree
        boolean firstOfLine = from == 0 || !sameLine(from - 1, from);
        String first = firstOfLine ? line(releases.get(from)) : releases.get(from);
        if (to == releases.size() - 1) {
            return first + "+";
        }
        String last = sameLine(to, to + 1) ? releases.get(to) : line(releases.get(to));
        return first.equals(last) ? first : first + "-" + last;
    }

    private boolean sameLine(int one, int other) {
        return line(releases.get(one)).equals(line(releases.get(other)));
    }

    /** {@code 0.10.2} of 0.10.2.2, {@code 4.3} of 4.3.1. */
    private static String line(String release) {
        int parts = release.startsWith("0.") ? 3 : 2;
        return Arrays.stream(release.split("\\.", -1)).limit(parts).collect(Collectors.joining("."));
    }

    private static ProtocolReleases load() {
        List<String> releases = List.of();
        Map<ApiKey, List<ProtocolSpan>> spoken = new EnumMap<>(ApiKey.class);
        for (String line : lines()) {
            String[] columns = line.split("\t", 2);
            if (columns[0].equals("releases")) {
                releases = List.of(columns[1].split(" ", -1));
            } else if (!line.startsWith("#")) {
                spoken.put(ApiKey.of(Integer.parseInt(columns[0])), spans(columns[1], releases));
            }
        }
        return new ProtocolReleases(releases, spoken);
    }

    private static List<ProtocolSpan> spans(String changes, List<String> releases) {
        ProtocolSpan[] spans = new ProtocolSpan[releases.size()];
        Arrays.fill(spans, ProtocolSpan.NONE);
        for (String change : changes.split(" ", -1)) {
            int colon = change.indexOf(':');
            String versions = change.substring(colon + 1);
            ProtocolSpan span = versions.equals("-") ? ProtocolSpan.NONE : ProtocolSpan.parse(versions);
            Arrays.fill(spans, releases.indexOf(change.substring(0, colon)), spans.length, span);
        }
        return List.of(spans);
    }

    private static List<String> lines() {
        try (InputStream in = ProtocolReleases.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the class path");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }
}
