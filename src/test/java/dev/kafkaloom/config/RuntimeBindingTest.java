package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.runtime.SinkerConfig;
import dev.kafkaloom.storage.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From settings to storage, sinkers and what an end may take. */
class RuntimeBindingTest {
    @TempDir
    private Path home;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> flags = new LinkedHashMap<>();

    /** Those sinkers, with another folder for relative paths. */
    static SinkerConfig at(Path home, SinkerConfig some) {
        return new SinkerConfig(
                some.sink(),
                some.script(),
                some.options(),
                home,
                some.sinkers(),
                some.batch(),
                some.maxAttempts(),
                some.retryBackoff(),
                some.retryBackoffMax(),
                some.recordsPerSecond(),
                some.deadLetterTopic());
    }

    private AppConfig load() {
        return ConfigLoader.load(home, environment, flags);
    }

    private StorageConfig.Redis redis() {
        flags.put("KAFKA_MESSAGE_STORAGE", "REDIS");
        flags.putIfAbsent("POOL_REDIS_0_HOST", "r");
        return (StorageConfig.Redis) load().runtime().storage();
    }

    @Test
    void everySettingOfSinkersReachesThem() {
        flags.putAll(Map.of(
                "sinker", "http",
                "sinker.option.url", "http://h/",
                "sinker.option.Batch-Size", "7",
                "KAFKA_CUSTOM_PROCESS_NUM", "2",
                "KAFKA_MAX_FETCH_MESSAGE_NUM", "3",
                "sinker.max.attempts", "4",
                "sinker.retry.backoff.ms", "5",
                "sinker.retry.backoff.max.ms", "6",
                "sinker.rate.limit", "7",
                "dead.letter.topic", "dead"));
        assertThat(load().runtime().sinkers())
                .isEqualTo(new SinkerConfig(
                        "http",
                        null,
                        Map.of("url", "http://h/", "Batch-Size", "7"),
                        home,
                        2,
                        3,
                        4,
                        Duration.ofMillis(5),
                        Duration.ofMillis(6),
                        7,
                        "dead"));
    }

    @Test
    void aScriptIsFoundInTheProject() {
        flags.put("sinker.script", "scripts/../x.jsh");
        assertThat(load().runtime().sinkers().script()).isEqualTo(home.resolve("x.jsh"));
    }

    @Test
    void optionsOfTheSinkComeFromEverySourceAndTheStrongestWins() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/consumer.yaml"), "sinker.option.max.size: 1\nsinker.option.file: a\n");
        environment.put("KAFKA_LOOM_SINKER_OPTION_MAX_SIZE", "2");
        flags.put("sinker.option.file", "b");
        assertThat(load().runtime().sinkers().options()).isEqualTo(Map.of("max.size", "2", "file", "b"));
        assertThat(load().settings())
                .contains(new Setting("sinker.option.max.size", "2", "environment", "option of the sink"));
    }

    @Test
    void secretsAmongTheOptionsOfASinkAreNeverShown() {
        flags.put("sinker", "http");
        flags.put("sinker.option.header.X-Key", "x");
        flags.put("sinker.option.api-key", "x");
        flags.put("sinker.option.url", "https://me:x@h/p");
        assertThat(load().settings())
                .filteredOn(each -> each.name().startsWith("sinker.option."))
                .extracting(Setting::value)
                .containsExactly("***", "***", "https://***@h/p");
    }

    @Test
    void anEndAndADrainTakeAsLongAsSet() {
        flags.put("shutdown.timeout", "1");
        flags.put("storage.drain.timeout.ms", "0");
        assertThat(load().runtime().shutdownTimeout()).hasMillis(1);
        assertThat(load().runtime().storageDrainTimeout()).isZero();
    }

    @Test
    void filesAreKeptInTheProjectAndWithinTheirLimits() {
        flags.put("KAFKA_MESSAGE_STORAGE", "file");
        assertThat(load().runtime().storage())
                .isEqualTo(new StorageConfig.File(home.resolve("runtime/storage"), 1L << 30, 10_000_000, 64 << 20));
        flags.put("KAFKA_STORAGE_FILE_DIR", "/var/lib/loom");
        flags.put("KAFKA_STORAGE_FILE_LIMIT", "5 * 1024 * 1024 * 1024");
        flags.put("KAFKA_STORAGE_FILE_LIMIT_RECORDS", "6");
        flags.put("KAFKA_STORAGE_FILE_SEGMENT", "65536");
        assertThat(load().runtime().storage())
                .isEqualTo(new StorageConfig.File(Path.of("/var/lib/loom"), 5L << 30, 6, 65_536));
    }

    @Test
    void everySettingOfRedisReachesIt() throws IOException {
        Files.writeString(home.resolve(".env"), """
                APP_NAME=loom
                KAFKA_MESSAGE_STORAGE=REDIS
                KAFKA_MAX_FETCH_MESSAGE_NUM=7
                KAFKA_STORAGE_REDIS=POOL_REDIS_1
                KAFKA_STORAGE_REDIS_PENDING_KEY=${APP_NAME}:p
                KAFKA_STORAGE_REDIS_PROCESSING_KEY=w
                KAFKA_STORAGE_REDIS_LIMIT=1000 * 1000
                KAFKA_STORAGE_REDIS_WAIT=1
                POOL_REDIS_NUM=2
                POOL_REDIS_1_HOST=mredis
                POOL_REDIS_1_PORT=6380
                POOL_REDIS_1_USER=me
                POOL_REDIS_1_AUTH=secret
                POOL_REDIS_1_DB=3
                POOL_REDIS_1_TLS=true
                POOL_REDIS_1_MAX_NUMBER=9
                POOL_REDIS_1_MAX_IDLE=8
                POOL_REDIS_1_MIN_IDLE=1
                """);
        flags.put("storage.lease.timeout.ms", "2000");
        flags.put("group.id", "g");
        assertThat(load().runtime().storage())
                .isEqualTo(new StorageConfig.Redis(
                        new StorageConfig.RedisServer("POOL_REDIS_1", "mredis", 6380, "me", "secret", 3, true, 9, 8, 1),
                        "g",
                        "loom:p",
                        "w",
                        1_000_000,
                        7,
                        Duration.ofSeconds(2),
                        1));
        assertThat(load().warnings()).isEmpty();
    }

    @Test
    void aPoolNeedsNoMoreThanAHost() {
        flags.put("POOL_REDIS_0_MAX_NUMBER", "2");
        assertThat(redis().server())
                .isEqualTo(new StorageConfig.RedisServer("POOL_REDIS_0", "r", 6379, "", "", 0, false, 2, 2, 0));
    }

    @Test
    void theKeysBeginAsGivenOrWithWhatTheyHaveInCommonOrWithTheProgramsName() {
        assertThat(redis().pendingKey()).isEqualTo("kafka-loom:0:test:storage:redis:messages:pending");
        flags.put("KAFKA_STORAGE_REDIS_KEY", "${APP_NAME}:x");
        assertThat(redis().pendingKey()).isEqualTo("kafka-loom:x:pending");
        flags.put("KAFKA_STORAGE_REDIS_PENDING_KEY", "p");
        assertThat(redis().pendingKey()).isEqualTo("p");
        assertThat(redis().processingKey()).isEqualTo("kafka-loom:x:processing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KAFKA_MESSAGE_STORAGE=REDIS | .env:1: KAFKA_MESSAGE_STORAGE: needs the Redis POOL_REDIS_0, and POOL_REDIS_0_HOST"
                        + " is not set; set it in .env",
                "KAFKA_STORAGE_REDIS=POOL_REDIS_3,KAFKA_MESSAGE_STORAGE=REDIS,POOL_REDIS_0_HOST=h | .env:1: KAFKA_STORAGE_REDIS:"
                        + " needs the Redis POOL_REDIS_3, and POOL_REDIS_3_HOST is not set; set it in .env",
                "POOL_REDIS_NUM=1,KAFKA_MESSAGE_STORAGE=REDIS,KAFKA_STORAGE_REDIS=POOL_REDIS_1,POOL_REDIS_1_HOST=h | .env:3:"
                        + " KAFKA_STORAGE_REDIS: POOL_REDIS_1 is not one of the pools, of which POOL_REDIS_NUM=1 counts 1 from"
                        + " POOL_REDIS_0 on",
                "KAFKA_MESSAGE_STORAGE=REDIS,POOL_REDIS_0_HOST=h,POOL_REDIS_0_MIN_IDLE=4 | .env:3: POOL_REDIS_0_MIN_IDLE:"
                        + " POOL_REDIS_0_MIN_IDLE 4, _MAX_IDLE 3, _MAX_NUMBER 5 must not fall",
                "KAFKA_MESSAGE_STORAGE=REDIS,POOL_REDIS_0_HOST=h,KAFKA_STORAGE_REDIS_PENDING_KEY=a,KAFKA_STORAGE_REDIS_PROCESSING_KEY=a"
                        + " | .env:3: KAFKA_STORAGE_REDIS_PENDING_KEY: KAFKA_STORAGE_REDIS_PENDING_KEY and"
                        + " KAFKA_STORAGE_REDIS_PROCESSING_KEY must be two different keys",
                "KAFKA_LOOM_SINKER_MAX_ATTEMPTS=3 | .env:1: KAFKA_LOOM_SINKER_MAX_ATTEMPTS: sinker.max.attempts: 3 needs a"
                        + " dead.letter.topic, where a record goes after so many tries",
                "KAFKA_LOOM_SINKER=http,KAFKA_LOOM_SINKER_SCRIPT=x.jsh | .env:2: KAFKA_LOOM_SINKER_SCRIPT: is given beside sinker,"
                        + " which names another sink; leave one of them out",
                "KAFKA_LOOM_DEAD_LETTER_TOPIC=kafka-loom | .env:1: KAFKA_LOOM_DEAD_LETTER_TOPIC: kafka-loom is consumed itself"
                        + " (topic.names, topic.pattern): what is rejected would come back for ever; name another topic",
                "KAFKA_LOOM_TOPIC_PATTERN=orders.*,KAFKA_LOOM_DEAD_LETTER_TOPIC=orders.dead | .env:2: KAFKA_LOOM_DEAD_LETTER_TOPIC:"
                        + " orders.dead is consumed itself (topic.names, topic.pattern): what is rejected would come back for"
                        + " ever; name another topic",
            })
    void whatDoesNotGoTogetherIsRefusedWhereItWasGiven(String lines, String message) throws IOException {
        Files.writeString(home.resolve(".env"), lines.replace(',', '\n'));
        assertThatThrownBy(this::load).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    @Test
    void settingsOfAStorageThatIsNotInUseAreCheckedAllTheSame() {
        flags.put("KAFKA_STORAGE_REDIS_LIMIT", "0");
        assertThatThrownBy(this::load)
                .hasMessageStartingWith("command line: KAFKA_STORAGE_REDIS_LIMIT: 0 is out of range");
    }
}
