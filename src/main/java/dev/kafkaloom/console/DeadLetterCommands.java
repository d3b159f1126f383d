package dev.kafkaloom.console;

import dev.kafkaloom.console.DeadLetterReading.Found;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** {@code dlq list, redrive}: what no sink would take, and how it is sent again; also as {@code dlq.list} and {@code dlq.redrive}. */
final class DeadLetterCommands {
    private static final long BY_DEFAULT = 100;
    private static final Usage LIST = usage(Flag.toggle("-a --all", "list: also those that were redriven before"));
    private static final Usage REDRIVE = usage(
            Flag.value("--to", "TOPIC", "redrive: to this topic, wherever they come from"),
            Flag.toggle("--dry-run", "redrive: only say what would be done"));

    private DeadLetterCommands() {}

    private static Usage usage(Flag... own) {
        List<Flag> flags = new ArrayList<>(DeadLetterOrder.FLAGS);
        flags.addAll(List.of(own));
        return new Usage(flags, null, 0);
    }

    static List<Command> all() {
        SmallCommand list = new SmallCommand(
                        "list", "dead letters that were not redriven yet", LIST, DeadLetterCommands::list)
                .suchAs("dlq list -t orders-dlq -n 20", "dlq list -e Timeout --all");
        SmallCommand redrive = new SmallCommand(
                        "redrive",
                        "send dead letters to the topics they come from",
                        REDRIVE,
                        false,
                        DeadLetterCommands::redrive)
                .suchAs(
                        "dlq redrive -e Timeout --dry-run",
                        "dlq redrive -t orders-dlq -p 0 -o 100:200 --to orders-repair");
        return List.of(
                new CommandFamily(
                        "dlq",
                        "list the dead letters; send some again. What was redriven is kept as committed offsets of group"
                                + " GROUP.redrive",
                        List.of(list, redrive)),
                named("dlq.list", list),
                named("dlq.redrive", redrive));
    }

    private static Command named(String name, SmallCommand word) {
        return new SmallCommand(
                name, word.summary(), word.usage(), word.watchable(), List.of(), List.of(), word.work());
    }

    private static int redrive(Session session, Arguments arguments) throws IOException, InterruptedException {
        DeadLetterOrder order = DeadLetterOrder.of(session, arguments, Long.MAX_VALUE, Instant.now());
        String to = arguments.value("to").orElse(null);
        if (order.topic().equals(to)) {
            throw new UsageException("--to " + to + " is the dead-letter topic itself");
        }
        Redrive redrive = new Redrive(session, order, to);
        return (arguments.has("dry-run") ? redrive.rehearse() : redrive.run()) ? 0 : 1;
    }

    private static int list(Session session, Arguments arguments) throws IOException, InterruptedException {
        DeadLetterOrder order = DeadLetterOrder.of(session, arguments, BY_DEFAULT, Instant.now());
        DeadLetterReading reading = new DeadLetterReading(session, order);
        List<Found> shown = new ArrayList<>();
        boolean[] more = new boolean[1];
        AtomicLong others = new AtomicLong();
        reading.run(found -> {
            for (Found each : found) {
                if (order.isOfAnotherGroup(each.letter())) {
                    others.incrementAndGet();
                } else if (isListed(reading, order, each)) {
                    if (shown.size() == order.count()) {
                        more[0] = true;
                        return false;
                    }
                    shown.add(each);
                }
            }
            return true;
        });
        var table = new Table.Builder(
                "partition", "offset", "time", "source", "attempts", "group", "error", "key", "value", "redriven");
        List<Object> data = new ArrayList<>();
        for (Found each : shown) {
            boolean redriven = reading.wasRedriven(each);
            table.row(cells(each.letter(), redriven));
            data.add(object(each.letter(), redriven));
        }
        session.out().show(Document.tables(data, table.build()));
        if (others.get() > 0) {
            session.out()
                    .note("letters of other groups than " + order.group() + ", not shown: " + others + " (-g GROUP)");
        }
        if (more[0]) {
            session.out().note("there are more: -n shows more than " + order.count());
        }
        return 0;
    }

    private static boolean isListed(DeadLetterReading reading, DeadLetterOrder order, Found found) {
        return (order.done() || !reading.wasRedriven(found)) && order.matches(found.letter());
    }

    private static Object[] cells(DeadLetter letter, boolean redriven) {
        ConsumedRecord stored = letter.stored();
        List<Object> cells = new ArrayList<>(
                List.of(stored.partition().partition(), stored.offset(), RecordText.time(stored.timestamp())));
        switch (letter) {
            case DeadLetter.Sound(var _, ConsumedRecord source, String error, int attempts, String group) -> {
                cells.add(source.partition() + "@" + source.offset());
                cells.add(attempts);
                cells.add(group);
                cells.add(RecordText.cut(error, 80));
                cells.add(RecordText.cut(source.key(), 24));
                cells.add(RecordText.cut(source.value(), 40));
            }
            case DeadLetter.Foreign(ConsumedRecord record, String why) -> {
                cells.add("");
                cells.add("");
                cells.add("");
                cells.add("not a dead letter: " + RecordText.cut(why, 80));
                cells.add(RecordText.cut(record.key(), 24));
                cells.add(RecordText.cut(record.value(), 40));
            }
        }
        cells.add(redriven ? "yes" : "no");
        return cells.toArray();
    }

    private static Map<String, Object> object(DeadLetter letter, boolean redriven) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", letter.stored().partition().topic());
        object.put("partition", letter.stored().partition().partition());
        object.put("offset", letter.stored().offset());
        object.put("timestamp", letter.stored().timestamp());
        switch (letter) {
            case DeadLetter.Sound(var _, ConsumedRecord source, String error, int attempts, String group) -> {
                object.put("error", error);
                object.put("attempts", attempts);
                object.put("group", group);
                object.put("source", RecordText.fields(source));
            }
            case DeadLetter.Foreign(ConsumedRecord record, String why) -> {
                object.put("error", "not a dead letter: " + why);
                object.put("record", RecordText.fields(record));
            }
        }
        object.put("redriven", redriven);
        return object;
    }
}
