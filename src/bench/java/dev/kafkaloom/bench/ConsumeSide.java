package dev.kafkaloom.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who reads. */
enum ConsumeSide {
    OURS("kafka-loom", "poll"),
    OURS_VIEWS("kafka-loom, views", "views"),
    KAFKA("kafka-clients", "kafka"),
    KAFKA_AGAIN("kafka-clients once more", "kafka"),
    RDKAFKA("librdkafka, copied", "copy"),
    RDKAFKA_POINTERS("librdkafka", "pointers");

    final String label;
    private final String client;

    ConsumeSide(String label, String client) {
        this.label = label;
        this.client = client;
    }

    boolean isC() {
        return this == RDKAFKA || this == RDKAFKA_POINTERS;
    }

    /**
     * The command line of one measurement.
     *
     * @param program the C program, where there is one
     */
    List<String> command(Path program, String bootstrap, ConsumeTopic topic, ConsumeTimes times, long brokerPid) {
        List<String> command = new ArrayList<>();
        if (isC()) {
            command.add(program.toString());
        } else {
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:+UseG1GC",
                    "-XX:-UseDynamicNumberOfCompilerThreads",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ConsumeMeasure.class.getName()));
        }
        command.addAll(List.of(
                client,
                bootstrap,
                topic.name(),
                Long.toString(topic.recordsPerPartition()),
                Long.toString(topic.checksum())));
        command.add(Double.toString(isC() ? ConsumeTimes.WARM_UP_OF_C : times.warmUp()));
        if (!isC()) {
            command.add(Long.toString(times.quick() ? 0 : topic.warmUpRecords()));
        }
        command.addAll(List.of(Double.toString(times.measured()), Long.toString(brokerPid)));
        return command;
    }
}
