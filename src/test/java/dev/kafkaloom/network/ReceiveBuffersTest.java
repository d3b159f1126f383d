package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.IdentityHashMap;
import org.junit.jupiter.api.Test;

class ReceiveBuffersTest {
    private static final int BELIEVED = 8 << 20;
    private static final int LARGE = 1 << 20;

    private final ReceiveBuffers buffers = new ReceiveBuffers();

    @Test
    void whatIsGivenBackServesTheNextResponseOfAboutThatSize() {
        byte[] first = buffers.take(LARGE, BELIEVED);

        buffers.giveBack(first);

        assertThat(buffers.take(LARGE - 1000, BELIEVED)).isSameAs(first);
        assertThat(buffers.take(LARGE - 1000, BELIEVED)).isNotSameAs(first);
    }

    @Test
    void aSmallResponseHoldsNoLargeArray() {
        buffers.giveBack(buffers.take(LARGE, BELIEVED));

        assertThat(buffers.take(LARGE / 4, BELIEVED)).hasSizeLessThan(LARGE / 2);
        assertThat(buffers.take(100, BELIEVED)).hasSize(100);
    }

    @Test
    void aFreshArrayIsNoLongerThanWhatIsBelieved() {
        assertThat(buffers.take(100 << 20, BELIEVED)).hasSize(BELIEVED);
    }

    @Test
    void whatIsKeptIsBounded() {
        IdentityHashMap<byte[], Boolean> given = new IdentityHashMap<>();
        for (int i = 0; i < 64; i++) {
            given.put(new byte[LARGE], true);
        }

        given.keySet().forEach(buffers::giveBack);

        int kept = 0;
        while (given.containsKey(buffers.take(LARGE, BELIEVED))) {
            kept++;
        }
        assertThat(kept).isEqualTo(8);
    }
}
