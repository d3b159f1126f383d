package dev.kafkaloom.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.message.RandomMessage.Density;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every message in every version, against itself. */
class EveryMessageTest {
    private static final int SAMPLES = 4;
    private static List<MessageSpec> definitions;

    @BeforeAll
    static void readDefinitions() throws IOException {
        definitions = Messages.merged();
    }

    @Test
    void defaultsSurviveARoundTripInEveryVersion() {
        forEachVersion((definition, version) -> roundTrip(definition.name(), Map.of(), version));
    }

    @Test
    void randomContentSurvivesARoundTripInEveryVersion() {
        forEachSample((definition, version, content) -> roundTrip(definition.name(), content, version));
    }

    @Test
    void theMapFormSaysEverything() {
        forEachSample((definition, version, content) -> {
            Message message = Messages.fromMap(definition.name(), content, version);
            assertThat(Messages.fromMap(definition.name(), message.toMap(version), version))
                    .isEqualTo(message);
        });
    }

    @Test
    void aMessageThatIsCutOffIsMalformed() {
        forEachVersion((definition, version) -> {
            byte[] whole = Messages.write(sample(definition, version, Density.MIXED, 7), version);
            int step = Math.max(1, whole.length / 40);
            for (int length = 0; length < whole.length; length += step) {
                byte[] cut = Arrays.copyOf(whole, length);
                try {
                    fail(
                            "read %s v%d from %d of %d bytes: %s",
                            definition.name(),
                            version,
                            length,
                            whole.length,
                            Messages.read(definition.name(), cut, version));
                } catch (MalformedMessage e) {
                    assertThat(e.where()).startsWith(definition.name() + " v" + version);
                }
            }
        });
    }

    @Test
    void damagedBytesNeverCauseAnythingButMalformed() {
        Random random = new Random(42);
        forEachVersion((definition, version) -> {
            byte[] whole = Messages.write(sample(definition, version, Density.FULL, 11), version);
            for (int attempt = 0; attempt < 20 && whole.length > 0; attempt++) {
                byte[] damaged = whole.clone();
                for (int i = 0; i < 1 + random.nextInt(3); i++) {
                    damaged[random.nextInt(damaged.length)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
                }
                try {
                    Messages.read(definition.name(), damaged, version);
                } catch (MalformedMessage e) {
                    assertThat(e.oneLine()).isNotBlank();
                }
            }
        });
    }

    @Test
    void aVersionTheMessageDoesNotHaveIsRefused() {
        for (MessageSpec definition : definitions) {
            short tooHigh = (short) (definition.valid().highest() + 1);
            try {
                fail(Messages.fromMap(definition.name(), Map.of(), tooHigh).toString());
            } catch (KafkaException.UnsupportedVersion e) {
                assertThat(e).hasMessageContaining(definition.name() + " has no version " + tooHigh);
            }
        }
    }

    private static void roundTrip(String name, Map<String, Object> content, short version) {
        Message message = Messages.fromMap(name, content, version);
        byte[] bytes = Messages.write(message, version);
        Message back = Messages.read(name, bytes, version);
        assertThat(back).as("%s v%d", name, version).isEqualTo(message);
        assertThat(Messages.write(back, version)).as("%s v%d", name, version).isEqualTo(bytes);
    }

    private static Message sample(MessageSpec definition, short version, Density density, long seed) {
        return Messages.fromMap(
                definition.name(), new RandomMessage(definition, version, density, seed).fill(), version);
    }

    private static void forEachVersion(VersionCheck check) {
        int checked = 0;
        for (MessageSpec definition : definitions) {
            for (int version = definition.valid().lowest();
                    version <= definition.valid().highest();
                    version++) {
                check.accept(definition, (short) version);
                checked++;
            }
        }
        assertThat(checked).as("messages and versions").isGreaterThanOrEqualTo(759);
    }

    private static void forEachSample(SampleCheck check) {
        forEachVersion((definition, version) -> {
            for (Density density : Density.values()) {
                for (int seed = 0; seed < SAMPLES; seed++) {
                    check.accept(definition, version, new RandomMessage(definition, version, density, seed).fill());
                }
            }
        });
    }

    private interface VersionCheck {
        void accept(MessageSpec definition, short version);
    }

    private interface SampleCheck {
        void accept(MessageSpec definition, short version, Map<String, Object> content);
    }
}
