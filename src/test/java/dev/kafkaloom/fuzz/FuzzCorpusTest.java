package dev.kafkaloom.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Replays the inputs that fuzzing has found worth keeping, under the fuzzer's own conditions. */
class FuzzCorpusTest {
    private final Guard guard = new Guard();

    @Test
    void keptMessagesAreReadOrRefusedWithinTheLimits() {
        assertThat(Corpus.messages()).isNotEmpty();
        for (Corpus.Kept kept : Corpus.messages()) {
            MessageFuzz.check(kept.subject(), kept.bytes(), guard);
        }
    }

    @Test
    void keptRecordsAreReadOrRefusedWithinTheLimits() {
        assertThat(Corpus.records()).isNotEmpty();
        for (byte[] input : Corpus.records()) {
            RecordFuzz.check(input, guard);
        }
    }

    @Test
    void whatTheFuzzerStartsWithIsReadable() {
        for (byte[] seed : RecordSeeds.all()) {
            RecordFuzz.check(seed, guard);
        }
        for (Subject subject : MessageFuzz.subjects()) {
            byte[] bytes = Sample.of(subject).bytes();
            byte[] input = MessageFuzz.input(subject, bytes);
            assertThat(MessageFuzz.subject(input)).isEqualTo(subject);
            assertThat(MessageFuzz.content(input)).isEqualTo(bytes);
        }
    }
}
