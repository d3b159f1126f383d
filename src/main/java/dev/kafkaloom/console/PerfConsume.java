package dev.kafkaloom.console;

import dev.kafkaloom.config.ConfigLoader;
import dev.kafkaloom.console.PerfFigures.Count;
import dev.kafkaloom.consumer.CommitMode;
import dev.kafkaloom.consumer.Consumer;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.consumer.RebalanceListener;
import dev.kafkaloom.consumer.RecordViews;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code perf consume}. Belongs to the thread that runs it; with {@code --view} partitions' threads count for it. */
final class PerfConsume {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration GLANCE = Duration.ofMillis(5);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Session session;
    private final long wanted;
    private final Duration timeout;
    private final Duration interval;
    private final boolean detailed;
    private final boolean titled;
    private final DateTimeFormatter times;
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Rebalances rebalances = new Rebalances();
    private Count start;
    private Count told;
    private boolean anyRow;
    private long last; // how many records there were when some came last, and when
    private long lastAt;

    private PerfConsume(Session session, Arguments arguments) {
        this.session = session;
        this.wanted = wanted(arguments);
        this.timeout = millis(arguments, "timeout", 10_000);
        this.interval = millis(arguments, "reporting-interval", 5_000);
        this.detailed = arguments.has("show-detailed-stats");
        this.titled = !arguments.has("hide-header");
        this.times = times(arguments.value("date-format").orElse("yyyy-MM-dd HH:mm:ss:SSS"));
    }

    static int run(Session session, Arguments arguments) throws IOException, InterruptedException {
        PerfConsume perf = new PerfConsume(session, arguments);
        ConsumerConfig config = config(session.loom(), arguments);
        if (arguments.has("socket-buffer-size")) {
            session.out().note("--socket-buffer-size has no effect: the system sizes the buffers of connections");
        }
        perf.measure(config, arguments.has("view"), arguments.has("print-metrics"));
        return perf.records.get() >= perf.wanted ? 0 : 1;
    }

    // ---- options

    private static long wanted(Arguments arguments) {
        String text = arguments
                .value("num-records")
                .orElseThrow(() -> new UsageException("perf consume needs -n: how many records to consume"));
        if (!text.matches("[1-9]\\d{0,17}")) {
            throw new UsageException("--num-records must be a whole number from 1 on, not '" + text + "'");
        }
        return Long.parseLong(text);
    }

    private static Duration millis(Arguments arguments, String key, int byDefault) {
        return Duration.ofMillis(arguments.number(key, 1).orElse(byDefault));
    }

    private static DateTimeFormatter times(String pattern) {
        try {
            DateTimeFormatter times = DateTimeFormatter.ofPattern(pattern).withZone(ZoneId.systemDefault());
            String _ = times.format(Instant.EPOCH); // a pattern may ask for what a moment has not
            return times;
        } catch (IllegalArgumentException | DateTimeException _) {
            throw new UsageException("--date-format '" + pattern + "' is no pattern of a date and time");
        }
    }

    static ConsumerConfig config(Loom loom, Arguments arguments) throws IOException {
        Map<String, String> properties = properties(arguments);
        ConsumerConfig given = ConfigLoader.consumer(loom.config(), properties);
        boolean named = properties.containsKey("group.id");
        ConsumerConfig.Builder config = given.toBuilder()
                .groupId(arguments
                        .value("group")
                        .orElseGet(() -> named
                                ? given.groupId()
                                : "perf-consumer-" + ThreadLocalRandom.current().nextInt(100_000)))
                .autoOffsetReset(arguments.has("from-latest") ? OffsetReset.LATEST : OffsetReset.EARLIEST)
                .commitMode(given.commitMode() == CommitMode.MANUAL ? CommitMode.MANUAL : CommitMode.INTERVAL);
        arguments.number("fetch-size", 1).ifPresent(config::maxPartitionFetchBytes);
        if (arguments.has("topic") == arguments.has("include")) {
            throw new UsageException("perf consume needs a topic: -t, or --include for those that a pattern matches");
        }
        return config.topics(arguments.all("topic"))
                .topicPattern(
                        arguments.value("include").map(PerfConsume::pattern).orElse(null))
                .build();
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new UsageException("--include '" + text + "' is no regular expression: " + e.getDescription());
        }
    }

    private static Map<String, String> properties(Arguments arguments) throws IOException {
        Map<String, String> all = new HashMap<>();
        if (arguments.has("command-config")) {
            Properties file = new Properties();
            try (Reader text = Files.newBufferedReader(
                    Path.of(arguments.value("command-config").orElseThrow()))) {
                file.load(text);
            }
            file.stringPropertyNames().forEach(name -> all.put(name, file.getProperty(name)));
        }
        for (String property : arguments.all("command-property")) {
            int equals = property.indexOf('=');
            if (equals < 1) {
                throw new UsageException("--command-property must be name=value, not '" + property + "'");
            }
            all.put(property.substring(0, equals), property.substring(equals + 1));
        }
        return all;
    }

    // ---- the run

    private void measure(ConsumerConfig config, boolean views, boolean metrics)
            throws IOException, InterruptedException {
        PerfCost before = PerfCost.now();
        start = count();
        told = start;
        lastAt = System.nanoTime();
        try (Consumer<byte[], byte[]> consumer = Consumer.builder(session.loom().client(), config)
                .scope(session.loom().scope())
                .rebalanceListener(rebalances)
                .subscribe()) {
            if (views) {
                readViews(consumer);
            } else {
                readPolls(consumer);
            }
            Count end = count();
            PerfCost cost = PerfCost.now().since(before);
            tellEnd(end);
            if (metrics) {
                session.out()
                        .show(cost.table(end.records(), consumer.assignment().size()));
            }
            session.out().flush();
            consumer.close(CLOSE);
        }
    }

    private void readPolls(Consumer<byte[], byte[]> consumer) throws IOException, InterruptedException {
        while (goesOn()) {
            long size = 0;
            List<ConsumedRecord> polled = consumer.poll(POLL).raw();
            for (ConsumedRecord record : polled) {
                size += length(record.key()) + length(record.value());
            }
            bytes.addAndGet(size);
            records.addAndGet(polled.size());
        }
    }

    private void readViews(Consumer<byte[], byte[]> consumer) throws IOException, InterruptedException {
        AtomicReference<Exception> failure = new AtomicReference<>();
        session.loom().scope().go("perf-consume", () -> {
            try {
                consumer.runViews((_, views) -> count(views));
            } catch (Exception e) {
                failure.set(e);
            }
        });
        while (failure.get() == null && goesOn()) {
            Thread.sleep(GLANCE);
        }
        switch (failure.get()) {
            case null -> consumer.close(CLOSE);
            case RuntimeException e -> throw e;
            case InterruptedException e -> throw e;
            case Exception e -> throw new IllegalStateException(e);
        }
    }

    private void count(RecordViews views) {
        long size = 0;
        long number = 0;
        while (views.next()) {
            size += Math.max(0, views.keyLength()) + Math.max(0, views.valueLength());
            number++;
        }
        bytes.addAndGet(size);
        records.addAndGet(number);
    }

    /** Whether there is something left to wait for; tells what is due. */
    private boolean goesOn() throws IOException {
        long now = System.nanoTime();
        long read = records.get();
        if (read > last) {
            last = read;
            lastAt = now;
        }
        if (detailed && Duration.between(told.at(), Instant.now()).compareTo(interval) >= 0) {
            tellInterval(count());
        }
        if (read < wanted && now - lastAt > timeout.toNanos()) {
            session.out()
                    .note("only " + read + " of " + wanted + " records came: none for " + timeout.toMillis()
                            + " ms (--timeout)");
            return false;
        }
        return read < wanted;
    }

    private void tellInterval(Count now) throws IOException {
        show(PerfFigures.DETAILED_HEADER, PerfFigures.interval(told, now, times));
        session.out().flush();
        told = now;
    }

    private void tellEnd(Count end) throws IOException {
        if (!detailed) {
            show(PerfFigures.HEADER, PerfFigures.summary(start, end, times));
        } else if (end.records() > told.records() || !anyRow) {
            tellInterval(end);
        }
    }

    private void show(String header, Map<String, Object> row) throws IOException {
        String line = PerfFigures.line(row);
        session.out().show(new Document(row, titled && !anyRow ? header + "\n" + line : line));
        anyRow = true;
    }

    private Count count() {
        return new Count(Instant.now(), records.get(), bytes.get(), rebalances.millis());
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** Adds up how long the member had no assignment. */
    private static final class Rebalances implements RebalanceListener {
        private long since = System.nanoTime(); // -1 while there is one; guarded by this, as the next
        private long sum;

        @Override
        public synchronized void assigned(Collection<TopicPartition> partitions, long epoch) {
            if (since != -1) {
                sum += System.nanoTime() - since;
                since = -1;
            }
        }

        @Override
        public synchronized void revoked(Collection<TopicPartition> partitions, long epoch) {
            if (since == -1) {
                since = System.nanoTime();
            }
        }

        @Override
        public void lost(Collection<TopicPartition> partitions, long epoch) {
            revoked(partitions, epoch);
        }

        synchronized long millis() {
            return Duration.ofNanos(since == -1 ? sum : sum + System.nanoTime() - since)
                    .toMillis();
        }
    }
}
