package dev.kafkaloom.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.protocol.WireReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The corpus of the acceptance run. */
class CorpusTest {
    @TempDir
    Path folder;

    @Test
    void theSameSeedGivesTheSameLinesAndAnotherGivesOthers() throws IOException {
        String first = corpus(KafkaRelease.NEW, 1, 3);
        assertThat(corpus(KafkaRelease.NEW, 1, 3).equals(first)).isTrue();
        assertThat(corpus(KafkaRelease.NEW, 2, 3).equals(first)).isFalse();
    }

    @Test
    void bothCorporaTogetherHaveEveryPairAndEachLineReadsAsItsJson() throws IOException {
        Set<String> pairs = new HashSet<>();
        for (KafkaRelease release : KafkaRelease.both()) {
            for (String line : corpus(release, 7, 1).lines().toList()) {
                List<String> columns = List.of(line.split("\t", -1));
                assertThat(columns).as(line).hasSize(5);
                assertThat(decoded(columns)).isEqualTo(columns.get(4));
                pairs.add(String.join(" ", columns.subList(0, 3)));
            }
        }
        assertThat(pairs).hasSize(736);
    }

    private String corpus(KafkaRelease release, long seed, int samples) throws IOException {
        Path file = folder.resolve("corpus.tsv");
        long lines = CorpusMain.write(release, seed, samples, file);
        String text = Files.readString(file);
        assertThat(text.lines().count()).isEqualTo(lines);
        return text;
    }

    private static String decoded(List<String> columns) {
        ApiKey api = ApiKey.of(Integer.parseInt(columns.get(0)));
        short version = Short.parseShort(columns.get(1));
        byte[] bytes = HexFormat.of().parseHex(columns.get(3));
        WireReader in = new WireReader(bytes, 0, bytes.length);
        Message message =
                columns.get(2).equals("request") ? api.readRequest(in, version) : api.readResponse(in, version);
        return OurMessage.json(message, version);
    }
}
