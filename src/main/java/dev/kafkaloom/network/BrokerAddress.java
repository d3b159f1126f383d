package dev.kafkaloom.network;

/** A broker and where it listens. {@code nodeId} is {@link #BOOTSTRAP} while the broker has not yet said who it is. */
public record BrokerAddress(int nodeId, String host, int port) {
    /** The node id of an address that is only known from configuration. */
    public static final int BOOTSTRAP = -1;

    /** An address from configuration. */
    public static BrokerAddress bootstrap(HostAndPort address) {
        return new BrokerAddress(BOOTSTRAP, address.host(), address.port());
    }

    /** The address without the identity. */
    public HostAndPort hostAndPort() {
        return new HostAndPort(host, port);
    }

    /** Its name in threads and tables: {@code broker-2}, or {@code bootstrap-host:port}. */
    public String name() {
        return nodeId == BOOTSTRAP ? "bootstrap-" + hostAndPort() : "broker-" + nodeId;
    }

    @Override
    public String toString() {
        return nodeId == BOOTSTRAP ? "broker " + hostAndPort() : "broker " + nodeId + " (" + hostAndPort() + ")";
    }
}
