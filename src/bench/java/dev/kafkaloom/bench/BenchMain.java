package dev.kafkaloom.bench;

import dev.kafkaloom.bench.storage.StorageBench;
import dev.kafkaloom.network.SendBench;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures kafka-loom beside kafka-clients and prints a Markdown table. Each round runs every case in a fresh JVM for either side, one
 * right after the other, and the next round in the other order, so that what else the machine does meets both.
 *
 * <p>Arguments: {@code quick} (one short round), {@code all} (every version of the messages), {@code rounds=N}, {@code profiler=NAME}
 * (a profiler of JMH, {@code stack} for example, whose findings are printed); anything else selects the cases whose label has all of the
 * words: {@code "metadata v13 read"}. An argument may hold several of these, with commas between them. {@code calls} measures calls to a
 * real broker instead ({@link CallBench}), {@code consume} reading from one ({@link ConsumeBench}), {@code idle} ten thousand partitions that
 * have nothing to read ({@link IdleBench}), {@code storage} the storages between consumer and sink ({@link StorageBench}).
 */
public final class BenchMain {
    private static final String CALLS = "calls";
    private static final String CONSUME = "consume";
    private static final String IDLE = "idle";
    private static final String STORAGE = "storage";
    private static final String[] JVM = {
        "-Xms1g",
        "-Xmx1g",
        "-XX:+UseG1GC",
        "-Xbatch", // a busy machine must not leave one side in the interpreter
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow"
    };

    private final Settings settings;
    private final List<Case> cases;
    private final Map<Case, Figures> figures = new LinkedHashMap<>();

    private BenchMain(Settings settings) {
        this.settings = settings;
        this.cases = Case.all().stream().filter(settings::selects).toList();
        cases.forEach(one -> figures.put(one, new Figures()));
    }

    /**
     * What was asked for.
     *
     * @param rounds forks of either side of a case
     * @param warmups iterations that are not counted
     * @param iterations those that are
     * @param profiler one more profiler, or null
     * @param words selections; empty for the usual cases
     */
    private record Settings(int rounds, int warmups, int iterations, boolean all, String profiler, List<String> words) {
        static Settings parse(List<String> arguments) {
            boolean quick = arguments.contains("quick");
            int rounds = quick ? 1 : 3;
            String profiler = null;
            List<String> words = new ArrayList<>();
            for (String argument : arguments) {
                if (argument.startsWith("rounds=")) {
                    rounds = Integer.parseInt(argument.substring("rounds=".length()));
                } else if (argument.startsWith("profiler=")) {
                    profiler = argument.substring("profiler=".length());
                } else if (!Set.of("quick", "all", "").contains(argument)) {
                    words.add(argument);
                }
            }
            return new Settings(rounds, quick ? 4 : 5, quick ? 3 : 5, arguments.contains("all"), profiler, words);
        }

        boolean selects(Case one) {
            return words.isEmpty() ? all || one.usual() : words.stream().anyMatch(one::matches);
        }
    }

    public static void main(String[] arguments) throws RunnerException, IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            Stream.of(argument.split(",")).map(String::strip).forEach(words::add);
        }
        if (words.remove(CALLS)) {
            CallBench.run(words.contains("quick") ? 1 : 5);
            return;
        }
        if (words.remove(IDLE)) {
            IdleBench.run(words);
            return;
        }
        if (words.remove(STORAGE)) {
            StorageBench.run(words);
            return;
        }
        if (words.remove(CONSUME)) {
            ConsumeBench.run(words);
            return;
        }
        BenchMain bench = new BenchMain(Settings.parse(words));
        if (bench.cases.isEmpty()) {
            System.err.println("no case has these words in its name:");
            Case.all().forEach(one -> System.err.println("  " + one.label()));
            System.exit(2);
        }
        bench.run();
        System.out.println(Table.of(bench.figures));
        if (bench.figures.keySet().stream().anyMatch(one -> one.type() == RecordBench.class)) {
            System.out.println("A batch of 1000 records: "
                    + Stream.of(Codec.values()).map(RecordBench::sizes).collect(Collectors.joining("; ")) + ".");
        }
    }

    private void run() throws RunnerException {
        Set<String> known = benchmarks();
        cases.stream().filter(one -> !known.contains(name(one, true))).forEach(figures::remove);
        for (int round = 0; round < settings.rounds(); round++) {
            boolean oursFirst = round % 2 == 0;
            for (Case one : figures.keySet()) {
                System.err.println("round " + (round + 1) + " of " + settings.rounds() + ": " + one.label());
                figures.get(one).add(oursFirst, fork(one, oursFirst));
                figures.get(one).add(!oursFirst, fork(one, !oursFirst));
            }
        }
    }

    private static Set<String> benchmarks() {
        Set<String> names = new TreeSet<>();
        for (Class<?> type : List.of(MessageBench.class, SendBench.class, RecordBench.class)) {
            for (var method : type.getMethods()) {
                names.add(type.getName() + "." + method.getName());
            }
        }
        return names;
    }

    private static String name(Case one, boolean ours) {
        return one.type().getName() + "." + one.method() + (ours ? "Ours" : "Kafka");
    }

    private Figures.Fork fork(Case one, boolean ours) throws RunnerException {
        var options = new OptionsBuilder()
                .include("^" + Pattern.quote(name(one, ours)) + "$")
                .param(one.parameter(), one.value())
                .forks(1)
                .warmupIterations(settings.warmups())
                .warmupTime(TimeValue.milliseconds(200))
                .measurementIterations(settings.iterations())
                .measurementTime(TimeValue.milliseconds(200))
                .addProfiler(GCProfiler.class)
                .addProfiler(WorkerCpu.class)
                .jvmArgs(JVM)
                .shouldFailOnError(true)
                .verbosity(settings.profiler() == null ? VerboseMode.SILENT : VerboseMode.NORMAL);
        Options built = settings.profiler() == null
                ? options.build()
                : options.addProfiler(settings.profiler()).build();
        Collection<RunResult> results = new Runner(built).run();
        RunResult result = results.iterator().next();
        return new Figures.Fork(
                result.getPrimaryResult().getScore(),
                secondary(result, WorkerCpu.LABEL),
                secondary(result, "gc.alloc.rate.norm"));
    }

    private static double secondary(RunResult result, String label) {
        for (String name : result.getSecondaryResults().keySet()) {
            if (name.endsWith(label)) {
                return result.getSecondaryResults().get(name).getScore();
            }
        }
        throw new IllegalStateException(
                "no " + label + " among " + result.getSecondaryResults().keySet());
    }
}
