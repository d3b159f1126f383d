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
import java.util.function.Consumer;

/** Opens the socket: all addresses of the host's name are tried, in the resolver's order. */
final class Dialer {
    private Dialer() {}

    /** {@code opened} is told of each channel before it connects, so that another thread can close it. */
    static SocketChannel dial(BrokerAddress peer, Duration timeout, Consumer<SocketChannel> opened) {
        InetAddress[] addresses = resolve(peer);
        long end = System.nanoTime() + timeout.toNanos();
        IOException last = null;
        for (int i = 0; i < addresses.length; i++) {
            // a dead address must not use up the time of those behind it
            long share = (end - System.nanoTime()) / (addresses.length - i);
            int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, share / 1_000_000));
            try {
                return connect(new InetSocketAddress(addresses[i], peer.port()), millis, opened);
            } catch (IOException e) {
                last = e;
            }
        }
        throw new KafkaException.ConnectionBroken(peer.toString(), why(last, timeout), last);
    }

    private static InetAddress[] resolve(BrokerAddress peer) {
        try {
            return InetAddress.getAllByName(peer.host());
        } catch (UnknownHostException e) {
            throw new KafkaException.ConnectionBroken(peer.toString(), "the host name cannot be resolved", e);
        }
    }

    private static SocketChannel connect(InetSocketAddress address, int millis, Consumer<SocketChannel> opened)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            opened.accept(channel);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.socket().connect(address, millis);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static String why(IOException last, Duration timeout) {
        return switch (last) {
            case SocketTimeoutException _ ->
                "no connection within " + timeout.toMillis() + " ms (is the host up, does a firewall drop packets?)";
            case NoRouteToHostException _ -> "no route to the host";
            case ConnectException e
            when String.valueOf(e.getMessage()).contains("refused") ->
                "Connection refused (is a broker listening there?)";
            case null -> "the host has no address";
            default -> "cannot connect";
        };
    }
}
