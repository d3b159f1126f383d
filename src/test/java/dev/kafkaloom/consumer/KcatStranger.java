package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.testing.RealBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kcat -G}: values on its standard output, assignments on its standard error. */
final class KcatStranger implements Stranger {
    private static final Pattern PARTITION = Pattern.compile("\\[(\\d+)]");

    /** What a test needs: kcat, which not every machine has. */
    static void assumeInstalled() {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/kcat")))
                .as("kcat is installed")
                .isTrue();
    }

    private final Scope scope = Scope.open(RealBroker.unique("kcat"));
    private final Process process;
    private final Set<Integer> values = ConcurrentHashMap.newKeySet();
    private final AtomicInteger rebalances = new AtomicInteger();
    private final Set<Integer> owned = ConcurrentHashMap.newKeySet();
    private final List<Integer> revoked = new CopyOnWriteArrayList<>();

    KcatStranger(GroupLab lab, String group, String topic, String assignor) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "kcat",
                "-b",
                lab.broker.bootstrap(),
                "-u",
                "-X",
                "auto.offset.reset=earliest",
                "-X",
                "heartbeat.interval.ms=300",
                "-X",
                "session.timeout.ms=6000",
                "-X",
                "partition.assignment.strategy=" + assignor));
        if (lab.broker.zooKeeper().isPresent()) {
            command.addAll(List.of("-X", "api.version.request=false", "-X", "broker.version.fallback=0.9.0.1"));
        }
        command.addAll(List.of("-G", group, topic));
        process = new ProcessBuilder(command).start();
        scope.go(
                "kcat/out",
                () -> read(
                        process.inputReader(StandardCharsets.UTF_8),
                        line -> values.add(Integer.parseInt(line.strip()))));
        scope.go(
                "kcat/err",
                () -> read(
                        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)),
                        this::noted));
    }

    private interface Line {
        void read(String line);
    }

    private static void read(BufferedReader from, Line line) {
        try {
            for (String next = from.readLine(); next != null; next = from.readLine()) {
                line.read(next);
            }
        } catch (IOException _) {
            // the process was ended
        }
    }

    private void noted(String line) {
        if (line.contains("rebalanced")) {
            rebalances.incrementAndGet();
            Matcher partition = PARTITION.matcher(line);
            while (partition.find()) {
                int number = Integer.parseInt(partition.group(1));
                if (line.contains("assigned:") || line.contains("assignment of")) { // eager or cooperative
                    owned.add(number);
                } else if (owned.remove(number)) {
                    revoked.add(number);
                }
            }
        }
    }

    @Override
    public List<Integer> owned() {
        return owned.stream().sorted().toList();
    }

    @Override
    public Set<Integer> values() {
        return values;
    }

    @Override
    public int rebalances() {
        return rebalances.get();
    }

    @Override
    public List<Integer> revoked() {
        return List.copyOf(revoked);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        scope.close();
    }
}
