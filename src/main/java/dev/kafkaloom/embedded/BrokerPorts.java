package dev.kafkaloom.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports of one broker.
 *
 * @param clients where clients connect
 * @param cluster the KRaft controller's or ZooKeeper's
 */
record BrokerPorts(int clients, int cluster) {
    /** Not getLoopbackAddress(), which may be the IPv6 one. */
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    // Below the usual ephemeral ranges (32768 on Linux, 49152 elsewhere): there, a client that reconnects to a stopped
    // broker can be given
    // the broker's port as its own, connect to itself, and keep the broker from ever starting again.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 200;

    static BrokerPorts choose(int wanted) throws IOException {
        int clients = wanted == 0 ? free(-1) : wanted;
        return new BrokerPorts(clients, free(clients));
    }

    /** Other ones for clients; the cluster's own stay, since every node's configuration names all of those. */
    BrokerPorts forClients(int wanted) throws IOException {
        int other = wanted;
        while (other == 0 || (wanted == 0 && other == clients)) {
            other = free(cluster);
        }
        return new BrokerPorts(other, cluster);
    }

    private static int free(int except) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (port != except && isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port between " + LOWEST + " and " + HIGHEST);
    }

    static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, LOOPBACK)) {
            return probe.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
