package dev.kafkaloom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README's table of what kafka-swoole had: it has everything, and behind each row there is a test. */
class KafkaSwooleTableTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** Commands, rpc types, variables and keys of kafka-swoole's README, its env.example and its configuration files. */
    private static final Set<String> HAD = Set.of(
            ("start rpc kafka.produce kafka.describe_groups kafka.customs.lag kafka.list_offsets kafka.offset_fetch"
                            + " kafka.offset_commit kafka_lag offset_checker block_size member_leader metadata_brokers"
                            + " metadata_topics retran clear clear_log APP_NAME APP_ID APP_MODE APP_LANGUGE SERVER_IP SERVER_PORT"
                            + " SERVER_REACTOR_NUM SERVER_WORKER_NUM SERVER_MAX_REQUEST SERVER_AF_UNIX_DIR KAFKA_LOG_DIR"
                            + " KAFKA_LOG_LEVEL KAFKA_LOG_SDTOUT KAFKA_CLIENT_CONSUMER_NUM KAFKA_CLIENT_API_MODE"
                            + " KAFKA_MESSAGE_STORAGE KAFKA_MESSAGE_RELIABILITY KAFKA_SINKER_PROCESS_NUM KAFKA_CUSTOM_PROCESS_NUM"
                            + " KAFKA_MAX_FETCH_MESSAGE_NUM KAFKA_STORAGE_REDIS KAFKA_STORAGE_REDIS_KEY"
                            + " KAFKA_STORAGE_REDIS_PENDING_KEY KAFKA_STORAGE_REDIS_PROCESSING_KEY KAFKA_STORAGE_REDIS_LIMIT"
                            + " POOL_REDIS_NUM POOL_REDIS_0_HOST POOL_REDIS_0_PORT POOL_REDIS_0_AUTH POOL_REDIS_0_DB"
                            + " POOL_REDIS_0_MAX_NUMBER POOL_REDIS_0_MAX_IDLE POOL_REDIS_0_MIN_IDLE kafka.version"
                            + " metadata.broker.list topic.metadata.refresh.interval.ms group.id topic.names heartbeat.interval.ms"
                            + " group.keep.session.max.ms partition.assignment.strategy auto.commit.interval.ms auto.offset.reset"
                            + " fetch.max.bytes producer.type message.send.max.retries retry.backoff.ms")
                    .split(" "));

    /** A row: the names, what they do here, the tests. */
    record Row(List<String> names, String meaning, List<String> tests) {
        @Override
        public String toString() {
            return String.join(", ", names);
        }
    }

    static List<Row> rows() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        List<Row> rows = new ArrayList<>();
        int at = lines.indexOf("| kafka-swoole | here | shown by |") + 2;
        for (; at > 1 && lines.get(at).startsWith("|"); at++) {
            String[] cells = lines.get(at).split(" \\| |^\\| | \\|$", -1);
            rows.add(new Row(codes(cells[1]), cells[2], codes(cells[3])));
        }
        return rows;
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult each) -> each.group(1))
                .toList();
    }

    @Test
    void hasEverythingOnce() throws IOException {
        List<String> names = rows().stream().flatMap(row -> row.names.stream()).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(names)).isEqualTo(new TreeSet<>(HAD));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void hasATestBehindEachRow(Row row) throws ClassNotFoundException {
        assertThat(row.meaning).isNotBlank();
        assertThat(row.tests).isNotEmpty();
        for (String test : row.tests) {
            int dot = test.lastIndexOf('.');
            Class<?> type = Class.forName(
                    "dev.kafkaloom." + test.substring(0, dot), false, KafkaSwooleTableTest.class.getClassLoader());
            Stream<Method> methods = Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals(test.substring(dot + 1)))
                    .filter(KafkaSwooleTableTest::isTest);
            assertThat(methods).as(test).isNotEmpty();
        }
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class)
                || Arrays.stream(method.getAnnotations())
                        .anyMatch(each -> each.annotationType().isAnnotationPresent(TestTemplate.class));
    }
}
