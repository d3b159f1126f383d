package dev.kafkaloom.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the comparison stands on: each release's own classes, and not those of the release on the class path. */
class KafkaReleaseTest {
    @Test
    void theClassesOfAReleaseAreOutOfItsOwnJar() throws ReflectiveOperationException {
        assertThat(KafkaRelease.both()).map(KafkaRelease::toString).containsExactly("4.4.0", "3.9.2");
        Class<?> onClassPath = Class.forName("org.apache.kafka.common.message.FetchRequestData");
        for (KafkaRelease release : KafkaRelease.both()) {
            Class<?> message = release.type(onClassPath.getName());
            Class<?> converter = release.type(onClassPath.getName() + "JsonConverter");
            for (Class<?> type : List.of(message, message.getInterfaces()[0], converter)) {
                assertThat(jar(type))
                        .as("%s of %s", type, release)
                        .isEqualTo(release == KafkaRelease.NEW ? "new.jar" : "old.jar");
            }
            assertThat(message).isNotSameAs(onClassPath);
        }
    }

    private static String jar(Class<?> type) {
        URL location = type.getProtectionDomain().getCodeSource().getLocation();
        return location.getPath().replaceFirst(".*/", "");
    }
}
