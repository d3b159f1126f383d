package dev.kafkaloom.console;

import dev.kafkaloom.coroutine.BoundedChannel;
import dev.kafkaloom.coroutine.ChannelClosed;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of text over a socket. Its own two coroutines touch the channel and nobody else, because an interrupt inside a channel
 * operation closes the channel, and a command must be interruptible without that. Thread-safe.
 */
final class LineSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineSocket.class);
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final SocketChannel channel;
    private final BoundedChannel<String> incoming = new BoundedChannel<>(256);
    private final BoundedChannel<String> outgoing = new BoundedChannel<>(256);
    private final Coroutine writer;

    LineSocket(SocketChannel channel, String name, Scope scope) {
        this.channel = channel;
        // threads of the system: a daemon is asked how it is above all when its virtual threads do not get to run
        this.writer = scope.goPlatform(name + "/writer", this::write);
        scope.goPlatform(name + "/reader", this::read);
    }

    /** Hands a line over for sending; waits for room. {@link ChannelClosed} when the other side has gone. */
    void send(String line) throws InterruptedException, ChannelClosed {
        outgoing.put(line);
    }

    /** The next line; {@link ChannelClosed} when there will be none. */
    String receive() throws InterruptedException, ChannelClosed {
        return incoming.take();
    }

    private void read() throws InterruptedException {
        try {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                incoming.put(line);
            }
        } catch (IOException | ChannelClosed e) {
            LOG.debug("socket: {}", e.toString());
        } finally {
            incoming.close();
            outgoing.close();
        }
    }

    private void write() throws InterruptedException {
        try {
            Writer out = new BufferedWriter(
                    new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8));
            while (true) {
                String line = outgoing.take();
                out.write(line);
                out.write('\n');
                if (outgoing.size() == 0) {
                    out.flush();
                }
            }
        } catch (IOException | ChannelClosed e) {
            LOG.debug("socket: {}", e.toString());
        } finally {
            outgoing.close();
        }
    }

    /** Sends what was handed over, within a second, then closes. */
    @Override
    public void close() {
        outgoing.close();
        try {
            if (!writer.join(LINGER)) {
                LOG.debug("socket closed with lines unsent");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        incoming.close();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("socket: {}", e.toString());
        }
    }
}
