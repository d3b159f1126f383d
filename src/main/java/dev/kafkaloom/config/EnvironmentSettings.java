package dev.kafkaloom.config;

import dev.kafkaloom.config.Kind.AutoOr;
import dev.kafkaloom.config.Kind.Choice;
import dev.kafkaloom.config.Kind.Flag;
import dev.kafkaloom.config.Kind.NoneOr;
import dev.kafkaloom.config.Kind.Option;
import dev.kafkaloom.config.Kind.Text;
import dev.kafkaloom.config.Kind.Whole;
import dev.kafkaloom.config.Spec.Part;
import dev.kafkaloom.storage.StorageKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of .env and the environment, and those of a Redis pool, which carry a number in their names. */
final class EnvironmentSettings {
    private static final Kind COUNT = new Whole(1, Integer.MAX_VALUE, "");
    private static final String NO_WORKERS = "there are no worker processes, virtual threads do the work";

    static final List<Spec> ALL = Stream.of(program(), consumer(), storage(), log())
            .flatMap(List::stream)
            .toList();

    private static final Pattern POOL_NAME = Pattern.compile("POOL_REDIS_[0-9]{1,4}_([A-Z_]+)");
    private static final Map<String, Spec> POOL = poolSettings();

    private EnvironmentSettings() {}

    private static List<Spec> program() {
        return List.of(
                app(
                        "APP_NAME",
                        new Text(Pattern.compile("[A-Za-z0-9._-]+"), Phrase.of("config.allowed.word")),
                        "kafka-loom",
                        "name of the program"),
                app("APP_ID", Text.ANY, "0", "part of the names under which data is stored")
                        .with(StorageKind.REDIS),
                app(
                                "APP_LANGUAGE",
                                Choice.of(Option.of("en_US", "en"), Option.of("zh_CN", "zh")),
                                "en_US",
                                "language of the messages that are translated")
                        .aka("APP_LANGUGE"),
                app("APP_MODE", Choice.of("prod", "test"), "test", "part of the names under which data is stored")
                        .with(StorageKind.REDIS),
                app("SERVER_AF_UNIX_DIR", Text.ANY, "./runtime", "folder of the daemon's socket and files"),
                app("SERVER_IP", Text.ANY, "127.0.0.1", "where a daemon serves /metrics and /health over HTTP"),
                app(
                        "SERVER_PORT",
                        new NoneOr(new Whole(0, 65_535, "")),
                        "9501",
                        "port of /metrics and /health; 0: any free one; empty or none: they are not served"),
                app("SERVER_REACTOR_NUM", COUNT, "", "reactor threads of kafka-swoole's rpc server")
                        .idle(NO_WORKERS),
                app("SERVER_WORKER_NUM", COUNT, "", "worker processes of kafka-swoole's rpc server")
                        .idle(NO_WORKERS),
                app("SERVER_MAX_REQUEST", COUNT, "", "requests per worker of kafka-swoole's rpc server")
                        .idle(NO_WORKERS));
    }

    private static List<Spec> consumer() {
        return List.of(
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
                        Choice.of("DIRECTLY", "FILE", "REDIS"),
                        "DIRECTLY",
                        "where records wait for their sinker: nowhere, in files of this machine, in a Redis"),
                app(
                        "KAFKA_MESSAGE_RELIABILITY",
                        Choice.of("LOW", "HIGH"),
                        "LOW",
                        "LOW commits when all that was fetched at once is done, HIGH whenever more is done"),
                app(
                                "KAFKA_SINKER_PROCESS_NUM",
                                new Whole(1, 10_000, ""),
                                "1",
                                "sinkers that take records from the storage")
                        .aka("KAFKA_CUSTOM_PROCESS_NUM")
                        .with(StorageKind.FILE, StorageKind.REDIS)
                        .otherwise("with KAFKA_MESSAGE_STORAGE=DIRECTLY each partition calls the sink itself"),
                app(
                                "KAFKA_MAX_FETCH_MESSAGE_NUM",
                                new Whole(1, 1_000_000, ""),
                                "500",
                                "records a sinker takes at once from the storage")
                        .with(StorageKind.FILE, StorageKind.REDIS)
                        .otherwise("with KAFKA_MESSAGE_STORAGE=DIRECTLY the sink gets up to max.poll.records"));
    }

    private static List<Spec> storage() {
        return List.of(
                app("KAFKA_STORAGE_FILE_DIR", Text.ANY, "./runtime/storage", "folder of the stored records")
                        .with(StorageKind.FILE),
                app(
                                "KAFKA_STORAGE_FILE_LIMIT",
                                YamlSettings.MANY_BYTES,
                                "1073741824",
                                "most bytes that stored records may take; then fetching waits")
                        .with(StorageKind.FILE),
                app(
                                "KAFKA_STORAGE_FILE_LIMIT_RECORDS",
                                new Whole(1, Long.MAX_VALUE, ""),
                                "10000000",
                                "most records that may be stored")
                        .with(StorageKind.FILE),
                app(
                                "KAFKA_STORAGE_FILE_SEGMENT",
                                new Whole(65_536, 1 << 30, "bytes"),
                                "67108864",
                                "size at which a file of records is ended; whole files are deleted")
                        .with(StorageKind.FILE),
                app(
                                "KAFKA_STORAGE_REDIS",
                                new Text(Pattern.compile("POOL_REDIS_[0-9]{1,4}"), Phrase.of("config.allowed.pool")),
                                "POOL_REDIS_0",
                                "which Redis holds the records: one of the pools")
                        .with(StorageKind.REDIS),
                app(
                                "KAFKA_STORAGE_REDIS_KEY",
                                Text.ANY,
                                "",
                                "what the keys of the next two begin with that are not given;"
                                        + " APP_NAME:APP_ID:APP_MODE:storage:redis:messages when this one is not, either")
                        .with(StorageKind.REDIS),
                app("KAFKA_STORAGE_REDIS_PENDING_KEY", Text.ANY, "", "what keys of waiting records begin with")
                        .with(StorageKind.REDIS),
                app("KAFKA_STORAGE_REDIS_PROCESSING_KEY", Text.ANY, "", "what keys of records in work begin with")
                        .with(StorageKind.REDIS),
                app(
                                "KAFKA_STORAGE_REDIS_LIMIT",
                                new Whole(1, Long.MAX_VALUE, ""),
                                "40000",
                                "most records that may wait or be in work, over all daemons; then fetching waits")
                        .with(StorageKind.REDIS),
                app(
                                "KAFKA_STORAGE_REDIS_WAIT",
                                new Whole(0, 100, ""),
                                "0",
                                "replicas that must have a record before its offset may be committed")
                        .with(StorageKind.REDIS),
                app("POOL_REDIS_NUM", new Whole(0, 1000, ""), "", "number of Redis pools, counted from POOL_REDIS_0")
                        .with(StorageKind.REDIS));
    }

    private static List<Spec> log() {
        return List.of(
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
                app(
                        "KAFKA_LOG_MAX_SIZE",
                        new Whole(0, Long.MAX_VALUE, "bytes"),
                        "104857600",
                        "size at which a log file is put aside and a new one begun, as at each new day; 0: whatever its size"),
                app(
                        "KAFKA_LOG_MAX_FILES",
                        new Whole(1, 10_000, ""),
                        "10",
                        "most files put aside of each log; the oldest are deleted"));
    }

    private static Spec app(String name, Kind kind, String fallback, String doc) {
        return Spec.of(name, kind, fallback, doc, Part.APP);
    }

    private static Map<String, Spec> poolSettings() {
        List<Spec> specs = List.of(
                app("HOST", Text.ANY, "", "host"),
                app("PORT", new Whole(1, 65_535, ""), "6379", "port"),
                app("USER", Text.ANY, "", "user, where there are any"),
                app("AUTH", Text.ANY, "", "password").secretly(),
                app("DB", new Whole(0, 10_000, ""), "0", "database number"),
                app("TLS", Flag.ANY, "false", "whether the connection is encrypted"),
                app("MAX_NUMBER", new Whole(1, 10_000, ""), "5", "most connections"),
                app(
                        "MAX_IDLE",
                        new Whole(0, 10_000, ""),
                        "3",
                        "most idle connections; without effect, the few that are used stay open"),
                app("MIN_IDLE", new Whole(0, 10_000, ""), "0", "connections kept open; without effect, as all are"));
        return specs.stream()
                .map(spec -> spec.with(StorageKind.REDIS))
                .collect(Collectors.toUnmodifiableMap(Spec::name, Function.identity()));
    }

    /** The setting of a pool that a variable gives. */
    static Optional<Spec> pool(String name) {
        Matcher match = POOL_NAME.matcher(name);
        Spec spec = match.matches() ? POOL.get(match.group(1)) : null;
        return Optional.ofNullable(spec).map(found -> found.named(name, "Redis pool: " + found.doc()));
    }
}
