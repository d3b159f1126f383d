package dev.kafkaloom.network;

import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Opens the socket: all addresses of the host's name are tried.
 *
 * @param target the address that is dialled
 * @param where who is meant to be there, for errors
 * @param names finds the addresses
 * @param timeout for all of them together
 * @param failures how often there was no way so far
 * @param opened is told of each channel before it connects, so that another thread can close it
 */
record Dialer(
        HostAndPort target, String where, Names names, Duration timeout, int failures, Consumer<SocketChannel> opened) {
    /**
     * Tries one address after the other, in the resolver's order, but beginning with another one after each failure: behind the first
     * may be something that accepts and then keeps silent.
     */
    SocketChannel dial() {
        InetAddress[] addresses = resolve();
        long end = System.nanoTime() + timeout.toNanos();
        List<String> reasons = new ArrayList<>();
        IOException last = null;
        for (int i = 0; i < addresses.length; i++) {
            InetAddress address = addresses[(i + failures) % addresses.length];
            // a dead address must not use up the time of those behind it
            Duration share = Duration.ofNanos((end - System.nanoTime()) / (addresses.length - i));
            try {
                return connect(address, share);
            } catch (IOException e) {
                last = e;
                reasons.add(addresses.length == 1 ? why(e, share) : address.getHostAddress() + ": " + why(e, share));
            }
        }
        String all = addresses.length == 1
                ? reasons.getFirst()
                : "none of its " + addresses.length + " addresses can be reached: " + String.join("; ", reasons);
        throw new KafkaException.ConnectionBroken(where, all, last);
    }

    private InetAddress[] resolve() {
        try {
            return names.addressesOf(target.host());
        } catch (UnknownHostException e) {
            throw new KafkaException.ConnectionBroken(where, "the host name cannot be resolved", e);
        }
    }

    private SocketChannel connect(InetAddress address, Duration share) throws IOException {
        int millis = Math.clamp(share.toMillis(), 1, Integer.MAX_VALUE);
        SocketChannel channel = SocketChannel.open();
        try {
            opened.accept(channel);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.socket().connect(new InetSocketAddress(address, target.port()), millis);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static String why(IOException e, Duration timeout) {
        return switch (e) {
            case SocketTimeoutException _ ->
                "no connection within " + timeout.toMillis() + " ms (is the host up, does a firewall drop packets?)";
            case NoRouteToHostException _ -> "no route to the host";
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") ->
                "Connection refused (is a broker listening there?)";
            default -> "cannot connect";
        };
    }
}
