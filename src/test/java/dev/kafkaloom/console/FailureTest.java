package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {
    private static final String STEERS = "\u001b[31m\u0007\u009b2J";

    static Stream<Exception> sayings() {
        return Stream.of(
                new UsageException(STEERS),
                new IllegalStateException(STEERS),
                new IOException(STEERS),
                new KafkaException.BrokerError(ErrorCode.GROUP_ID_NOT_FOUND, "group " + STEERS));
    }

    @ParameterizedTest
    @MethodSource("sayings")
    void nothingInTheLineSteersTheTerminal(Exception thrown) {
        assertThat(Failure.of(thrown).line())
                .contains("\\u001b[31m\\u0007\\u009b2J")
                .matches(line -> line.chars().noneMatch(Character::isISOControl));
    }
}
