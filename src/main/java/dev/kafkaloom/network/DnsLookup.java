package dev.kafkaloom.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/** {@code client.dns.lookup}: what is made of host names (KIP-302, KIP-235). Every address of a name is tried in either case. */
public enum DnsLookup {
    /** Names are used as they are. */
    USE_ALL_DNS_IPS,
    /** Each address of a configured name is turned into its canonical name first, as Kerberos and certificates may demand. */
    RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY;

    /** The addresses to begin with; asks the resolver, and may take as long as that takes. A name that it does not know stays. */
    public List<HostAndPort> expand(List<HostAndPort> configured) {
        return expand(configured, InetAddress::getAllByName);
    }

    List<HostAndPort> expand(List<HostAndPort> configured, Names names) {
        return switch (this) {
            case USE_ALL_DNS_IPS -> configured;
            case RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY ->
                configured.stream()
                        .flatMap(each -> canonical(each, names))
                        .distinct()
                        .toList();
        };
    }

    private static Stream<HostAndPort> canonical(HostAndPort configured, Names names) {
        try {
            return Stream.of(names.addressesOf(configured.host()))
                    .map(address -> new HostAndPort(address.getCanonicalHostName(), configured.port()));
        } catch (UnknownHostException _) {
            return Stream.of(configured); // whoever dials it says so
        }
    }
}
