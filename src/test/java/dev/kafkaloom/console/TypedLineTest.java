package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TypedLineTest {
    private static TypedLine typed(String... words) {
        return TypedLine.of(StandardCommands.create(), List.of(words));
    }

    @Test
    void formatIsTakenOffTheLine() {
        assertThat(typed("topics", "--format", "json")).isEqualTo(new TypedLine(List.of("topics"), Format.JSON));
        assertThat(typed("kafka_lag", "--format=json", "-g", "g"))
                .isEqualTo(new TypedLine(List.of("kafka_lag", "-g", "g"), Format.JSON));
        assertThat(typed("topics")).isEqualTo(new TypedLine(List.of("topics"), Format.TABLE));
    }

    @Test
    void consumeKeepsTheOptionThatIsItsOwn() {
        assertThat(typed("consume", "--format", "json").words()).containsExactly("consume", "--format", "json");
    }

    @Test
    void anUnknownFormatIsAnError() {
        assertThatThrownBy(() -> typed("topics", "--format", "xml")).isInstanceOf(UsageException.class);
    }

    @Test
    void agesReadLikeAClock() {
        assertThat(ProcessCommands.age(java.time.Duration.ofMillis(1234))).isEqualTo("1.2s");
        assertThat(ProcessCommands.age(java.time.Duration.ofSeconds(59))).isEqualTo("59s");
        assertThat(ProcessCommands.age(java.time.Duration.ofSeconds(184))).isEqualTo("3m04s");
        assertThat(ProcessCommands.age(java.time.Duration.ofMinutes(305))).isEqualTo("5h05m");
    }
}
