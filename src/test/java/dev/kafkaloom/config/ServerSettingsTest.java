package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From settings to the daemon's places: folders, logs, HTTP; and what is said of settings that change nothing. */
class ServerSettingsTest {
    @TempDir
    private Path home;

    private final Map<String, String> flags = new LinkedHashMap<>();

    private AppConfig load() {
        return ConfigLoader.load(home, Map.of(), flags);
    }

    @Test
    void foldersAreRelativeToTheProject() {
        flags.put("SERVER_AF_UNIX_DIR", "./tmp/x");
        flags.put("KAFKA_LOG_DIR", "/var/log/loom");
        flags.put("KAFKA_LOG_LEVEL", "NOTICE");
        flags.put("KAFKA_LOG_SDTOUT", "true");
        assertThat(load().server().unixDir()).isEqualTo(home.resolve("tmp/x"));
        assertThat(load().log()).isEqualTo(new LogConfig(Path.of("/var/log/loom"), "INFO", true, 100 << 20, 10));
    }

    @Test
    void whatHasNoEffectIsSaidInTheUsersLanguage() {
        flags.put("SERVER_WORKER_NUM", "2");
        assertThat(load().warnings())
                .containsExactly("command line: SERVER_WORKER_NUM has no effect: there are no worker processes,"
                        + " virtual threads do the work");
        flags.put("APP_LANGUGE", "zh_CN");
        assertThat(load().warnings()).singleElement().asString().startsWith("命令行：SERVER_WORKER_NUM 不起作用：没有工作进程");
    }

    @Test
    void whatHasNoEffectForOneReasonIsSaidOnce() {
        flags.put("SERVER_REACTOR_NUM", "1");
        flags.put("SERVER_WORKER_NUM", "1");
        flags.put("SERVER_MAX_REQUEST", "50");
        flags.put("KAFKA_SINKER_PROCESS_NUM", "3");
        assertThat(load().warnings())
                .containsExactly(
                        "command line: SERVER_REACTOR_NUM, SERVER_WORKER_NUM, SERVER_MAX_REQUEST have no effect:"
                                + " there are no worker processes, virtual threads do the work",
                        "command line: KAFKA_SINKER_PROCESS_NUM has no effect: with KAFKA_MESSAGE_STORAGE=DIRECTLY"
                                + " each partition calls the sink itself");
        flags.put("KAFKA_MESSAGE_STORAGE", "FILE");
        assertThat(load().warnings()).hasSize(1);
    }

    @Test
    void logFilesArePutAsideAsSet() {
        flags.put("KAFKA_LOG_MAX_SIZE", "10 * 1024");
        flags.put("KAFKA_LOG_MAX_FILES", "3");
        assertThat(load().log().maxSize()).isEqualTo(10_240);
        assertThat(load().log().maxFiles()).isEqualTo(3);
    }

    @Test
    void httpIsServedOnThisMachineUnlessToldOtherwise() throws IOException {
        assertThat(load().server().http()).isEqualTo(new HttpAddress("127.0.0.1", 9501, false));
        flags.put("SERVER_PORT", "0");
        flags.put("SERVER_IP", "::1");
        assertThat(load().server().http()).isEqualTo(new HttpAddress("::1", 0, true));
        flags.clear();
        Files.writeString(home.resolve(".env"), "SERVER_PORT=");
        assertThat(load().server().http().served()).isFalse();
        flags.put("SERVER_PORT", "9502");
        assertThat(load().server().http().port()).isEqualTo(9502);
        flags.put("SERVER_PORT", "None");
        assertThat(load().server().http()).isEqualTo(new HttpAddress("127.0.0.1", HttpAddress.NONE, true));
    }
}
