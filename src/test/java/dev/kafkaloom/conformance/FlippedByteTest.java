package dev.kafkaloom.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.conformance.Sample.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparison itself: no byte of a message can be wrong without being noticed. */
class FlippedByteTest {
    private static final int[] MASKS = {0x01, 0x80, 0xff};
    private static final int SEED = 5;

    @ParameterizedTest
    @CsvSource({
        "RequestHeader,2",
        "ApiVersionsResponse,4",
        "MetadataResponse,13",
        "ProduceRequest,9",
        "FetchRequest,15",
        "FetchResponse,16",
        "JoinGroupRequest,0",
        "ListOffsetsResponse,0",
        "AlterClientQuotasRequest,1",
        "ConsumerGroupHeartbeatResponse,1",
        "VotersRecord,0"
    })
    void everyFlippedByteIsNoticedInBothDirections(String name, int version) {
        for (KafkaRelease release : KafkaRelease.both()) {
            ApacheMessage message = release.message(name);
            if (message != null && message.definition().valid().contains(version)) {
                for (Kind kind : List.of(Kind.UNKNOWN, Kind.ZERO, Kind.SPARSE)) {
                    everyFlippedByteIsNoticed(message, Sample.of(message.definition(), version, kind, SEED));
                }
            }
        }
    }

    private static void everyFlippedByteIsNoticed(ApacheMessage message, Sample sample) {
        int length = length(message, sample);
        List<String> unnoticed = new ArrayList<>();
        for (int at = 0; at < length; at++) {
            for (int mask : MASKS) {
                Comparison damaged = new Comparison(message, flipping(at, mask));
                if (isNoticed(() -> damaged.fromKafka(sample)) && isNoticed(() -> damaged.fromUs(sample))) {
                    continue;
                }
                unnoticed.add("byte " + at + " ^ " + mask);
            }
        }
        assertThat(unnoticed).as("%s of %d bytes", sample, length).isEmpty();
    }

    /** Both directions pass with all bytes as they are. */
    private static int length(ApacheMessage message, Sample sample) {
        AtomicInteger length = new AtomicInteger();
        Comparison intact = new Comparison(message, bytes -> {
            length.set(bytes.length);
            return bytes;
        });
        intact.fromKafka(sample);
        intact.fromUs(sample);
        return length.get();
    }

    private static boolean isNoticed(Runnable comparison) {
        try {
            comparison.run();
            return false;
        } catch (RuntimeException | AssertionError e) {
            return true;
        }
    }

    private static UnaryOperator<byte[]> flipping(int at, int mask) {
        return bytes -> {
            byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) mask;
            return damaged;
        };
    }
}
