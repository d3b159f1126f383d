package dev.kafkaloom.console;

import dev.kafkaloom.client.ConnectionInfo;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.network.Frame;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The commands about the connections of this process. */
final class ConnectionCommands {
    private static final int SHOWN = 8;
    private static final Usage FRAMES = new Usage(
            List.of(
                    Flag.value("-n --last", "N", "so many of each connection; " + SHOWN + " by default, 64 are kept"),
                    Flag.toggle("--no-hex", "leave out the bytes")),
            "CONNECTION",
            1);

    private ConnectionCommands() {}

    static List<Command> all() {
        return List.of(
                new SmallCommand(
                        "connections",
                        "open connections of this process, what they are for and how they stand",
                        Usage.NONE,
                        ConnectionCommands::connections),
                new SmallCommand(
                        "frames",
                        "last requests and responses of each connection, also of those that ended last",
                        FRAMES,
                        ConnectionCommands::frames));
    }

    private static int connections(Session session, Arguments arguments) throws IOException {
        List<ConnectionInfo> all = session.loom().connections();
        var table = new Table.Builder("name", "broker", "lane", "state", "in flight", "since", "release", "throttled");
        for (ConnectionInfo each : all) {
            table.row(
                    each.name(),
                    each.peer().hostAndPort().toString(),
                    each.lane().label(),
                    each.state(),
                    each.inFlight(),
                    each.since().truncatedTo(ChronoUnit.SECONDS).toString(),
                    each.release(),
                    each.throttled().isZero() ? "" : each.throttled().toMillis() + " ms");
        }
        session.out().show(table.build());
        if (all.isEmpty() && session.loom().frames().isEmpty()) {
            noneYet(session, "connections");
        } else if (all.isEmpty()) {
            session.out().note("no connection is open now: frames shows those that ended last");
        }
        return 0;
    }

    private static int frames(Session session, Arguments arguments) throws IOException {
        List<ConnectionFrames> all = session.loom().frames();
        List<ConnectionFrames> wanted =
                arguments.plain().isEmpty() ? all : named(all, arguments.plain().getFirst());
        int last = arguments.number("last", 1).orElse(SHOWN);
        boolean withBytes = !arguments.has("no-hex");
        session.out()
                .show(new Document(
                        wanted.stream().map(each -> data(each, last, withBytes)).toList(),
                        wanted.isEmpty()
                                ? "no frames"
                                : wanted.stream()
                                        .map(each -> text(each, last, withBytes))
                                        .collect(Collectors.joining("\n\n"))));
        if (all.isEmpty()) {
            noneYet(session, "frames");
        }
        return 0;
    }

    private static void noneYet(Session session, String command) throws IOException {
        session.out()
                .note("this process has no connections: type it in the console, or use rpc " + command
                        + " with a daemon; --trace shows a command's own frames");
    }

    /** By the whole name, or all of a broker: {@code broker-1}. */
    private static List<ConnectionFrames> named(List<ConnectionFrames> all, String name) {
        List<ConnectionFrames> found = all.stream()
                .filter(each -> each.name().equals(name) || each.name().startsWith(name + "/"))
                .toList();
        if (found.isEmpty()) {
            throw new UsageException("no connection '" + name + "'"
                    + (all.isEmpty()
                            ? ""
                            : ", only "
                                    + all.stream()
                                            .map(ConnectionFrames::name)
                                            .distinct()
                                            .sorted()
                                            .collect(Collectors.joining(", "))));
        }
        return found;
    }

    private static List<Frame> last(ConnectionFrames of, int count) {
        return of.frames()
                .subList(Math.max(0, of.frames().size() - count), of.frames().size());
    }

    private static String text(ConnectionFrames connection, int count, boolean withBytes) {
        List<String> parts = new ArrayList<>(List.of(FrameText.heading(connection)));
        for (Frame frame : last(connection, count)) {
            parts.add(withBytes ? FrameText.of(frame) : FrameText.withoutBytes(frame));
        }
        return String.join("\n", parts);
    }

    private static Map<String, Object> data(ConnectionFrames connection, int count, boolean withBytes) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("connection", connection.name());
        data.put("broker", connection.peer().hostAndPort().toString());
        data.put("since", connection.since().toString());
        data.put("end", connection.end().map(cause -> cause.oneLine()).orElse(null));
        List<Object> frames = new ArrayList<>();
        for (Frame frame : last(connection, count)) {
            Map<String, Object> each = FrameText.data(frame);
            if (!withBytes) {
                each.remove("hex");
            }
            frames.add(each);
        }
        data.put("frames", frames);
        return data;
    }
}
