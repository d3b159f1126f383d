package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.CommitMode;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.consumer.assignor.Assignors;
import dev.kafkaloom.storage.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes from kafka-swoole brings its files along: what its README and its env.example give loads as it is. */
class KafkaSwooleFilesTest {
    @TempDir
    private Path home;

    @BeforeEach
    void yaml() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/common.yaml"), """
                kafka.version: 0.9.0.0
                metadata.broker.list: "mkafka1:9092,mkafka2:9092,mkafka3:9092,mkafka4:9092"
                topic.metadata.refresh.interval.ms: 60 * 10 * 1000
                group.id: "kafka-swoole"
                topic.names: "kafka-swoole"
                heartbeat.interval.ms: 10 * 1000
                group.keep.session.max.ms: 30 * 1000
                partition.assignment.strategy: "Range"
                auto.commit.interval.ms: 10 * 1000
                auto.offset.reset: largest
                fetch.max.bytes: 65536 * 10
                """);
        Files.writeString(home.resolve("config/producer.yaml"), """
                metadata.broker.list: "mkafka1:9092,mkafka2:9092,mkafka3:9092,mkafka4:9092"
                producer.type: sync
                message.send.max.retries: 3
                retry.backoff.ms: 100
                """);
    }

    private AppConfig load(String dotenv) throws IOException {
        Files.writeString(home.resolve(".env"), dotenv);
        return ConfigLoader.load(home, Map.of(), Map.of());
    }

    @Test
    void theYamlFilesMeanWhatTheyMeant() throws IOException {
        AppConfig config = load("");
        assertThat(config.client().bootstrap()).hasSize(4);
        assertThat(config.client().metadataMaxAge()).hasMinutes(10);
        assertThat(config.consumer().groupId()).isEqualTo("kafka-swoole");
        assertThat(config.consumer().topics()).containsExactly("kafka-swoole");
        assertThat(config.consumer().heartbeatInterval()).hasSeconds(10);
        assertThat(config.consumer().sessionTimeout()).hasSeconds(30);
        assertThat(config.consumer().assignors()).containsExactly(Assignors.named("range"));
        assertThat(config.consumer().autoCommitInterval()).hasSeconds(10);
        assertThat(config.consumer().autoOffsetReset()).isEqualTo(OffsetReset.LATEST);
        assertThat(config.consumer().fetchMaxBytes()).isEqualTo(655_360);
        assertThat(config.producer().linger()).isZero();
        assertThat(config.producer().retries()).isEqualTo(3);
        assertThat(config.producer().retryBackoff()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void theVariablesOfTheReadmeLoadAndWhatHasNoMeaningHereIsSaidOnce() throws IOException {
        AppConfig config = load("""
                APP_NAME=kafka-swoole
                APP_LANGUGE=en_US
                SERVER_IP=127.0.0.1
                SERVER_PORT=9501
                SERVER_REACTOR_NUM=1
                SERVER_WORKER_NUM=1
                SERVER_MAX_REQUEST=50
                KAFKA_CLIENT_CONSUMER_NUM=2
                KAFKA_CLIENT_API_MODE=LOW_LEVEL
                KAFKA_MESSAGE_STORAGE=REDIS
                KAFKA_SINKER_PROCESS_NUM=2
                KAFKA_STORAGE_REDIS=POOL_REDIS_0
                KAFKA_STORAGE_REDIS_KEY=${APP_NAME}:storage:redis:messages
                KAFKA_STORAGE_REDIS_LIMIT=40000
                POOL_REDIS_NUM=1
                POOL_REDIS_0_MAX_NUMBER=5
                POOL_REDIS_0_MAX_IDLE=3
                POOL_REDIS_0_MIN_IDLE=0
                POOL_REDIS_0_HOST=mredis
                POOL_REDIS_0_PORT=60379
                POOL_REDIS_0_AUTH=not-shown
                POOL_REDIS_0_DB=0
                """);
        assertThat(config.runtime().members()).isEqualTo(new MemberCount.Fixed(2));
        assertThat(config.runtime().sinkers().sinkers()).isEqualTo(2);
        assertThat(config.server().http()).isEqualTo(new HttpAddress("127.0.0.1", 9501, true));
        StorageConfig.Redis redis = (StorageConfig.Redis) config.runtime().storage();
        assertThat(redis.server())
                .isEqualTo(new StorageConfig.RedisServer(
                        "POOL_REDIS_0", "mredis", 60_379, "", "not-shown", 0, false, 5, 3, 0));
        assertThat(redis.pendingKey()).isEqualTo("kafka-swoole:storage:redis:messages:pending");
        assertThat(redis.processingKey()).isEqualTo("kafka-swoole:storage:redis:messages:processing");
        assertThat(redis.limitRecords()).isEqualTo(40_000);
        assertThat(config.warnings())
                .singleElement()
                .asString()
                .startsWith(".env:5: SERVER_REACTOR_NUM, SERVER_WORKER_NUM, SERVER_MAX_REQUEST have no effect:");
        assertThat(config.settings()).noneMatch(setting -> setting.value().contains("not-shown"));
    }

    @Test
    void theVariablesOfItsExampleFileLoad() throws IOException {
        AppConfig config = load("""
                APP_NAME=kafka-swoole
                APP_ID=0
                APP_LANGUGE=zh_CN
                APP_MODE=test
                SERVER_AF_UNIX_DIR=./tmp
                KAFKA_LOG_DIR=./logs
                KAFKA_LOG_LEVEL=DEBUG
                KAFKA_LOG_SDTOUT=true
                KAFKA_CLIENT_CONSUMER_NUM=1
                KAFKA_CLIENT_API_MODE=LOW LEVEL
                KAFKA_MESSAGE_STORAGE=REDIS
                KAFKA_MESSAGE_RELIABILITY=HIGH
                KAFKA_CUSTOM_PROCESS_NUM=1
                KAFKA_STORAGE_REDIS=POOL_REDIS_0
                KAFKA_STORAGE_REDIS_PENDING_KEY=${APP_NAME}:${APP_ID}:${APP_MODE}:storage:redis:messages:pending
                KAFKA_STORAGE_REDIS_PROCESSING_KEY=${APP_NAME}:${APP_ID}:${APP_MODE}:storage:redis:messages:processing
                KAFKA_STORAGE_REDIS_LIMIT=40000
                KAFKA_MAX_FETCH_MESSAGE_NUM=1
                POOL_REDIS_NUM=1
                POOL_REDIS_0_HOST=mredis
                POOL_REDIS_0_AUTH=
                """);
        assertThat(config.server().language()).isEqualTo(Locale.SIMPLIFIED_CHINESE);
        assertThat(config.server().unixDir()).isEqualTo(home.resolve("tmp"));
        assertThat(config.log().dir()).isEqualTo(home.resolve("logs"));
        assertThat(config.log().level()).isEqualTo("DEBUG");
        assertThat(config.log().terminal()).isTrue();
        assertThat(config.consumer().commitMode()).isEqualTo(CommitMode.EVERY_ADVANCE);
        StorageConfig.Redis redis = (StorageConfig.Redis) config.runtime().storage();
        assertThat(redis.pendingKey()).isEqualTo("kafka-swoole:0:test:storage:redis:messages:pending");
        assertThat(redis.chunkRecords()).isEqualTo(1);
        assertThat(redis.server().password()).isEmpty();
        assertThat(config.warnings()).isEmpty();
    }
}
