package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.config.Spec.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From files, environment and flags to checked values; the records are bound in {@link ConfigLoaderTest}. */
class ValuesTest {
    @TempDir
    private Path home;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> flags = new LinkedHashMap<>();

    @BeforeEach
    void folder() throws IOException {
        Files.createDirectories(home.resolve("config"));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(home.resolve(file), text);
    }

    private Values load() {
        return ConfigLoader.values(home, environment, flags);
    }

    private AbstractThrowableAssert<?, ?> assertError() {
        return assertThatThrownBy(this::load)
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private void assertErrorOf(String file, String text, String message) throws IOException {
        write(file, text);
        assertError().hasMessage(message);
    }

    @Nested
    class Precedence {
        @Test
        void withoutAnyFileEverySettingHasItsDefault() throws IOException {
            Files.delete(home.resolve("config"));
            Values values = load();
            assertThat(values.list("bootstrap.servers", Part.CLIENT)).containsExactly("localhost:9092");
            assertThat(values.number("fetch.max.bytes", Part.CONSUMER)).isEqualTo(52_428_800);
            assertThat(values.settings(Messages.ENGLISH))
                    .hasSameSizeAs(KnownSettings.all())
                    .allMatch(s -> s.source().equals("default"));
        }

        @Test
        void eachSourceWinsOverTheOneBefore() throws IOException {
            write("config/common.yaml", "request.timeout.ms: 1");
            assertThat(load().number("request.timeout.ms", Part.PRODUCER)).isEqualTo(1);
            write("config/producer.yaml", "request.timeout.ms: 2");
            assertThat(load().number("request.timeout.ms", Part.PRODUCER)).isEqualTo(2);
            assertThat(load().number("request.timeout.ms", Part.CLIENT)).isEqualTo(1);
            write(".env", "KAFKA_LOOM_REQUEST_TIMEOUT_MS=3");
            assertThat(load().number("request.timeout.ms", Part.PRODUCER)).isEqualTo(3);
            environment.put("KAFKA_LOOM_REQUEST_TIMEOUT_MS", "4");
            assertThat(load().number("request.timeout.ms", Part.PRODUCER)).isEqualTo(4);
            flags.put("request.timeout.ms", "5");
            assertThat(load().number("request.timeout.ms", Part.PRODUCER)).isEqualTo(5);
            assertThat(load().number("request.timeout.ms", Part.CLIENT)).isEqualTo(5);
        }

        @Test
        void theRealEnvironmentWinsOverEnvAlsoInsideOfItsReferences() throws IOException {
            write(".env", "APP_NAME=from-file\nKAFKA_STORAGE_REDIS_PENDING_KEY=${APP_NAME}:pending");
            environment.put("APP_NAME", "from-environment");
            assertThat(load().text("APP_NAME", Part.APP)).isEqualTo("from-environment");
            assertThat(load().text("KAFKA_STORAGE_REDIS_PENDING_KEY", Part.APP)).isEqualTo("from-environment:pending");
        }

        @Test
        void anEmptyVariableIsNotSet() throws IOException {
            write(".env", "APP_NAME=\nPOOL_REDIS_0_AUTH=");
            environment.put("APP_ID", "");
            assertThat(load().text("APP_NAME", Part.APP)).isEqualTo("kafka-loom");
            assertThat(load().text("APP_ID", Part.APP)).isEqualTo("0");
        }

        @Test
        void aPartsFileMayRepeatTheClusterButNotContradictIt() throws IOException {
            write("config/common.yaml", "metadata.broker.list: a:1");
            write("config/producer.yaml", "# x\nbootstrap.servers: a:1");
            assertThat(load().list("bootstrap.servers", Part.CLIENT)).containsExactly("a:1");
            assertErrorOf(
                    "config/producer.yaml",
                    "\nbootstrap.servers: b:1",
                    "config/producer.yaml:2: bootstrap.servers: "
                            + "is one for the whole program and differs from metadata.broker.list at config/common.yaml:1");
        }
    }

    @Nested
    class Reading {
        @ParameterizedTest
        @CsvSource({
            "session.timeout.ms, group.keep.session.max.ms, 9 * 1000",
                    "metadata.max.age.ms, topic.metadata.refresh.interval.ms, 60 * 10 * 1000",
            "retries, message.send.max.retries, 3", "bootstrap.servers, metadata.broker.list, 'a:1,b:2'",
            "auto.offset.reset, auto.offset.reset, smallest"
        })
        void kafkaSwoolesNamesAreTheSameSettings(String name, String alias, String value) throws IOException {
            flags.put(name, value);
            Values byName = load();
            flags.clear();
            write("config/common.yaml", alias + ": \"" + value + "\"");
            Part part =
                    KnownSettings.named(name).orElseThrow().parts().iterator().next();
            assertThat(load().text(name, part))
                    .isEqualTo(byName.text(name, part))
                    .isNotEmpty();
        }

        @Test
        void aListMayBeAYamlList() throws IOException {
            write(
                    "config/common.yaml",
                    "topic.names:\n  - orders\n  - payments\nbootstrap.servers: [a:1, \"[::1]:2\"]");
            assertThat(load().list("topic.names", Part.CONSUMER)).containsExactly("orders", "payments");
            assertThat(load().list("bootstrap.servers", Part.CLIENT)).containsExactly("a:1", "[::1]:2");
        }

        @Test
        void dotenvKnowsQuotesCommentsAndNamesOfTheUsersOwn() throws IOException {
            write(".env", "# comment\nTEAM=blue # theirs\nAPP_ID=\"${TEAM}-1\"\nPOOL_REDIS_0_AUTH='a#${b}'\n");
            assertThat(load().text("APP_ID", Part.APP)).isEqualTo("blue-1");
            assertThat(load().text("POOL_REDIS_0_AUTH", Part.APP)).isEqualTo("a#${b}");
        }

        @Test
        void aReferenceToASettingThatNobodyGaveIsItsDefault() throws IOException {
            write(".env", "KAFKA_STORAGE_REDIS_PENDING_KEY=${APP_NAME}:${APP_ID}");
            assertThat(load().text("KAFKA_STORAGE_REDIS_PENDING_KEY", Part.APP)).isEqualTo("kafka-loom:0");
        }

        @ParameterizedTest
        @ValueSource(strings = {"HIGH_LEVEL", "HIGH LEVEL", "high-level", "high_level"})
        void wordsAreTakenInEverySpelling(String word) {
            environment.put("KAFKA_CLIENT_API_MODE", word);
            assertThat(load().text("KAFKA_CLIENT_API_MODE", Part.APP)).isEqualTo("HIGH_LEVEL");
        }
    }

    @Nested
    class Errors {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "auto.offset.rest: latest | is no known setting; did you mean auto.offset.reset?",
                    "zzz: 1 | is no known setting",
                    "auto.offset.reset: lates | 'lates' is not allowed; allowed: earliest (or smallest),"
                            + " latest (or largest), none, by_duration:P1DT2H (ISO 8601); did you mean latest?",
                    "fetch.max.bytes: 0 | 0 is out of range; allowed: 1 to 2147483647 bytes",
                    "fetch.max.bytes: 65536 * 65536 | 65536 * 65536 = 4294967296 is out of range; allowed: 1"
                            + " to 2147483647 bytes",
                    "fetch.max.bytes: 1.5 | '1.5' is not a whole number or an expression such as 10 * 1000"
                            + " (stopped at '.' at column 2)",
                    "fetch.max.bytes: | has no value; allowed: 1 to 2147483647 bytes",
                    "group.id: {a: b} | must be one value, not a map; names are written in one piece, as in"
                            + " 'group.id: orders'",
                    "topic.names: 'a,,b' | 'a,,b' has an empty element; allowed: a comma-separated list,"
                            + " each: up to 249 of a-z A-Z 0-9 . _ -",
                    "topic.names: [a, a] | a is named twice",
                    "check.crcs: maybe | 'maybe' is not allowed; allowed: true, false",
                    "kafka.version: new | 'new' is not allowed; allowed: auto, or a release from 0.9.0.0 on,"
                            + " such as 4.3.1",
                    "kafka.version: 0.8.2 | '0.8.2' is not allowed; allowed: auto, or a release from 0.9.0.0"
                            + " on, such as 4.3.1",
                    "partition.assignment.strategy: [Range, Strange] | 'Strange' is not allowed; allowed: Range (or"
                            + " org.apache.kafka.clients.consumer.RangeAssignor), RoundRobin (or"
                            + " org.apache.kafka.clients.consumer.RoundRobinAssignor), Sticky (or"
                            + " org.apache.kafka.clients.consumer.StickyAssignor), cooperative-sticky (or"
                            + " CooperativeSticky, org.apache.kafka.clients.consumer.CooperativeStickyAssignor); did you"
                            + " mean Range?",
                    "partition.assignment.strategy: [Range, range] | Range is named twice",
                    "auto.offset.reset: by_duration:1h | 'by_duration:1h' has no duration as in by_duration:PT1H30M"
                            + " or by_duration:P7D",
                    "topic.pattern: 'a[' | 'a[' is no regular expression: Unclosed character class at column 2",
                    "leave.on.close: perhaps | 'perhaps' is not allowed; allowed: auto, always, never",
                    "group.instance.id: a b | 'a b' is not allowed; allowed: up to 240 of a-z A-Z 0-9 . _ -",
                    "security.protocol: SASL_SSL | SASL_SSL is not built yet; built: PLAINTEXT",
                    "acks: 1 | 1 is not built yet; built: all (or -1)",
                    "enable.idempotence: true | true is not built yet; built: false",
                    "sasl.mechanism: PLAIN | SASL is not built yet (security.protocol: PLAINTEXT only)",
                    "ssl.truststore.location: x | TLS is not built yet (security.protocol: PLAINTEXT only)",
                    "KAFKA_MESSAGE_STORAGE: FILE | belongs in .env or the environment",
                    "group.id: !orders x | tags such as !orders are not allowed",
                })
        void nameFileLineKeyAndWhatIsAllowed(String line, String what) throws IOException {
            assertErrorOf(
                    "config/common.yaml",
                    "# first\n\n" + line + "\n",
                    "config/common.yaml:3: " + line.substring(0, line.indexOf(':')) + ": " + what);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "KAFKA_MESSAGE_STORAGE=MEMORY | KAFKA_MESSAGE_STORAGE: 'MEMORY' is not allowed; allowed: DIRECTLY, FILE, REDIS",
                    "KAFKA_STORAGE_REDIS=mredis | KAFKA_STORAGE_REDIS: 'mredis' is not allowed; allowed: POOL_REDIS_ and a number",
                    "SERVER_PORT=70000 | SERVER_PORT: 70000 is out of range; allowed: 0 to 65535, or none",
                    "KAFKA_CLIENT_CONSUMER_NUM=0 | KAFKA_CLIENT_CONSUMER_NUM: 0 is out of range; allowed: 1"
                            + " to 10000, or auto",
                    "KAFKA_CLIENT_CONSUMER_NUM=many | KAFKA_CLIENT_CONSUMER_NUM: 'many' is not allowed;"
                            + " allowed: 1 to 10000, or auto",
                    "KAFKA_CLIENT_CONSUMR_NUM=1 | KAFKA_CLIENT_CONSUMR_NUM: is no known setting; did you mean"
                            + " KAFKA_CLIENT_CONSUMER_NUM?",
                    "POOL_REDIS_0_PORT=x | POOL_REDIS_0_PORT: 'x' is not a whole number or an expression such"
                            + " as 10 * 1000 (stopped at 'x' at column 1)",
                    "group.id=x | group.id: belongs in config/common.yaml",
                    "APP_ID=${NOWHERE} | APP_ID: ${NOWHERE} is set neither here nor in the environment",
                    "APP_MODE=test | APP_MODE: is given twice, first at .env:2",
                    "just words | must be NAME=value or a comment that begins with #",
                })
        void ofDotenvNameItsLine(String line, String what) throws IOException {
            assertErrorOf(".env", "# first\nAPP_MODE=test\n" + line + "\n", ".env:3: " + what);
        }

        @Test
        void aCircleOfReferencesIsRefused() throws IOException {
            assertErrorOf(
                    ".env", "APP_MODE=${APP_ID}\nAPP_ID=${APP_MODE}", ".env:2: APP_ID: ${APP_MODE} refers to itself");
        }

        @Test
        void aTagThatNamesAClassIsRefused() throws IOException {
            write("config/common.yaml", "\ngroup.id: !!javax.script.ScriptEngineManager [x]");
            assertError().hasMessageStartingWith("config/common.yaml:2: bad YAML: Global tag is not allowed");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "'a: [1' | config/common.yaml:2: bad YAML: while parsing a flow sequence, expected ',' or"
                            + " ']', but got <stream end>",
                    "'a: b: c' | config/common.yaml:2: bad YAML: mapping values are not allowed here",
                    "'\t- x' | config/common.yaml:2: bad YAML: while scanning for the next token, found"
                            + " character '\\t(TAB)'",
                    "'- x' | config/common.yaml:2: must be lines of 'name: value'",
                    "'? [a]' | config/common.yaml:2: a name must be a word, not a list or a map",
                })
        void ofYamlsSyntaxNameTheLine(String line, String message) throws IOException {
            write("config/common.yaml", "# first\n" + line);
            assertError().hasMessageStartingWith(message);
        }

        @Test
        void aSecondDocumentIsRefused() throws IOException {
            write("config/common.yaml", "group.id: a\n---\ngroup.id: b\n");
            assertError().hasMessageStartingWith("config/common.yaml:2: bad YAML: ");
        }

        @Test
        void aSettingGivenTwiceIsRefusedUnderWhateverName() throws IOException {
            assertErrorOf(
                    "config/common.yaml",
                    "group.id: a\n\ngroup.id: b\n",
                    "config/common.yaml:3: group.id: is given twice, first at config/common.yaml:1");
            assertErrorOf(
                    "config/common.yaml",
                    "session.timeout.ms: 1\ngroup.keep.session.max.ms: 2\n",
                    "config/common.yaml:2: group.keep.session.max.ms: is the same setting as session.timeout.ms at config/common.yaml:1");
        }

        @Test
        void aSettingInTheWrongFileIsRefused() throws IOException {
            assertErrorOf(
                    "config/producer.yaml",
                    "fetch.max.bytes: 1",
                    "config/producer.yaml:1: fetch.max.bytes: is no setting of this file; put it in config/common.yaml");
        }

        @Test
        void ofTheEnvironmentAndOfFlagsNameThose() {
            environment.put("KAFKA_LOOM_GROPU_ID", "x");
            assertError()
                    .hasMessage(
                            "environment: KAFKA_LOOM_GROPU_ID: is no known setting; did you mean KAFKA_LOOM_GROUP_ID?");
            environment.clear();
            flags.put("acks", "0");
            assertError().hasMessage("command line: acks: 0 is not built yet; built: all (or -1)");
            flags.clear();
            flags.put("nonsense", "0");
            assertError().hasMessage("command line: nonsense: is no known setting");
        }

        @Test
        void otherProgramsVariablesAreLeftAlone() {
            environment.putAll(Map.of(
                    "KAFKA_HOME", "/x", "KAFKA_OPTS", "y", "KAFKA_LOOM_OPTS", "-Xmx1g", "KAFKA_LOOM_CLASSPATH", "z"));
            assertThat(load().settings(Messages.ENGLISH))
                    .allMatch(s -> s.source().equals("default"));
        }

        @Test
        void ofAFileThatIsNoTextNameIt() throws IOException {
            Files.write(home.resolve("config/common.yaml"), "group.id: ä".getBytes(StandardCharsets.ISO_8859_1));
            assertError().hasMessage("config/common.yaml: is not UTF-8 text");
        }
    }

    @Nested
    class Shown {
        @Test
        void everySettingWithItsValueAndSource() throws IOException {
            write("config/common.yaml", "\nfetch.max.bytes: 10 * 3");
            write(".env", "POOL_REDIS_0_AUTH=secret\nPOOL_REDIS_0_HOST=h");
            environment.put("APP_NAME", "seven");
            flags.put("metadata.broker.list", "a:1,b:2");
            assertThat(load().settings(Messages.ENGLISH))
                    .contains(
                            new Setting("fetch.max.bytes", "30", "config/common.yaml:2", "most bytes of one fetch"),
                            new Setting("APP_NAME", "seven", "environment", "name of the program"),
                            new Setting(
                                    "bootstrap.servers", "a:1,b:2", "command line", "brokers to find the cluster by"),
                            new Setting("batch.size", "16384", "default", "bytes of a batch"));
            assertThat(load().settings(Messages.ENGLISH))
                    .filteredOn(s -> s.name().startsWith("POOL_REDIS_0"))
                    .extracting(Setting::value)
                    .containsExactly("***", "h");
        }

        @Test
        void aPartsOwnValueBesideTheGeneralOne() throws IOException {
            write("config/producer.yaml", "retry.backoff.ms: 7");
            assertThat(load().settings(Messages.ENGLISH))
                    .filteredOn(s -> s.name().startsWith("retry.backoff.ms"))
                    .extracting(Setting::name, Setting::value)
                    .map(Object::toString)
                    .containsExactly("(\"retry.backoff.ms\", \"100\")", "(\"retry.backoff.ms (producer)\", \"7\")");
        }
    }
}
