package dev.kafkaloom.config;

import dev.kafkaloom.config.Given.Layer;
import dev.kafkaloom.config.Spec.Part;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.runtime.RuntimeConfig;
import dev.kafkaloom.runtime.SinkerConfig;
import dev.kafkaloom.storage.StorageConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The part of {@link Binding} that is about what becomes of the records: storage, sinkers, end. */
final class RuntimeBinding {
    private static final String STORAGE = "KAFKA_MESSAGE_STORAGE";
    private static final String POOL = "KAFKA_STORAGE_REDIS";

    private final Values values;
    private final Path home;

    RuntimeBinding(Values values, Path home) {
        this.values = values;
        this.home = home;
    }

    RuntimeConfig bind(ConsumerConfig consumer) {
        checkScript();
        checkDeadLetters(consumer);
        return new RuntimeConfig(
                consumer,
                MemberCount.parse(values.text("KAFKA_CLIENT_CONSUMER_NUM", Part.APP)),
                storage(consumer),
                sinkers(),
                values.millis("starvation.alarm.ms", Part.CONSUMER),
                values.millis("shutdown.timeout.ms", Part.CONSUMER),
                values.millis("storage.drain.timeout.ms", Part.CONSUMER));
    }

    private SinkerConfig sinkers() {
        String script = values.text("sinker.script", Part.CONSUMER);
        return new SinkerConfig(
                values.text("sinker", Part.CONSUMER),
                script.isEmpty() ? null : home.resolve(script).normalize(),
                values.options(),
                home,
                values.small("KAFKA_SINKER_PROCESS_NUM", Part.APP),
                values.small("KAFKA_MAX_FETCH_MESSAGE_NUM", Part.APP),
                values.small("sinker.max.attempts", Part.CONSUMER),
                values.millis("sink.retry.backoff.ms", Part.CONSUMER),
                values.millis("sink.retry.backoff.max.ms", Part.CONSUMER),
                values.number("sinker.rate.limit", Part.CONSUMER),
                values.text("dead.letter.topic", Part.CONSUMER));
    }

    private StorageConfig storage(ConsumerConfig consumer) {
        return switch (values.storage()) {
            case DIRECTLY -> new StorageConfig.Direct();
            case FILE ->
                new StorageConfig.File(
                        home.resolve(values.text("KAFKA_STORAGE_FILE_DIR", Part.APP))
                                .normalize(),
                        values.number("KAFKA_STORAGE_FILE_LIMIT", Part.APP),
                        values.number("KAFKA_STORAGE_FILE_LIMIT_RECORDS", Part.APP),
                        values.small("KAFKA_STORAGE_FILE_SEGMENT", Part.APP));
            case REDIS ->
                new StorageConfig.Redis(
                        pool(values.text(POOL, Part.APP)),
                        consumer.groupId(),
                        key("KAFKA_STORAGE_REDIS_PENDING_KEY", "pending"),
                        key("KAFKA_STORAGE_REDIS_PROCESSING_KEY", "processing"),
                        values.number("KAFKA_STORAGE_REDIS_LIMIT", Part.APP),
                        values.small("KAFKA_MAX_FETCH_MESSAGE_NUM", Part.APP),
                        values.millis("storage.lease.timeout.ms", Part.CONSUMER),
                        values.small("KAFKA_STORAGE_REDIS_WAIT", Part.APP));
        };
    }

    private StorageConfig.RedisServer pool(String name) {
        checkNumber(name);
        String host = values.text(name + "_HOST", Part.APP);
        if (host.isEmpty()) {
            throw error(Phrase.of("config.rule.pool-host", name), POOL, STORAGE);
        }
        int most = values.small(name + "_MAX_NUMBER", Part.APP);
        int idle = values.small(name + "_MAX_IDLE", Part.APP);
        return new StorageConfig.RedisServer(
                name,
                host,
                values.small(name + "_PORT", Part.APP),
                values.text(name + "_USER", Part.APP),
                values.text(name + "_AUTH", Part.APP),
                values.small(name + "_DB", Part.APP),
                values.flag(name + "_TLS", Part.APP),
                most,
                values.isGiven(name + "_MAX_IDLE", Part.APP) ? idle : Math.min(idle, most),
                values.small(name + "_MIN_IDLE", Part.APP));
    }

    /** Who counts the pools has to count the one that is used. */
    private void checkNumber(String name) {
        int index = Integer.parseInt(name.substring(name.lastIndexOf('_') + 1));
        if (values.isGiven("POOL_REDIS_NUM", Part.APP) && index >= values.small("POOL_REDIS_NUM", Part.APP)) {
            int number = values.small("POOL_REDIS_NUM", Part.APP);
            throw error(Phrase.of("config.rule.pool-number", name, number), POOL, "POOL_REDIS_NUM");
        }
    }

    /** What its keys begin with: as it was given, or below what both have in common. */
    private String key(String name, String last) {
        if (values.isGiven(name, Part.APP)) {
            return expanded(name);
        }
        if (values.isGiven("KAFKA_STORAGE_REDIS_KEY", Part.APP)) {
            return expanded("KAFKA_STORAGE_REDIS_KEY") + ":" + last;
        }
        return expanded("${APP_NAME}:${APP_ID}:${APP_MODE}:storage:redis:messages:" + last, false);
    }

    /** What .env holds is expanded already; what comes from elsewhere may name the program as well. */
    private String expanded(String name) {
        boolean done = values.source(name, Part.APP)
                .filter(given -> given.layer() == Layer.ENV_FILE)
                .isPresent();
        return expanded(values.text(name, Part.APP), done);
    }

    private String expanded(String text, boolean done) {
        String expanded = text;
        for (String name : done ? List.<String>of() : List.of("APP_NAME", "APP_ID", "APP_MODE")) {
            expanded = expanded.replace("${" + name + "}", values.text(name, Part.APP));
        }
        return expanded;
    }

    private void checkScript() {
        if (values.isGiven("sinker", Part.CONSUMER) && values.isGiven("sinker.script", Part.CONSUMER)) {
            throw error(Phrase.of("config.rule.script"), "sinker.script");
        }
    }

    /** A topic whose dead letters go to itself would never come to an end. */
    private void checkDeadLetters(ConsumerConfig consumer) {
        String topic = values.text("dead.letter.topic", Part.CONSUMER);
        boolean matched = consumer.topicPattern() != null
                && consumer.topicPattern().matcher(topic).matches();
        boolean read = matched || consumer.topics().contains(topic);
        if (!topic.isEmpty() && read) {
            throw error(Phrase.of("config.rule.dead-letters", topic), "dead.letter.topic");
        }
    }

    /** An error at the first of these that somebody gave. */
    private ConfigException error(Phrase what, String... names) {
        for (String name : names) {
            Optional<Given> given = KnownSettings.named(name)
                    .flatMap(spec -> values.source(name, spec.parts().iterator().next()));
            if (given.isPresent()) {
                return new ConfigException(given.get().where(), given.get().key(), what);
            }
        }
        return new ConfigException("configuration", names[0], what);
    }
}
