package dev.kafkaloom.console;

import dev.kafkaloom.runtime.SinkStats;
import dev.kafkaloom.runtime.SinkerConfig;
import dev.kafkaloom.sink.SinkInfo;
import dev.kafkaloom.sink.SinkOption;
import dev.kafkaloom.sink.Sinks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sinks that there are, how the one in use does, and its sinkers paused, resumed and held back while they run. */
final class SinkCommands {
    private static final Usage RATE = new Usage(List.of(), "N", 1);

    private SinkCommands() {}

    static List<Command> all() {
        return List.of(
                new CommandFamily(
                        "sinkers",
                        "the sinks that sinker can name, with their options; stats: how the one in use does",
                        List.of(
                                new SmallCommand("list", "the sinks", Usage.NONE, SinkCommands::list),
                                new SmallCommand("stats", "of the running one", Usage.NONE, SinkCommands::stats))),
                new CommandFamily(
                        "sinker",
                        "pause the sinkers of the running consumer, resume them, or hold them back; partitions stay"
                                + " assigned, and what is fetched waits",
                        List.of(
                                new SmallCommand("state", "paused or not", Usage.NONE, SinkCommands::state),
                                new SmallCommand("pause", "until resume", Usage.NONE, false, SinkCommands::pause),
                                new SmallCommand("resume", "after pause", Usage.NONE, false, SinkCommands::resume),
                                new SmallCommand("rate", "records a second", RATE, false, SinkCommands::rate)
                                        .suchAs("sinker rate 500", "sinker rate 0      no limit"))));
    }

    private static int list(Session session, Arguments arguments) throws IOException {
        SinkerConfig config = session.loom().config().runtime().sinkers();
        session.out().show(answer(Sinks.known(), config.script() == null ? config.sink() : ""));
        if (config.script() != null) {
            session.out().note("in use: sinker.script " + config.script());
        }
        return 0;
    }

    static Document answer(List<SinkInfo> sinks, String inUse) {
        var table = new Table.Builder("sink", "in use", "does");
        var options = new Table.Builder("sink", "sinker.option.*", "default", "does");
        List<Object> data = new ArrayList<>();
        for (SinkInfo sink : sinks) {
            boolean used = sink.name().equals(inUse);
            table.row(sink.name(), used ? "yes" : "", sink.summary());
            List<Object> own = new ArrayList<>();
            for (SinkOption option : sink.options()) {
                options.row(
                        sink.name(),
                        option.name(),
                        option.defaultValue() == null ? "(must be given)" : option.defaultValue(),
                        option.about());
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("name", option.name());
                object.put("about", option.about());
                object.put("default", option.defaultValue());
                object.put("required", option.defaultValue() == null);
                own.add(object);
            }
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("sink", sink.name());
            object.put("inUse", used);
            object.put("summary", sink.summary());
            object.put("builtIn", sink.builtIn());
            object.put("options", own);
            data.add(object);
        }
        return Document.tables(data, table.build(), options.build());
    }

    // ---- the running one

    private static int stats(Session session, Arguments arguments) throws IOException {
        session.out().show(answer(session.loom().running("sinkers").sink()));
        return 0;
    }

    static Document answer(SinkStats stats) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("sink", stats.sink());
        object.put("sinkers", stats.sinkers());
        object.put("paused", stats.paused());
        object.put("recordsPerSecond", stats.recordsPerSecond());
        object.put("done", stats.done());
        object.put("bytes", stats.bytes());
        object.put("inFlight", stats.inFlight());
        object.put("oldestInHandMs", stats.oldestInHand().toMillis());
        object.put("failedAttempts", stats.failedAttempts());
        object.put("retries", stats.retries());
        object.put("retrying", stats.retrying());
        object.put("rejected", stats.rejected());
        object.put("deadLettered", stats.deadLettered());
        object.put("restarts", stats.restarts());
        object.put("p50Micros", stats.p50Micros());
        object.put("p95Micros", stats.p95Micros());
        object.put("p99Micros", stats.p99Micros());
        object.put("maxMicros", stats.maxMicros());
        object.put("troubles", stats.troubles());
        var table = new Table.Builder("what", "value");
        object.forEach((what, value) -> {
            if (!what.equals("troubles")) {
                table.row(what, value);
            }
        });
        stats.troubles().forEach(trouble -> table.row("trouble", trouble));
        return Document.tables(object, table.build());
    }

    private static int state(Session session, Arguments arguments) throws IOException {
        SinkStats stats = session.loom().running("sinker").sink();
        session.out()
                .show(new Table.Builder("paused", "records-per-second", "in-flight", "done")
                        .row(
                                stats.paused(),
                                stats.recordsPerSecond() == 0 ? "no limit" : stats.recordsPerSecond(),
                                stats.inFlight(),
                                stats.done())
                        .build());
        return 0;
    }

    private static int pause(Session session, Arguments arguments) throws IOException {
        session.loom().consumer("sinker pause").pause().run();
        return state(session, arguments);
    }

    private static int resume(Session session, Arguments arguments) throws IOException {
        session.loom().consumer("sinker resume").resume().run();
        return state(session, arguments);
    }

    private static int rate(Session session, Arguments arguments) throws IOException {
        String text = arguments.plain().isEmpty() ? "" : arguments.plain().getFirst();
        if (!text.matches("\\d{1,12}")) {
            throw new UsageException("sinker rate needs how many records a second, 0 for no limit"
                    + (text.isEmpty() ? "" : ", not '" + text + "'"));
        }
        session.loom().consumer("sinker rate").rate().accept(Long.parseLong(text));
        return state(session, arguments);
    }
}
