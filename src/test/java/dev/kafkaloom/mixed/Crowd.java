package dev.kafkaloom.mixed;

import dev.kafkaloom.history.HistoryWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The members of the group that are alive. One thread. */
final class Crowd {
    private static final int MOST = 5;

    /** Where and as what the members live; {@code dropped} is a value that they drop, empty for none. */
    record Place(
            String bootstrap,
            String group,
            String topic,
            String assignors,
            Path folder,
            Set<Kind> kinds,
            Path rdkafka,
            String dropped) {}

    private record Life(String member, Kind kind, Process process) {}

    private final Place place;
    private final Random random;
    private final HistoryWriter history;
    private final List<Kind> kinds = new ArrayList<>();
    private final List<Life> alive = new ArrayList<>();
    private final Map<String, Integer> count = new TreeMap<>();
    private int born;

    Crowd(Place place, Random random, HistoryWriter history) {
        this.place = place;
        this.random = random;
        this.history = history;
        for (Kind kind : place.kinds()) {
            boolean can = kind != Kind.LIBRDKAFKA || place.rdkafka() != null;
            if (can && kind.has(place.assignors())) {
                kinds.add(kind);
            }
        }
    }

    /** One member of each client. */
    void begin() throws IOException {
        for (Kind kind : kinds) {
            join(kind);
        }
    }

    /** Somebody comes, goes or dies. */
    void change() throws IOException, InterruptedException {
        int what = random.nextInt(4);
        if (alive.size() < 2 || (what < 2 && alive.size() < MOST)) {
            join(
                    random.nextInt(4) == 0 && kinds.contains(Kind.OURS)
                            ? Kind.OURS
                            : kinds.get(random.nextInt(kinds.size())));
        } else {
            end(alive.remove(random.nextInt(alive.size())), what == 3);
        }
    }

    int size() {
        return alive.size();
    }

    /** The first process that has ended by itself, which none may. */
    String dead() {
        for (Life life : alive) {
            if (!life.process.isAlive()) {
                return life.member + " ended with " + life.process.exitValue();
            }
        }
        return "";
    }

    private void join(Kind kind) throws IOException {
        String member = kind.name().toLowerCase(Locale.ROOT) + "-" + ++born;
        List<String> command = new ArrayList<>(kind.command(place.rdkafka()));
        command.addAll(List.of(
                place.bootstrap(),
                place.group(),
                place.topic(),
                member,
                place.folder().resolve(member + ".jsonl").toString(),
                "assignors=" + place.assignors()));
        if (!place.dropped().isEmpty()) {
            command.add("drop=" + place.dropped());
        }
        history.note(member + " comes");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(place.folder().resolve(member + ".log").toFile())
                .start();
        alive.add(new Life(member, kind, process));
        count.merge(kind.name().toLowerCase(Locale.ROOT) + " came", 1, Integer::sum);
    }

    private void end(Life life, boolean violently) throws InterruptedException, IOException {
        history.note(life.member + (violently ? " is killed" : " goes"));
        if (violently) {
            life.process.destroyForcibly();
            life.process.waitFor();
            history.killed(place.group(), life.member);
            count.merge("killed", 1, Integer::sum);
        } else {
            life.process.destroy();
            if (!life.process.waitFor(30, TimeUnit.SECONDS)) {
                life.process.destroyForcibly();
                throw new IOException(life.member + " did not leave within 30 s");
            }
            count.merge("left", 1, Integer::sum);
        }
    }

    /** All leave. */
    void close() throws InterruptedException, IOException {
        for (Life life : alive) {
            life.process.destroy();
        }
        for (Life life : alive) {
            if (!life.process.waitFor(30, TimeUnit.SECONDS)) {
                life.process.destroyForcibly();
                throw new IOException(life.member + " did not leave within 30 s");
            }
        }
        alive.clear();
    }

    /** Whatever happened: nobody is left behind. */
    void killAll() {
        alive.forEach(life -> life.process.destroyForcibly());
    }

    @Override
    public String toString() {
        return count.toString();
    }
}
