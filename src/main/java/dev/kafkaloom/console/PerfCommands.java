package dev.kafkaloom.console;

import java.util.List;

/** {@code perf}: how fast this program and the brokers are, with the options and columns of Kafka's own tools. */
final class PerfCommands {
    private static final Usage CONSUME = new Usage(
            List.of(
                    Flag.value("-t --topic", "TOPIC", "what to read"),
                    Flag.value("--include", "REGEX", "read all topics with such a name instead"),
                    Flag.value("-n --messages --num-records", "N", "end after so many records; has to be given"),
                    Flag.value("-g --group", "GROUP", "the group to read as; one of its own by default"),
                    Flag.toggle("--from-latest", "begin at the end when the group has committed nothing"),
                    Flag.value("--fetch-size", "BYTES", "max.partition.fetch.bytes; 1048576 by default"),
                    Flag.value("--timeout", "MS", "end when no record came for so long; 10000 by default"),
                    Flag.toggle(
                            "--view", "read records where they lie, without a copy, on a thread for each partition"),
                    Flag.toggle("--show-detailed-stats", "a row for each interval instead of one for all"),
                    Flag.value("--reporting-interval", "MS", "that interval; 5000 by default"),
                    Flag.toggle("--hide-header", "no titles above the columns"),
                    Flag.toggle("--print-metrics", "what it cost, at the end"),
                    Flag.value(
                            "--date-format",
                            "PATTERN",
                            "how times look; yyyy-MM-dd HH:mm:ss:SSS by default, local time"),
                    Flag.value(
                            "--socket-buffer-size", "BYTES", "accepted, without effect: the system sizes its buffers"),
                    Flag.values("--command-property", "NAME=VALUE", "a setting of the consumer, over those of a file"),
                    Flag.value("--consumer.config --command-config", "FILE", "settings of the consumer, a line each")),
            null,
            0);

    private PerfCommands() {}

    static CommandFamily family() {
        SmallCommand consume = new SmallCommand(
                        "consume", "how fast records are consumed", CONSUME, false, PerfConsume::run)
                .suchAs(
                        "perf consume -t orders -n 1000000",
                        "perf consume -t orders -n 1000000 --view --print-metrics");
        return new CommandFamily("perf", "measure how fast records are consumed", List.of(consume));
    }
}
