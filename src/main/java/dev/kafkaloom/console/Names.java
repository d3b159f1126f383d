package dev.kafkaloom.console;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Topics and groups for the completion, asked of the cluster with a short deadline and remembered for some seconds. */
final class Names {
    private static final Logger LOG = LoggerFactory.getLogger(Names.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

    private record Known(List<String> names, long at) {}

    private final CommandRunner runner;
    private final Scope scope;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Names(CommandRunner runner, Scope scope) {
        this.runner = runner;
        this.scope = scope;
    }

    /** What the first column of a command's table holds, such as {@code topics}; the last answer when there is none in time. */
    List<String> of(String command) {
        Known last = known.get(command);
        if (last != null && System.nanoTime() - last.at() < FRESH_NANOS) {
            return last.names();
        }
        Coroutine asking = scope.go("console/complete", () -> ask(command));
        try {
            if (!asking.join(PATIENCE)) {
                asking.interrupt();
            }
        } catch (InterruptedException _) {
            asking.interrupt();
            Thread.currentThread().interrupt();
        }
        Known now = known.get(command);
        return now == null ? List.of() : now.names();
    }

    private void ask(String command) {
        try {
            int code = runner.run(List.of(command), new FirstColumn(command));
            LOG.trace("{} ended with {}", command, code);
        } catch (Exception e) {
            LOG.debug("no completion of {}", command, e);
        }
    }

    private final class FirstColumn implements Output {
        private final String command;

        private FirstColumn(String command) {
            this.command = command;
        }

        @Override
        public void show(Answer answer) {
            if (answer instanceof Table table) {
                List<String> names = table.rows().stream()
                        .map(row -> String.valueOf(row.getFirst()))
                        .distinct()
                        .toList();
                known.put(command, new Known(names, System.nanoTime()));
            }
        }

        @Override
        public void note(String line) {
            LOG.debug("{}: {}", command, line);
        }
    }
}
