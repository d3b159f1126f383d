package dev.kafkaloom.network;

/** {@code client.dns.lookup}: what is made of host names (KIP-302, KIP-235). Every address of a name is tried in either case. */
public enum DnsLookup {
    /** Names are used as they are. */
    USE_ALL_DNS_IPS,
    /** Each address of a configured name is turned into its canonical name first, as Kerberos and certificates may demand. */
    RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY
}
