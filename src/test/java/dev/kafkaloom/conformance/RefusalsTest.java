package dev.kafkaloom.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.KafkaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What Kafka's classes refuse to write is refused here, and what they leave out silently is left out. */
class RefusalsTest {
    private final List<String> differences = new ArrayList<>();
    private int refused;
    private int written;

    @Test
    void aFieldThatTheVersionLacksIsRefusedOrLeftOutAsInKafka() {
        forEachVersion((message, version) -> message.definition().forEachLacked(version, (path, _) -> {
            for (int seed = 0; seed < 3; seed++) {
                compare(message, Sample.withLacked(message.definition(), version, path, seed));
            }
        }));
        assertThat(differences).isEmpty();
        assertThat(refused).isGreaterThan(500);
        assertThat(written).isGreaterThan(500);
    }

    @Test
    void nullIsRefusedWhereKafkaRefusesIt() {
        forEachVersion((message, version) -> message.definition().forEachField(version, (path, field) -> {
            boolean canBeNull = field.isArray()
                    || field.isStruct()
                    || Set.of("string", "bytes", "records").contains(field.type());
            if (canBeNull) {
                compare(message, Sample.withNull(message.definition(), version, path, 0));
            }
        }));
        assertThat(differences).isEmpty();
        assertThat(refused).isGreaterThan(500);
        assertThat(written).isGreaterThan(500);
    }

    private void compare(ApacheMessage message, Sample sample) {
        Optional<List<Byte>> theirs = theirs(message, sample);
        Optional<List<Byte>> ours = ours(message, sample);
        if (!theirs.equals(ours)) {
            differences.add(sample + ", " + message.release() + ": "
                    + (theirs.isEmpty() ? "refused by Kafka" : ours.isEmpty() ? "refused by us" : "other bytes"));
        } else if (ours.isEmpty()) {
            refused++;
        } else {
            written++;
        }
    }

    private static Optional<List<Byte>> theirs(ApacheMessage message, Sample sample) {
        try {
            return Optional.of(list(message.write(message.fill(sample.tree()), sample.version())));
        } catch (RuntimeException e) { // UnsupportedVersionException, NullPointerException
            return Optional.empty();
        }
    }

    private static Optional<List<Byte>> ours(ApacheMessage message, Sample sample) {
        OurMessage ours = new OurMessage(message.definition().newName());
        try {
            return Optional.of(list(OurMessage.write(
                    ours.fromMap(OurMessage.mapForm(sample.tree()), sample.version()), sample.version())));
        } catch (KafkaException e) {
            return Optional.empty();
        }
    }

    private static List<Byte> list(byte[] bytes) {
        List<Byte> list = new ArrayList<>(bytes.length);
        for (byte b : bytes) {
            list.add(b);
        }
        return list;
    }

    private static void forEachVersion(Action action) {
        for (KafkaRelease release : KafkaRelease.both()) {
            for (ApacheMessage message : release.messages()) {
                message.versions().forEach(version -> action.accept(message, version));
            }
        }
    }

    private interface Action {
        void accept(ApacheMessage message, int version);
    }
}
