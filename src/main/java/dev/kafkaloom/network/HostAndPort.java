package dev.kafkaloom.network;

import dev.kafkaloom.protocol.KafkaException;
import java.util.ArrayList;
import java.util.List;

/** Where a server listens; printed as {@code host:port}, IPv6 addresses in brackets. */
public record HostAndPort(String host, int port) {
    private static final int DEFAULT_PORT = 9092;

    /**
     * One {@code host:port}; the port defaults to 9092.
     *
     * @throws KafkaException.InvalidRequest when it is neither
     */
    public static HostAndPort parse(String text) {
        return parse(text, DEFAULT_PORT);
    }

    static HostAndPort parse(String text, int defaultPort) {
        String trimmed = text.strip();
        int schemeEnd = trimmed.indexOf("://"); // as in Kafka's listeners: PLAINTEXT://host:port
        String address = schemeEnd < 0 ? trimmed : trimmed.substring(schemeEnd + 3);
        int bracket = address.lastIndexOf(']');
        int colon = address.lastIndexOf(':');
        boolean bareIpv6 = bracket < 0 && colon != address.indexOf(':');
        boolean hasPort = colon > bracket && !bareIpv6;
        String host = hasPort ? address.substring(0, colon) : address;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new HostAndPort(
                requireHost(host, text), hasPort ? port(address.substring(colon + 1), text) : defaultPort);
    }

    /** A list separated by commas; empty items are skipped. */
    public static List<HostAndPort> parseList(String text) {
        List<HostAndPort> all = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            if (!item.isBlank()) {
                all.add(parse(item));
            }
        }
        if (all.isEmpty()) {
            throw new KafkaException.InvalidRequest("no broker address given: expected host:port[,host:port...]");
        }
        return List.copyOf(all);
    }

    private static String requireHost(String host, String text) {
        if (host.isEmpty() || host.indexOf(' ') >= 0 || host.indexOf('/') >= 0) {
            throw new KafkaException.InvalidRequest("broker address '" + text.strip() + "': expected host:port");
        }
        return host;
    }

    private static int port(String digits, String text) {
        try {
            int port = Integer.parseInt(digits);
            if (port > 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new KafkaException.InvalidRequest(
                "broker address '" + text.strip() + "': the port is not a number from 1 to 65535");
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
