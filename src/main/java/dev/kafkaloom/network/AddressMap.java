package dev.kafkaloom.network;

import dev.kafkaloom.protocol.KafkaException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Addresses that are dialled in place of others: the way through ssh tunnels and port-forwards, where a broker's own address leads
 * nowhere. Written {@code from=to[,from=to]}: the left side is {@code host:port}, or {@code host} for all its ports; the right side
 * {@code host:port}, or {@code host}, and then the port stays as it was. Host names are compared without regard to case. A rule for
 * one port goes before the one for all of them; what no rule names stays as it is. Immutable.
 *
 * @param rules from what to what, each with port {@value #ANY_PORT} where none is named
 */
public record AddressMap(Map<HostAndPort, HostAndPort> rules) implements UnaryOperator<HostAndPort> {
    /** Stands for all ports on the left side of a rule, for "the same" on the right. */
    public static final int ANY_PORT = 0;

    /** Changes nothing. */
    public static final AddressMap NONE = new AddressMap(Map.of());

    private static final String FORM = "expected from=to[,from=to], each side host:port or host";

    public AddressMap {
        Map<HostAndPort, HostAndPort> plain = new LinkedHashMap<>();
        rules.forEach((from, to) -> plain.put(lowerCase(from), to));
        rules = Collections.unmodifiableMap(plain);
    }

    /**
     * The map that this text describes; empty items are skipped.
     *
     * @throws KafkaException.InvalidRequest when it does not, or says two things about one address
     */
    public static AddressMap parse(String text) {
        Map<HostAndPort, HostAndPort> rules = new LinkedHashMap<>();
        for (String rule : text.split(",", -1)) {
            if (rule.isBlank()) {
                continue;
            }
            int middle = rule.indexOf('=');
            if (middle < 0 || middle != rule.lastIndexOf('=')) {
                throw new KafkaException.InvalidRequest("address rule '" + rule.strip() + "': " + FORM);
            }
            HostAndPort from = lowerCase(HostAndPort.parse(rule.substring(0, middle), ANY_PORT));
            HostAndPort to = HostAndPort.parse(rule.substring(middle + 1), ANY_PORT);
            HostAndPort other = rules.put(from, to);
            if (other != null && !other.equals(to)) {
                throw new KafkaException.InvalidRequest(
                        "address rules: " + shown(from) + " leads to both " + shown(other) + " and " + shown(to));
            }
        }
        return rules.isEmpty() ? NONE : new AddressMap(rules);
    }

    @Override
    public HostAndPort apply(HostAndPort address) {
        HostAndPort from = lowerCase(address);
        HostAndPort to = rules.get(from);
        if (to == null) {
            to = rules.get(new HostAndPort(from.host(), ANY_PORT));
        }
        if (to == null) {
            return address;
        }
        return to.port() == ANY_PORT ? new HostAndPort(to.host(), address.port()) : to;
    }

    private static HostAndPort lowerCase(HostAndPort address) {
        return new HostAndPort(address.host().toLowerCase(Locale.ROOT), address.port());
    }

    private static String shown(HostAndPort side) {
        String all = side.toString();
        return side.port() == ANY_PORT ? all.substring(0, all.lastIndexOf(':')) : all;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return rules.entrySet().stream()
                .map(rule -> shown(rule.getKey()) + "=" + shown(rule.getValue()))
                .collect(Collectors.joining(","));
    }
}
