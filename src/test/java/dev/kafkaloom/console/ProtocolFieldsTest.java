package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.message.ApiKey;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProtocolFieldsTest {
    private static ProtocolRun fields(String... words) throws Exception {
        String[] all = new String[words.length + 1];
        all[0] = "fields";
        System.arraycopy(words, 0, all, 1, words.length);
        return ProtocolRun.of(all);
    }

    /** The words of the line about a field. */
    private static String line(ProtocolRun run, String field) {
        return run.text()
                .lines()
                .filter(line -> line.strip().startsWith(field + " "))
                .findFirst()
                .orElseThrow()
                .strip()
                .replaceAll(" {2,}", " | ");
    }

    @Test
    void oneNameIsShownAndNoneOfSeveralLeftOut() {
        assertThatThrownBy(() -> ProtocolRun.of("fields", "Metadata", "Fetch"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("only one");
        assertThatThrownBy(() -> ProtocolRun.of("fields")).hasMessageContaining("needs the name");
    }

    @Test
    void anApiIsShownAsItsRequestAndItsResponse() throws Exception {
        ProtocolRun both = fields("metadata");
        assertThat(both.answers()).hasSize(2);
        assertThat(both.text())
                .contains("MetadataRequest, versions 0-13, flexible 9+, API key 3", "MetadataResponse, ");
        assertThat(fields("3", "--response").text())
                .doesNotContain("MetadataRequest, ")
                .contains("MetadataResponse, ");
        assertThat(fields("MetadataRequest").answers()).hasSize(1);
    }

    @Test
    void aFieldHasItsTypeVersionsAndRemarks() throws Exception {
        ProtocolRun fetch = fields("FetchRequest");
        assertThat(line(fetch, "clusterId")).startsWith("clusterId | string | 12+ | nullable, tag 0, default null");
        assertThat(line(fetch, "topicId")).startsWith("topicId | uuid | 13+ | ignorable");
        assertThat(line(fetch, "rackId")).startsWith("rackId | string | 11+ | default \"\", ignorable");
        assertThat(line(fields("MetadataRequest"), "topics"))
                .startsWith("topics | []MetadataRequestTopic | 0+ | nullable 1+");
        assertThat(line(fields("RequestHeader"), "clientId")).contains("flexible none");
        assertThat(line(fields("MetadataRequest"), "topicId").split(" \\| ")).hasSizeGreaterThan(3);
    }

    @Test
    void aVersionShowsOnlyWhatItHas() throws Exception {
        ProtocolRun old = fields("MetadataRequest", "--version", "1");
        assertThat(old.text()).contains("MetadataRequest v1").contains("topics").doesNotContain("1+");
        assertThat(line(old, "topics")).startsWith("topics | []MetadataRequestTopic | nullable");
        assertThat(old.text().lines().map(String::strip)).noneMatch(line -> line.startsWith("topicId"));
        assertThat(fields("MetadataRequest", "--version", "9").text()).contains("MetadataRequest v9, flexible");
        assertThatThrownBy(() -> fields("MetadataRequest", "--version", "14"))
                .isInstanceOf(UsageException.class)
                .hasMessage("MetadataRequest has no version 14, only 0-13");
    }

    @Test
    void programsGetTheDefinitionAsData() throws Exception {
        Map<?, ?> data = (Map<?, ?>) fields("MetadataRequest", "--version", "1").data();
        assertThat(data.get("apiKey")).isEqualTo(3L);
        assertThat(data.get("version")).isEqualTo(1L);
        List<?> topics = (List<?>) data.get("fields");
        assertThat(topics).hasSize(1);
        Map<?, ?> topic = (Map<?, ?>) topics.getFirst();
        assertThat(topic.get("type")).isEqualTo("[]MetadataRequestTopic");
        assertThat((List<?>) topic.get("fields")).hasSize(1);
    }

    static Stream<String> everyName() {
        return Stream.concat(
                Stream.of(ApiKey.values())
                        .flatMap(api -> Stream.of(api.apiName() + "Request", api.apiName() + "Response")),
                ProtocolDefinitions.otherMessages().stream());
    }

    @ParameterizedTest
    @MethodSource("everyName")
    void everyMessageHasItsFieldsUnderItsNameInEveryVersion(String name) throws Exception {
        ProtocolSpan versions = ProtocolMessage.of(name).versions();
        for (int version = versions.lowest(); version <= versions.highest(); version++) {
            assertThat(fields(name.toUpperCase(java.util.Locale.ROOT), "--version", String.valueOf(version))
                            .text())
                    .startsWith(name + " v" + version);
        }
    }

    @Test
    void anUnknownNameIsToldWithNearOnes() {
        assertThatThrownBy(() -> fields("ConsumerProtocolSubscriptions"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("did you mean ConsumerProtocolSubscription?");
        assertThatThrownBy(() -> fields("offset")).hasMessageContaining("did you mean ListOffsets, OffsetCommit");
        assertThatThrownBy(() -> fields()).hasMessageContaining("needs the name");
    }
}
