package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.message.ApiKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProtocolListTest {
    private static Table list(String... words) throws Exception {
        String[] all = new String[words.length + 1];
        all[0] = "list";
        System.arraycopy(words, 0, all, 1, words.length);
        return (Table) ProtocolRun.of(all).answers().getFirst();
    }

    private static List<Object> column(Table table, String name) {
        int at = table.columns().indexOf(name);
        return table.rows().stream().map(row -> row.get(at)).toList();
    }

    @Test
    void everyApiHasARowThatSaysWhatItIs() throws Exception {
        Table all = list();
        assertThat(all.columns()).containsExactly("key", "name", "versions", "flexible", "brokers", "for", "about");
        assertThat(column(all, "name")).hasSize(ApiKey.values().length).startsWith("Produce", "Fetch", "ListOffsets");
        assertThat(all.rows()).allSatisfy(row -> assertThat(row).doesNotContainNull());
        assertThat(Set.copyOf(column(all, "for"))).containsExactlyInAnyOrder("client", "inter-broker");
        assertThat(all.rows().get(3)).startsWith(3, "Metadata", "0-13", "9+", "0.9.0+", "client");
    }

    @Test
    void aPartOfANameAKeyOrAnOldNameNarrowsIt() throws Exception {
        assertThat(column(list("offsetf"), "name")).containsExactly("OffsetFetch", "OffsetForLeaderEpoch");
        assertThat(column(list("18"), "name")).containsExactly("ApiVersions");
        assertThat(column(list("GroupCoordinator"), "name")).containsExactly("FindCoordinator");
        assertThat(column(list("--api", "fetch"), "name")).containsExactly("Fetch");
        assertThatThrownBy(() -> list("nothing-like-it"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no API 'nothing-like-it'");
    }

    @Test
    void everyVersionHasARowOfItsOwn() throws Exception {
        Table versions = list("--versions");
        int pairs = java.util.stream.Stream.of(ApiKey.values())
                .mapToInt(api -> api.highestVersion() - api.lowestVersion() + 1)
                .sum();
        assertThat(versions.rows()).hasSize(pairs);
        assertThat(list("--versions", "--api", "Metadata").rows())
                .contains(List.of(3, "Metadata", 9, true, "2.4+"))
                .hasSize(14);
    }

    @Test
    void theChecklistTicksRequestAndResponseOfEveryApi() {
        List<String> lines = ProtocolList.markdown();
        assertThat(lines).hasSize(2 + ApiKey.values().length);
        assertThat(lines.subList(2, lines.size())).allMatch(line -> line.endsWith("| ✓ | ✓ |"));
        assertThat(lines).contains("| 3 | Metadata | 0-13 | 9+ | 0.9.0+ | ✓ | ✓ |");
        assertThat(lines.stream()
                        .map(line -> line.chars().filter(c -> c == '|').count())
                        .collect(Collectors.toSet()))
                .containsExactly(8L);
    }
}
