package dev.kafkaloom.network;

import dev.kafkaloom.coroutine.BoundedChannel;
import dev.kafkaloom.coroutine.ChannelClosed;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceResponse;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * The socket of a connection, and the two threads that alone touch it: the writer connects, makes the handshake, and writes what is
 * queued; the reader hands each response to its slot. Whatever ends either of them breaks the connection.
 */
final class Wire {
    private final Connection connection;
    private final ConnectionConfig config;
    private final Connector connector;
    private final Traffic traffic;
    private final FrameLog frames;
    private final Farewell farewell;
    private final BoundedChannel<Slot<?>> queue;
    private volatile SocketChannel channel;

    Wire(
            Connection connection,
            ConnectionConfig config,
            Connector connector,
            Traffic traffic,
            FrameLog frames,
            Farewell farewell) {
        this.connection = connection;
        this.config = config;
        this.connector = connector;
        this.traffic = traffic;
        this.frames = frames;
        this.farewell = farewell;
        this.queue = new BoundedChannel<>(config.maxInFlight()); // never full: who sends has a place
    }

    /** Takes over a request that has a place. */
    void take(Slot<?> slot) throws ChannelClosed {
        if (!queue.offer(slot)) {
            throw new IllegalStateException("more requests than places on " + connection.name());
        }
    }

    /** Ends both threads. */
    void close() {
        queue.close();
        SocketChannel open = channel;
        if (open != null) {
            closeQuietly(open);
        }
    }

    // ---- the writer thread

    /** Its body. */
    void run(Scope scope) {
        try {
            SocketChannel dialled = connection.dialer(this::opened).dial();
            FrameWriter out = new FrameWriter(dialled);
            startReader(scope, dialled);
            connection.opened(new Handshake(connection, this, out, connector, config).run());
            write(out);
        } catch (ChannelClosed _) {
            // someone else ended the connection and said why
        } catch (InterruptedException | ClosedChannelException _) { // nobody but us closes the channel, or interrupts
            connection.close();
        } catch (IOException e) {
            connection.breakWith(farewell.failed(e, traffic.inFlight().oldest(), connection.isOpen()));
        } catch (KafkaException e) {
            if (Thread.currentThread().isInterrupted()) {
                connection.close();
            }
            connection.breakWith(e);
        } catch (CancellationException _) {
            connection.close();
        } catch (RuntimeException | Error e) { // thrown on, it would end the connections to other brokers as well
            connection.breakWith(farewell.broken("the writer failed", e));
        }
    }

    /**
     * On the lane that carries most bytes a thread of the system reads: each time a virtual one waits for a socket it costs three times as
     * much, and that was a sixth of what fetching costs.
     */
    private void startReader(Scope scope, SocketChannel from) {
        String name = connection.name() + "/reader";
        if (connection.lane() == Lane.FETCH) {
            scope.goPlatform(name, () -> read(from));
        } else {
            scope.go(name, () -> read(from));
        }
    }

    private void opened(SocketChannel opened) {
        channel = opened;
        if (connection.isOver()) {
            closeQuietly(opened);
        }
    }

    private void write(FrameWriter out) throws IOException, InterruptedException {
        Coroutine.waitingFor("requests to write");
        while (true) {
            Optional<Slot<?>> slot = Optional.of(queue.take());
            while (slot.isPresent()) {
                transmit(slot.get(), out);
                slot = queue.poll(Duration.ZERO);
            }
            out.flush();
        }
    }

    /** {@link #transmit} for the handshake. */
    void transmitFirst(Slot<?> slot, FrameWriter out) throws IOException {
        traffic.addWithoutPlace(slot);
        transmit(slot, out);
    }

    /** Enters the slot into the order of responses and writes it, without flushing. */
    private <R extends Response> void transmit(Slot<R> slot, FrameWriter out) throws IOException {
        if (connection.isOver()) {
            traffic.remove(slot);
            slot.fail(connection.cause());
            return;
        }
        slot.sent();
        WireWriter frame = slot.takeFrame();
        frames.sent(slot, frame);
        if (slot.request() instanceof ProduceRequest produce && produce.acks() == 0) {
            out.write(frame.toBuffer());
            traffic.remove(slot);
            completeUnanswered(slot);
        } else {
            traffic.inFlight().add(slot);
            out.write(frame.toBuffer());
        }
        connector.buffers().giveBack(frame);
    }

    @SuppressWarnings("unchecked") // R is ProduceResponse, as the request is a ProduceRequest
    private static <R extends Response> void completeUnanswered(Slot<R> slot) {
        slot.completeWith((R) ProduceResponse.builder().build());
    }

    // ---- the reader thread

    private void read(SocketChannel from) {
        try {
            Coroutine.waitingFor("responses");
            FrameReader in = connection.lane() == Lane.FETCH
                    ? new FrameReader(from, connector.receiveBuffers()::take)
                    : new FrameReader(from);
            for (ReceivedFrame frame = in.next(this::frameLimit); frame != null; frame = in.next(this::frameLimit)) {
                dispatch(frame);
            }
            connection.breakWith(farewell.closedByPeer(traffic.inFlight().oldest(), connection.isOpen()));
        } catch (ClosedChannelException _) {
            connection.close();
        } catch (IOException e) {
            connection.breakWith(farewell.failed(e, traffic.inFlight().oldest(), connection.isOpen()));
        } catch (RuntimeException | Error e) { // an OutOfMemoryError for a huge frame, for example
            connection.breakWith(farewell.broken("the reader failed", e));
        }
    }

    private int frameLimit() {
        return connection.isOpen() ? config.maxFrameBytes() : ConnectionConfig.MAX_HANDSHAKE_FRAME_BYTES;
    }

    private void dispatch(ReceivedFrame frame) {
        int correlationId = ByteBuffer.wrap(frame.bytes()).getInt();
        Slot<?> slot = traffic.inFlight().takeFor(correlationId, this::passedOver);
        frames.received(slot, traffic.inFlight(), frame);
        if (slot == null) {
            connection.breakWith(farewell.broken(
                    "the broker answered request #" + correlationId + ", which is not the one that is due", null));
            return;
        }
        traffic.remove(slot);
        slot.complete(frame, traffic);
    }

    private void passedOver(Slot<?> silent) {
        traffic.remove(silent);
        silent.completeSilently();
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // it is of no use any more
        }
    }
}
