package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.config.Spec.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of settings against itself, the README and the files that are shipped. */
class SettingsTableTest {
    private static final Path HOME = Path.of("").toAbsolutePath();

    static List<Spec> settings() {
        return KnownSettings.all();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everyDefaultIsAllowed(Spec spec) {
        assertThat(spec.doc()).isNotBlank();
        if (!spec.fallback().isEmpty()) {
            assertThat(spec.kind().parse(spec.fallback())).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theReadmeShowsEverySettingAsItIs(Spec spec) throws IOException {
        assertThat(Files.readAllLines(HOME.resolve("README.md"))).contains(row(spec));
    }

    private static String row(Spec spec) {
        String others = spec.aliases().isEmpty()
                ? ""
                : " (" + spec.aliases().stream().map(a -> "`" + a + "`").collect(Collectors.joining(", ")) + ")";
        String allowed =
                spec.kind().equals(Kind.Text.ANY) ? "" : "; " + spec.kind().allowed();
        String idle = spec.effect(Messages.ENGLISH).map(when -> "; " + when).orElse("");
        String fallback = spec.fallback().isEmpty() ? "" : "`" + spec.fallback() + "`";
        return "| `" + spec.name() + "`" + others + " | " + fallback + " | " + spec.doc() + allowed + idle + " |";
    }

    /** Prints the README's rows: run it when a setting changed. */
    public static void main(String[] args) {
        for (Spec spec : KnownSettings.all()) {
            System.out.println((spec.inEnvironment() ? "ENV " : "YAML ") + row(spec));
        }
    }

    @Test
    void theShippedFilesLoadAndLeaveEveryDefaultAsItIs() {
        Values shipped = ConfigLoader.values(HOME, Map.of(), Map.of());
        List<Setting> settings = shipped.settings(Messages.ENGLISH);
        assertThat(settings).anyMatch(s -> s.source().startsWith("config/common.yaml:"));
        assertThat(settings).anyMatch(s -> s.source().startsWith("config/producer.yaml:"));
        assertThat(settings).anyMatch(s -> s.source().startsWith(".env:"));
        assertThat(shipped.idle()).isEmpty();
        for (Setting setting : settings) {
            Spec spec = KnownSettings.named(setting.name()).orElseThrow();
            if (!spec.fallback().isEmpty()) {
                Object value = spec.kind().parse(setting.value());
                assertThat(value).as(setting.name()).isEqualTo(spec.kind().parse(spec.fallback()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shippedNames")
    void theShippedFilesShowKafkaSwoolesKeys(String file, String name) throws IOException {
        Pattern line = Pattern.compile("(?m)^#?" + Pattern.quote(name) + "[:=]");
        assertThat(Files.readString(HOME.resolve(file))).containsPattern(line);
        assertThat(KnownSettings.named(name)).isPresent();
    }

    static List<Arguments> shippedNames() {
        return Map.of(
                        "config/common.yaml",
                        "kafka.version metadata.broker.list topic.metadata.refresh.interval.ms group.id topic.names heartbeat.interval.ms"
                                + " group.keep.session.max.ms partition.assignment.strategy auto.commit.interval.ms auto.offset.reset"
                                + " fetch.max.bytes",
                        "config/producer.yaml",
                        "metadata.broker.list producer.type message.send.max.retries retry.backoff.ms",
                        ".env",
                        "APP_NAME APP_ID APP_LANGUAGE APP_MODE SERVER_AF_UNIX_DIR SERVER_IP SERVER_PORT SERVER_REACTOR_NUM"
                                + " SERVER_WORKER_NUM SERVER_MAX_REQUEST KAFKA_CLIENT_CONSUMER_NUM KAFKA_CLIENT_API_MODE"
                                + " KAFKA_MESSAGE_STORAGE KAFKA_MESSAGE_RELIABILITY KAFKA_SINKER_PROCESS_NUM KAFKA_STORAGE_REDIS"
                                + " KAFKA_STORAGE_REDIS_PENDING_KEY KAFKA_STORAGE_REDIS_PROCESSING_KEY KAFKA_STORAGE_REDIS_LIMIT"
                                + " KAFKA_MAX_FETCH_MESSAGE_NUM KAFKA_LOG_DIR KAFKA_LOG_LEVEL KAFKA_LOG_STDOUT POOL_REDIS_NUM"
                                + " POOL_REDIS_0_HOST POOL_REDIS_0_PORT POOL_REDIS_0_AUTH POOL_REDIS_0_DB POOL_REDIS_0_MAX_NUMBER"
                                + " POOL_REDIS_0_MAX_IDLE POOL_REDIS_0_MIN_IDLE")
                .entrySet()
                .stream()
                .flatMap(file -> Pattern.compile(" ")
                        .splitAsStream(file.getValue())
                        .map(name -> Arguments.of(file.getKey(), name)))
                .toList();
    }

    @Test
    void everySettingIsForSomebodyAndKnowsWhereItLives() {
        assertThat(KnownSettings.all()).allSatisfy(spec -> {
            assertThat(spec.parts()).isNotEmpty();
            assertThat(spec.parts().contains(Part.APP))
                    .isEqualTo(Character.isUpperCase(spec.name().charAt(0)));
        });
    }
}
