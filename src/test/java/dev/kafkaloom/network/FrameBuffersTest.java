package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.WireWriter;
import org.junit.jupiter.api.Test;

class FrameBuffersTest {
    private final FrameBuffers buffers = new FrameBuffers();

    @Test
    void aBufferGivenBackIsTheNextOneAndEmpty() {
        WireWriter first = buffers.take();
        first.writeInt64(42);
        buffers.giveBack(first);
        assertThat(buffers.take()).isSameAs(first);
        assertThat(first.size()).isZero();
    }

    @Test
    void twoRequestsOnTheirWayNeverShareABuffer() {
        WireWriter first = buffers.take();
        assertThat(buffers.take()).isNotSameAs(first);
    }

    @Test
    void aBufferThatHasGrownLargeIsNotKept() {
        WireWriter large = new WireWriter((4 << 20) + 1);
        buffers.giveBack(large);
        assertThat(buffers.take()).isNotSameAs(large);
    }
}
