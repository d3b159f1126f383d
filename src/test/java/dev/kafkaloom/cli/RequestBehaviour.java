package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.console.Json;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code request} against one release. */
@Timeout(120)
@ExtendWith(Evidence.class)
abstract class RequestBehaviour {
    final RealBroker broker;

    @TempDir
    Path home;

    RequestBehaviour(String version) {
        broker = RealBroker.of(version);
    }

    Run run(String... words) {
        List<String> line = new ArrayList<>(List.of("request", "-b", broker.bootstrap(), "--format", "json"));
        line.addAll(List.of(words));
        return Run.in(home, line.toArray(String[]::new));
    }

    /** The answer to a request that succeeds without a remark. */
    Map<String, Object> ok(String... words) throws IOException {
        Run run = run(words);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        Map<String, Object> answer = new LinkedHashMap<>();
        ((Map<?, ?>) Json.read(run.out())).forEach((name, value) -> answer.put((String) name, value));
        return answer;
    }

    void refused(Run run, String... told) {
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().strip().lines()).singleElement().asString().contains(told);
    }

    static List<Object> each(Object list, String field) {
        return ((List<?>) list)
                .stream()
                        .<Object>map(element -> ((Map<?, ?>) element).get(field))
                        .toList();
    }

    @Test
    void metadataOfAllTopicsIsAnsweredInItsOldestVersion() throws IOException {
        String topic = broker.topic("request", 2);
        Map<String, Object> metadata =
                ok("Metadata", "--version", "0", "--json", "{\"topics\":[{\"name\":\"" + topic + "\"}]}");
        assertThat(metadata).containsOnlyKeys("brokers", "topics");
        assertThat(each(metadata.get("topics"), "name")).containsExactly(topic);
        assertThat((List<?>) ((Map<?, ?>) ((List<?>) metadata.get("topics")).getFirst()).get("partitions"))
                .hasSize(2);
    }

    @Test
    void groupsAreListed() throws IOException {
        assertThat(ok("ListGroups").get("errorCode")).isEqualTo(0L);
        assertThat((List<?>) ok("ListGroups", "--version", "0").get("groups")).isNotNull();
    }

    @Test
    void aGroupIsDescribedByItsCoordinator() throws IOException {
        String group = RealBroker.unique("nobody");
        Run run = run("DescribeGroups", "--version", "0", "--json", "{\"groups\":[\"" + group + "\"]}");
        assertThat(run.err()).isEmpty();
        assertThat(each(((Map<?, ?>) Json.read(run.out())).get("groups"), "groupState"))
                .containsExactly("Dead");
    }

    @Test
    void whatAFetchAnswersIsRecordsThatCanBeDecoded() throws IOException {
        String topic = broker.topic("fetch", 1);
        Run produced = Run.in(home, "produce", "-b", broker.bootstrap(), "-t", topic, "-k", "the key", "the value");
        assertThat(produced.code()).isZero();
        Map<String, Object> fetched = ok(
                "Fetch",
                "--json",
                "{\"maxWaitMs\":5000,\"minBytes\":1,\"topics\":[{\"topic\":\"" + topic
                        + "\",\"partitions\":[{\"partition\":0,\"fetchOffset\":0,\"partitionMaxBytes\":100000}]}]}");
        Map<?, ?> partition = (Map<?, ?>)
                ((List<?>) each(fetched.get("responses"), "partitions").getFirst()).getFirst();
        byte[] records = Base64.getDecoder().decode((String) partition.get("records"));
        Run decoded = Run.in(home, records, "protocol", "decode-records", "--format", "json", "-");
        assertThat(decoded.code()).isZero();
        Map<?, ?> batch = (Map<?, ?>) Json.read(decoded.out());
        assertThat(batch.get("crcValid")).isEqualTo(true);
        assertThat(each(batch.get("records"), "key")).containsExactly("the key");
        assertThat(each(batch.get("records"), "value")).containsExactly("the value");
    }

    @Test
    void anErrorCodeIsNamedBesideTheAnswer() {
        Run run = run(
                "Heartbeat",
                "--version",
                "0",
                "--json",
                "{\"groupId\":\"" + RealBroker.unique("g") + "\",\"generationId\":1,\"memberId\":\"m\"}");
        assertThat(run.out()).isEqualTo("{\"errorCode\":25}\n");
        assertThat(run.err()).startsWith("errorCode 25: UNKNOWN_MEMBER_ID (");
        assertThat(run.code()).isEqualTo(1);
    }
}
