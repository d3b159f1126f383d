package dev.kafkaloom.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.kafkaloom.fuzz.Sample.Form;
import dev.kafkaloom.generator.schema.MessageSpec.Kind;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import dev.kafkaloom.protocol.WireReader;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every message in every version, with bytes that lie: what they say is refused, naming message, version and field. The two longest tests
 * take the lowest, the highest and the first flexible version of each message, and all with {@code -Dkafkaloom.fuzz.all}.
 */
class HostileBytesTest {
    private static final long MOST_ALLOCATED = 256 * 1024;
    private static List<Sample> samples;
    private static List<Sample> telling;

    @BeforeAll
    static void writeSamples() {
        samples = Subject.all().stream().map(Sample::of).toList();
        assertThat(samples).hasSizeGreaterThanOrEqualTo(759);
        boolean all = System.getProperty("kafkaloom.fuzz.all") != null;
        telling = samples.stream()
                .filter(sample -> all || sample.subject().isTelling())
                .toList();
    }

    @Test
    void theSamplesAreReadAndWrittenBack() {
        for (Sample sample : samples) {
            Subject subject = sample.subject();
            Message message = subject.read(sample.bytes());
            assertThat(subject.write(message)).as(subject.label()).isEqualTo(sample.bytes());
        }
    }

    /** A client in another language may write a varint longer than it has to be; Apache's reader takes it, so does this one. */
    @Test
    void varintsThatAreLongerThanNeededMeanTheSame() {
        for (Sample sample : samples) {
            Subject subject = sample.subject();
            byte[] stretched = Sample.of(subject, Form.LONG_VARINTS).bytes();
            assertThat(subject.read(stretched)).as(subject.label()).isEqualTo(subject.read(sample.bytes()));
        }
    }

    @Test
    void aMessageCutOffAtAnyByteIsRefused() {
        int tried = 0;
        for (Sample sample : telling) {
            for (int length = 0; length < sample.bytes().length; length++) {
                refused(sample, sample.upTo(length), sample.cutAt(length), "cut off after " + length);
                tried++;
            }
        }
        assertThat(tried).isGreaterThanOrEqualTo(27_000);
    }

    @Test
    void lengthsCountsAndTagsThatLieAreRefused() {
        int tried = 0;
        for (Sample sample : telling) {
            for (Token token : sample.tokens()) {
                for (Lie lie : Lie.about(sample, token)) {
                    refused(sample, sample.with(token, lie.bytes()), token, lie.toString());
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThanOrEqualTo(27_000);
    }

    @Test
    void bytesLeftOverAreRefused() {
        for (Sample sample : samples) {
            Subject subject = sample.subject();
            byte[] longer = Arrays.copyOf(sample.bytes(), sample.bytes().length + 1);
            try {
                fail("read " + subject.read(longer));
            } catch (MalformedMessage e) {
                assertThat(e.where()).isEqualTo(subject.label());
                assertThat(e).hasMessageContaining("left over");
            }
        }
    }

    @Test
    void requestsAndResponsesReadByTheirKeyAreCheckedTheSameWay() {
        for (Sample sample : samples) {
            byte[] bytes = sample.bytes();
            Kind kind = sample.subject().spec().kind();
            if (kind != Kind.REQUEST && kind != Kind.RESPONSE) {
                continue;
            }
            assertThat(readByKey(sample, bytes)).isEqualTo(sample.subject().read(bytes));
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            malformedByKey(sample, longer);
            if (bytes.length > 0) {
                malformedByKey(sample, Arrays.copyOf(bytes, bytes.length - 1));
            }
        }
    }

    private static void malformedByKey(Sample sample, byte[] bytes) {
        try {
            fail("read " + readByKey(sample, bytes));
        } catch (MalformedMessage e) {
            assertThat(e.where()).startsWith(sample.subject().label());
        }
    }

    private static Message readByKey(Sample sample, byte[] bytes) {
        Subject subject = sample.subject();
        ApiKey key = ApiKey.of(subject.spec().apiKey());
        WireReader in = new WireReader(bytes, 0, bytes.length);
        return subject.spec().kind() == Kind.REQUEST
                ? key.readRequest(in, subject.version())
                : key.readResponse(in, subject.version());
    }

    private static void refused(Sample sample, byte[] bytes, Token at, String how) {
        long before = Guard.allocatedBytes();
        try {
            Message read = sample.subject().read(bytes);
            fail("%s, %s: read %s", at, how, read);
        } catch (MalformedMessage e) {
            long allocated = Guard.allocatedBytes() - before;
            if (!at.explains(e.where()) || allocated > MOST_ALLOCATED) {
                throw new AssertionError(at + ", " + how + ": " + allocated + " bytes allocated, " + e.oneLine(), e);
            }
        } catch (RuntimeException | Error e) {
            throw new AssertionError(at + ", " + how, e);
        }
    }
}
