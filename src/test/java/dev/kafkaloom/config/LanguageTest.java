package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which language a configuration is found wanting. */
class LanguageTest {
    @TempDir
    private Path home;

    private void dotenv(String text) throws IOException {
        Files.writeString(home.resolve(".env"), text);
    }

    private Locale language() {
        return Language.of(home, Map.of(), Map.of());
    }

    @Test
    void aFlagWinsOverTheEnvironmentAndThatOverTheFile() throws IOException {
        assertThat(language()).isEqualTo(Locale.US);
        dotenv("APP_NAME=x\nAPP_LANGUGE=zh_CN # theirs\n");
        assertThat(language()).isEqualTo(Locale.SIMPLIFIED_CHINESE);
        assertThat(Language.of(home, Map.of("APP_LANGUAGE", "en"), Map.of())).isEqualTo(Locale.US);
        assertThat(Language.of(home, Map.of("APP_LANGUAGE", "en"), Map.of("APP_LANGUGE", "zh")))
                .isEqualTo(Locale.SIMPLIFIED_CHINESE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"APP_LANGUAGE='zh-cn'", "  APP_LANGUAGE = \"ZH_CN\"", "broken\nAPP_LANGUAGE=zh"})
    void theFileNeedNotBeInOrder(String text) throws IOException {
        dotenv(text);
        assertThat(language()).isEqualTo(Locale.SIMPLIFIED_CHINESE);
    }

    @Test
    void aLanguageThatIsNotKnownIsEnglish() throws IOException {
        dotenv("APP_LANGUAGE=tlh");
        assertThat(language()).isEqualTo(Locale.US);
        Files.write(home.resolve(".env"), "APP_NAME=ä".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(language()).isEqualTo(Locale.US);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auto.offset.rest: latest | config/common.yaml:1：auto.offset.rest：没有这个设置；是否想写 auto.offset.reset？",
                "fetch.max.bytes: 0 | config/common.yaml:1：fetch.max.bytes：0 超出范围；允许：1 到 2147483647 字节",
                "fetch.max.bytes: x | config/common.yaml:1：fetch.max.bytes：“x”不是整数，也不是 10 * 1000 这样的算式（停在第 1 列的“x”）",
                "leave.on.close: x | config/common.yaml:1：leave.on.close：不允许“x”；允许：auto、always、never",
                "heartbeat.interval.ms: 50000 | config/common.yaml:1：heartbeat.interval.ms：50000 毫秒必须短于 session.timeout.ms（45000"
                        + " 毫秒），通常取其三分之一",
            })
    void whatIsWrongIsSaidInTheLanguageThatWasAskedFor(String line, String message) throws IOException {
        dotenv("APP_LANGUGE=zh_CN");
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/common.yaml"), line);
        assertThatThrownBy(() -> ConfigLoader.load(home, Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void thePlaceIsSaidInItToo() {
        Map<String, String> chinese = Map.of("APP_LANGUAGE", "zh_CN");
        assertThatThrownBy(() -> ConfigLoader.load(home, chinese, Map.of("acks", "2")))
                .hasMessage("命令行：acks：不允许“2”；允许：all（或 -1）");
    }

    @Test
    void settingsAreExplainedInIt() {
        AppConfig config = ConfigLoader.load(home, Map.of("APP_LANGUAGE", "zh_CN"), Map.of());
        assertThat(config.settings())
                .filteredOn(each -> each.name().equals("SERVER_WORKER_NUM"))
                .singleElement()
                .satisfies(each -> assertThat(each.doc()).contains("不起作用：没有工作进程"));
    }
}
