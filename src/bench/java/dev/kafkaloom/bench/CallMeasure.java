package dev.kafkaloom.bench;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.MetadataRequest;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;

/**
 * One side of one round of {@link CallBench}, in a JVM of its own: so many callers ask for the metadata of all topics, one call after the
 * other, on one connection. Prints calls per second and processor time per call in microseconds.
 */
final class CallMeasure {
    private static final long WARM_UP_NANOS = 6_000_000_000L;
    private static final long MEASURED_NANOS = 5_000_000_000L;

    private CallMeasure() {}

    /** Arguments: {@code ours} or {@code kafka}, callers, {@code host:port}, how many topics there are. */
    public static void main(String[] arguments) throws Exception {
        int callers = Integer.parseInt(arguments[1]);
        int topics = Integer.parseInt(arguments[3]);
        if (arguments[0].equals("ours")) {
            try (KafkaClient client = KafkaClient.open(ClientConfig.of(arguments[2]))) {
                MetadataRequest all = MetadataRequest.builder()
                        .topics(null)
                        .allowAutoTopicCreation(false)
                        .build();
                measure(callers, topics, () -> client.call(all).topics().size());
            }
        } else {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", arguments[2]))) {
                measure(callers, topics, () -> admin.listTopics().names().get().size());
            }
        }
    }

    private static void measure(int callers, int topics, Callable<Integer> call) throws Exception {
        run(callers, topics, call, WARM_UP_NANOS);
        long cpu = processCpu();
        long began = System.nanoTime();
        long calls = run(callers, topics, call, MEASURED_NANOS);
        double seconds = (System.nanoTime() - began) / 1e9;
        double micros = (processCpu() - cpu) / 1e3 / calls;
        System.out.printf(Locale.ROOT, "%.1f %.2f%n", calls / seconds, micros);
    }

    private static long run(int callers, int topics, Callable<Integer> call, long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        LongAdder calls = new LongAdder();
        try (Scope scope = Scope.open("callers")) {
            for (int i = 0; i < callers; i++) {
                scope.go("caller-" + i, () -> {
                    while (System.nanoTime() - end < 0) {
                        int seen = call.call();
                        if (seen != topics) {
                            throw new IllegalStateException("saw " + seen + " topics, there are " + topics);
                        }
                        calls.increment();
                    }
                });
            }
            scope.join();
        }
        return calls.sum();
    }

    private static long processCpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
