package dev.kafkaloom.cli;

import dev.kafkaloom.console.StreamOutput;
import dev.kafkaloom.console.Text;
import dev.kafkaloom.console.UsageException;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import java.io.IOException;

/** {@code broker}: a real broker with nothing installed, for trying things out; its data go with it. */
final class BrokerProgram {
    private BrokerProgram() {}

    static int run(Invocation invocation, Terminals terminals) throws IOException, InterruptedException {
        try (Ending ending = Ending.awaited();
                EmbeddedBroker broker = start(invocation, terminals, 1)) {
            StreamOutput out = new StreamOutput(terminals.out(), terminals.err(), invocation.format());
            out.show(new Text("bootstrap " + broker.bootstrap()));
            out.flush();
            ending.started();
            while (!ending.await(500)) {
                if (!broker.isAlive()) {
                    throw new IOException("the broker has ended; its log: " + broker.log());
                }
            }
        }
        return 0;
    }

    /**
     * The broker that was asked for, or the newest there is; what takes long is told.
     *
     * @param partitions of a topic that comes up by itself, which on the oldest releases is the only way
     */
    static EmbeddedBroker start(Invocation invocation, Terminals terminals, int partitions)
            throws IOException, InterruptedException {
        String version =
                invocation.has("kafka-version") ? invocation.options().get("kafka-version") : EmbeddedBroker.newest();
        Options options = Options.defaults()
                .withPort(port(invocation))
                .withProperty("num.partitions", Integer.toString(partitions))
                .withProgress(line -> note(invocation, terminals, line));
        note(invocation, terminals, "starting Apache Kafka " + version);
        try {
            return EmbeddedBroker.start(version, options);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static int port(Invocation invocation) {
        String text = invocation.options().getOrDefault("port", "0");
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw new UsageException("--port must be 0 to 65535, not '" + text + "'");
    }

    private static void note(Invocation invocation, Terminals terminals, String line) {
        if (!invocation.quiet()) {
            terminals.err().println(line);
        }
    }
}
