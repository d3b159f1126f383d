package dev.kafkaloom.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kafkaloom.conformance.Sample.Kind;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Every message in every version against Kafka's own classes, those of the newest release and those of the last one that still had the
 * old versions. {@code -Dconformance.samples=60} takes more mixed samples, {@code -Dconformance.seed=1} others, and
 * {@code -Dconformance.flip="FetchResponse v12"} flips one bit of one such message on its way: the test must then fail.
 */
class ConformanceTest {
    private static final int SAMPLES = Integer.getInteger("conformance.samples", 2);
    private static final long SEED = Long.getLong("conformance.seed", 0);
    private static final String FLIPPED = System.getProperty("conformance.flip", "");
    private static final int SHOWN = 12;

    private final AtomicInteger samples = new AtomicInteger();
    private final Map<String, String> differences = new ConcurrentSkipListMap<>();
    private final Set<String> compared = new ConcurrentSkipListSet<>();
    private final Set<String> conformRpcs = new ConcurrentSkipListSet<>();
    private final Set<String> conformOthers = new ConcurrentSkipListSet<>();
    private final Coverage fromKafka = new Coverage();
    private final Coverage fromUs = new Coverage();

    @Test
    void everyMessageInEveryVersionConformsInBothDirections() {
        KafkaRelease.both().parallelStream()
                .flatMap(release -> release.messages().parallelStream())
                .forEach(this::compare);
        conformRpcs.removeAll(differences.keySet());
        conformOthers.removeAll(differences.keySet());
        Set<String> rpcs = pairs(true);
        Set<String> others = pairs(false);
        System.out.printf(
                "conformance: %d of %d messages, %d samples, both directions; %d of %d others; kafka-clients %s%n",
                conformRpcs.size(),
                rpcs.size(),
                samples.get(),
                conformOthers.size(),
                others.size(),
                KafkaRelease.both());
        assertThat(differences)
                .withFailMessage(() -> differences.size() + " messages differ, among them\n"
                        + String.join(
                                "\n", differences.values().stream().limit(SHOWN).toList()))
                .isEmpty();
        assertThat(rpcs).as("requests and responses by both releases").hasSize(736);
        assertThat(conformRpcs).isEqualTo(rpcs);
        assertThat(conformOthers).isEqualTo(others);
        assertThat(notCompared()).containsExactly("ReadShareGroupStateSummaryResponse of 3.9.2 v0");
        assertThat(missing(fromKafka))
                .as("states of fields never seen from Kafka")
                .isEmpty();
        assertThat(missing(fromUs)).as("states of fields never seen from us").isEmpty();
    }

    @Test
    void theMessagesComparedAreTheOnesThatThereAre() {
        Set<String> ours = new TreeSet<>();
        for (ApiKey api : ApiKey.values()) {
            for (int version = api.lowestVersion(); version <= api.highestVersion(); version++) {
                ours.add("request " + api.id() + " v" + version);
                ours.add("response " + api.id() + " v" + version);
            }
        }
        Set<String> theirs = new TreeSet<>();
        for (KafkaRelease release : KafkaRelease.both()) {
            for (ApacheMessage message : release.messages()) {
                Definition definition = message.definition();
                if (definition.isRpc()) {
                    definition
                            .valid()
                            .all()
                            .forEach(v -> theirs.add(definition.type() + " " + definition.apiKey() + " v" + v));
                }
            }
        }
        assertThat(ours).isEqualTo(theirs).hasSize(736);
    }

    @Test
    void theOneVersionThatIsNotComparedWithTheOlderReleaseDiffers() {
        Comparison older = new Comparison(KafkaRelease.OLD.message("ReadShareGroupStateSummaryResponse"));
        Sample sample = Sample.of(older.definition(), 0, Kind.FULL, SEED);
        assertThatThrownBy(() -> older.fromKafka(sample)).isInstanceOf(MalformedMessage.class);
    }

    private void compare(ApacheMessage message) {
        Definition definition = message.definition();
        message.versions().forEach(version -> {
            String pair = definition.newName() + " v" + version;
            Comparison comparison =
                    pair.equals(FLIPPED) ? new Comparison(message, flipping()) : new Comparison(message);
            for (Sample sample : Sample.all(definition, version, SEED, SAMPLES)) {
                check(message, sample, fromKafka, comparison::fromKafka);
            }
            for (Sample sample : Sample.all(definition, version, SEED + 1, SAMPLES)) {
                check(message, sample, fromUs, comparison::fromUs);
            }
            compared.add(message + " v" + version);
            (definition.isRpc() ? conformRpcs : conformOthers).add(pair);
        });
    }

    private void check(ApacheMessage message, Sample sample, Coverage coverage, Direction direction) {
        try {
            samples.incrementAndGet();
            coverage.add(message, sample.version(), direction.apply(sample));
        } catch (RuntimeException | AssertionError e) {
            String where = sample + ", " + message.release() + (coverage == fromKafka ? " to us: " : " from us: ");
            differences.putIfAbsent(message.definition().newName() + " v" + sample.version(), where + e);
        }
    }

    /** Only the first message that passes is damaged. */
    private static UnaryOperator<byte[]> flipping() {
        AtomicInteger passed = new AtomicInteger();
        return bytes -> {
            if (bytes.length > 0 && passed.getAndIncrement() == 0) {
                bytes[bytes.length / 2] ^= 1;
            }
            return bytes;
        };
    }

    private static Set<String> pairs(boolean rpc) {
        Set<String> pairs = new TreeSet<>();
        for (KafkaRelease release : KafkaRelease.both()) {
            for (ApacheMessage message : release.messages()) {
                Definition definition = message.definition();
                if (definition.isRpc() == rpc) {
                    definition.valid().all().forEach(v -> pairs.add(definition.newName() + " v" + v));
                }
            }
        }
        return pairs;
    }

    /** What a release has and was not compared with it. */
    private List<String> notCompared() {
        List<String> missing = new ArrayList<>();
        for (KafkaRelease release : KafkaRelease.both()) {
            for (ApacheMessage message : release.messages()) {
                message.definition().valid().all().forEach(v -> missing.add(message + " v" + v));
            }
        }
        missing.removeAll(compared);
        return missing;
    }

    private static List<String> missing(Coverage coverage) {
        List<String> missing = new ArrayList<>();
        for (KafkaRelease release : KafkaRelease.both()) {
            for (ApacheMessage message : release.messages()) {
                message.versions().forEach(v -> missing.addAll(coverage.missing(message, v)));
            }
        }
        return missing;
    }

    private interface Direction {
        JsonNode apply(Sample sample);
    }
}
