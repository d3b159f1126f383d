package dev.kafkaloom.embedded;

import java.nio.file.Path;

/** The main class of a process that {@link EmbeddedBrokerIT} kills: starts a broker, says where it is, and waits. */
final class BrokerParent {
    private BrokerParent() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.defaults();
        EmbeddedBroker broker =
                EmbeddedBroker.start(args[0], args.length > 1 ? options.withDataFolder(Path.of(args[1])) : options);
        System.out.println("broker " + broker.pid() + " " + broker.log().getParent());
        System.out.flush();
        System.in.read();
    }
}
