package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final int LIMIT = 100 << 20;

    @Test
    void aFrameLargerThanWhatIsBelievedAtOnceComesOutWhole() throws Exception {
        byte[] body = new byte[(20 << 20) + 3];
        new Random(7).nextBytes(body);
        byte[] behind = {0, 0, 0, 4, 1, 2, 3, 4};
        ByteBuffer sent = ByteBuffer.allocate(Integer.BYTES + body.length + behind.length)
                .putInt(body.length)
                .put(body)
                .put(behind);

        FrameReader reader = reader(sent.array());

        assertThat(bytes(reader.next(() -> LIMIT))).isEqualTo(body);
        assertThat(bytes(reader.next(() -> LIMIT))).containsExactly(1, 2, 3, 4);
        assertThat(reader.next(() -> LIMIT)).isNull();
    }

    @Test
    void anAnnouncedLengthThatDoesNotComeTakesLittleMemory() {
        byte[] lie = ByteBuffer.allocate(14).putInt(LIMIT).array();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThatThrownBy(() -> reader(lie).next(() -> LIMIT))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("after 10 of the 104857600 bytes");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 20);
    }

    @Test
    void aFrameMayLieInALongerArray() throws Exception {
        byte[] used = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
        byte[] sent = {0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0, 4, 6, 7, 8, 9};
        var reader = new FrameReader(Channels.newChannel(new ByteArrayInputStream(sent)), (_, _) -> used);

        ReceivedFrame first = reader.next(() -> LIMIT);

        assertThat(first.bytes()).isSameAs(used);
        assertThat(bytes(first)).containsExactly(1, 2, 3, 4, 5);
        assertThat(bytes(reader.next(() -> LIMIT))).containsExactly(6, 7, 8, 9);
    }

    private static byte[] bytes(ReceivedFrame frame) {
        return Arrays.copyOf(frame.bytes(), frame.length());
    }

    private static FrameReader reader(byte[] bytes) {
        return new FrameReader(Channels.newChannel(new ByteArrayInputStream(bytes)));
    }
}
