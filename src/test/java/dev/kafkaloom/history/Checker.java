package dev.kafkaloom.history;

import dev.kafkaloom.history.Anomaly.Kind;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges histories: {@code Checker [--allow KIND,...] [--deny KIND,...] FILE|FOLDER...}. Prints one line, {@code history: ok, ...} or
 * {@code history: 3 lost, 1 commit-ahead, ...}, and on standard error the first of each kind; exits with 1 when there is an anomaly, with 2
 * when it cannot be read. Redelivered records are allowed unless they are denied: at least once is what is promised.
 */
public final class Checker {
    private static final int EXAMPLES = 10;

    private Checker() {}

    /** The program. */
    public static void main(String[] args) {
        Set<Kind> denied = EnumSet.complementOf(EnumSet.of(Kind.REDELIVERED));
        List<Path> places = new ArrayList<>();
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--allow" -> denied.removeAll(kinds(args[++i]));
                    case "--deny" -> denied.addAll(kinds(args[++i]));
                    default -> places.add(Path.of(args[i]));
                }
            }
            if (places.isEmpty()) {
                throw new IllegalArgumentException(
                        "usage: Checker [--allow KIND,...] [--deny KIND,...] FILE|FOLDER...");
            }
            Verdict verdict = judge(History.read(places));
            verdict.examples(denied, EXAMPLES).forEach(System.err::println);
            System.out.println(verdict.line(denied));
            System.exit(verdict.isOk(denied) ? 0 : 1);
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            System.err.println("history: " + e.getMessage());
            System.exit(2);
        }
    }

    private static Set<Kind> kinds(String words) {
        return Arrays.stream(words.split(",")).map(Kind::of).collect(Collectors.toSet());
    }

    /** Judges all that is in these files and folders; for tests that have just written it. */
    public static Verdict judge(Path... places) throws IOException {
        return judge(History.read(List.of(places)));
    }

    static Verdict judge(History history) {
        Ledger ledger = new Ledger(history);
        List<Anomaly> anomalies = new ArrayList<>(ledger.anomalies());
        for (GroupHistory group : GroupHistory.all(history)) {
            anomalies.addAll(Owners.check(group));
            for (TopicPartition tp : ledger.partitions()) {
                if (group.reads(tp.topic())) {
                    anomalies.addAll(Deliveries.check(group, ledger, tp));
                    anomalies.addAll(Commits.check(group, ledger, tp));
                }
            }
        }
        return new Verdict(anomalies, Verdict.Figures.of(history));
    }
}
