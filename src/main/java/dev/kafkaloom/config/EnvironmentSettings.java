package dev.kafkaloom.config;

import dev.kafkaloom.config.Kind.AutoOr;
import dev.kafkaloom.config.Kind.Choice;
import dev.kafkaloom.config.Kind.Flag;
import dev.kafkaloom.config.Kind.Option;
import dev.kafkaloom.config.Kind.Text;
import dev.kafkaloom.config.Kind.Whole;
import dev.kafkaloom.config.Spec.Part;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The settings of .env and the environment, and those of a Redis pool, which carry a number in their names. */
final class EnvironmentSettings {
    private static final Kind COUNT = new Whole(1, Integer.MAX_VALUE, "");
    private static final String NO_SERVER = "rpc runs over a Unix socket, see SERVER_AF_UNIX_DIR";
    /** Why the settings of other storages have no effect yet. */
    static final String DIRECT_ONLY = "only KAFKA_MESSAGE_STORAGE=DIRECTLY is built";

    static final List<Spec> ALL = List.of(
            app(
                    "APP_NAME",
                    new Text(Pattern.compile("[A-Za-z0-9._-]+"), "a-z A-Z 0-9 . _ -"),
                    "kafka-loom",
                    "name of the program"),
            app("APP_ID", Text.ANY, "0", "part of the names under which data is stored")
                    .idle(DIRECT_ONLY),
            app(
                            "APP_LANGUAGE",
                            Choice.of(Option.of("en_US", "en"), Option.of("zh_CN", "zh")),
                            "en_US",
                            "language of the messages that are translated")
                    .aka("APP_LANGUGE"),
            app("APP_MODE", Choice.of("prod", "test"), "test", "part of the names under which data is stored")
                    .idle(DIRECT_ONLY),
            app("SERVER_AF_UNIX_DIR", Text.ANY, "./runtime", "folder of the daemon's socket and files"),
            app("SERVER_IP", Text.ANY, "", "address of kafka-swoole's rpc server")
                    .idle(NO_SERVER),
            app("SERVER_PORT", new Whole(0, 65_535, ""), "", "port of kafka-swoole's rpc server")
                    .idle(NO_SERVER),
            app("SERVER_REACTOR_NUM", COUNT, "", "reactor threads of kafka-swoole's rpc server")
                    .idle(NO_SERVER),
            app("SERVER_WORKER_NUM", COUNT, "", "worker processes of kafka-swoole's rpc server")
                    .idle(NO_SERVER),
            app("SERVER_MAX_REQUEST", COUNT, "", "requests per worker of kafka-swoole's rpc server")
                    .idle(NO_SERVER),
            app(
                    "KAFKA_CLIENT_CONSUMER_NUM",
                    new AutoOr(new Whole(1, 10_000, "")),
                    "1",
                    "members of the group in this process, at most the topics' partitions; auto follows those"),
            app(
                    "KAFKA_CLIENT_API_MODE",
                    Choice.of("LOW_LEVEL", "HIGH_LEVEL"),
                    "LOW_LEVEL",
                    "HIGH_LEVEL commits every auto.commit.interval.ms, LOW_LEVEL as KAFKA_MESSAGE_RELIABILITY says"),
            app(
                    "KAFKA_MESSAGE_STORAGE",
                    Choice.of(Option.of("DIRECTLY"), Option.notBuilt("FILE"), Option.notBuilt("REDIS")),
                    "DIRECTLY",
                    "where records wait for their sinker"),
            app(
                    "KAFKA_MESSAGE_RELIABILITY",
                    Choice.of("LOW", "HIGH"),
                    "LOW",
                    "LOW commits when all that was fetched at once is done, HIGH whenever more is done"),
            app("KAFKA_SINKER_PROCESS_NUM", COUNT, "1", "sinkers that take records from the storage")
                    .idle("with DIRECTLY each partition calls the sink itself"),
            app("KAFKA_MAX_FETCH_MESSAGE_NUM", COUNT, "1", "records a sinker takes at once from the storage")
                    .idle("with DIRECTLY the sink gets up to max.poll.records"),
            app("KAFKA_STORAGE_REDIS", Text.ANY, "POOL_REDIS_0", "which Redis holds the records")
                    .idle(DIRECT_ONLY),
            app("KAFKA_STORAGE_REDIS_PENDING_KEY", Text.ANY, "", "key of the waiting records")
                    .aka("KAFKA_STORAGE_REDIS_KEY")
                    .idle(DIRECT_ONLY),
            app("KAFKA_STORAGE_REDIS_PROCESSING_KEY", Text.ANY, "", "key of the records in work")
                    .idle(DIRECT_ONLY),
            app("KAFKA_STORAGE_REDIS_LIMIT", COUNT, "40000", "most records that may wait")
                    .idle(DIRECT_ONLY),
            app("KAFKA_LOG_DIR", Text.ANY, "./runtime/logs", "folder of the logs"),
            app(
                    "KAFKA_LOG_LEVEL",
                    Choice.of(
                            Option.of("TRACE"),
                            Option.of("DEBUG"),
                            Option.of("INFO", "NOTICE"),
                            Option.of("WARN", "WARNING"),
                            Option.of("ERROR", "CRITICAL", "ALERT", "EMERGENCY"),
                            Option.of("OFF")),
                    "INFO",
                    "least level that is logged"),
            app(
                            "KAFKA_LOG_STDOUT",
                            Flag.ANY,
                            "false",
                            "log to the terminal as well; it is standard error, results own standard output")
                    .aka("KAFKA_LOG_SDTOUT"),
            app("POOL_REDIS_NUM", new Whole(0, 1000, ""), "0", "number of Redis pools, counted from POOL_REDIS_0")
                    .idle(DIRECT_ONLY));

    private static final Pattern POOL_NAME = Pattern.compile("POOL_REDIS_[0-9]{1,4}_([A-Z_]+)");
    private static final Map<String, Spec> POOL = poolSettings();

    private EnvironmentSettings() {}

    private static Spec app(String name, Kind kind, String fallback, String doc) {
        return Spec.of(name, kind, fallback, doc, Part.APP);
    }

    private static Map<String, Spec> poolSettings() {
        List<Spec> specs = List.of(
                app("MAX_NUMBER", COUNT, "", "most connections"),
                app("MAX_IDLE", new Whole(0, 10_000, ""), "", "most idle connections"),
                app("MIN_IDLE", new Whole(0, 10_000, ""), "", "connections kept open"),
                app("HOST", Text.ANY, "", "host"),
                app("PORT", new Whole(1, 65_535, ""), "", "port"),
                app("AUTH", Text.ANY, "", "password").secretly(),
                app("DB", new Whole(0, 10_000, ""), "", "database number"));
        return specs.stream().collect(Collectors.toUnmodifiableMap(Spec::name, Function.identity()));
    }

    /** The setting of a pool that a variable gives. */
    static Optional<Spec> pool(String name) {
        Matcher match = POOL_NAME.matcher(name);
        Spec spec = match.matches() ? POOL.get(match.group(1)) : null;
        if (spec == null) {
            return Optional.empty();
        }
        return Optional.of(new Spec(
                name,
                List.of(),
                spec.kind(),
                spec.fallback(),
                "Redis pool: " + spec.doc(),
                spec.parts(),
                spec.secret(),
                DIRECT_ONLY));
    }
}
