package dev.kafkaloom.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a misspelled one was probably meant to be. */
public final class Nearest {
    private Nearest() {}

    /** {@code "; did you mean x?"}, or nothing when no candidate is near. */
    public static String hint(String written, Collection<String> candidates) {
        return of(written, candidates)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** The same behind what was said. */
    static Phrase hinted(Phrase said, String written, Collection<String> candidates) {
        return of(written, candidates)
                .map(name -> Phrase.of("config.hint", said, name))
                .orElse(said);
    }

    private static Optional<String> of(String written, Collection<String> candidates) {
        String wanted = written.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = Math.max(2, wanted.length() / 4) + 1;
        for (String candidate : candidates) {
            if (Math.abs(wanted.length() - candidate.length()) >= bestDistance) {
                continue; // no need to fill a table as large as a megabyte of garbage
            }
            int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Edits (insert, delete, replace, swap of neighbours) that turn one text into the other. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
