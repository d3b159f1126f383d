package dev.kafkaloom.generator.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"none", "3", "0-5", "7+"})
    void theTextIsReadAndWrittenAlike(String text) {
        assertThat(Versions.parse(text)).hasToString(text);
    }

    @Test
    void rangesAreIntersectedAndJoined() {
        Versions a = Versions.parse("2-6");
        assertThat(a.intersect(Versions.parse("4+"))).isEqualTo(Versions.parse("4-6"));
        assertThat(a.intersect(Versions.parse("7+"))).isEqualTo(Versions.NONE);
        assertThat(a.hull(Versions.parse("9"))).isEqualTo(Versions.parse("2-9"));
        assertThat(Versions.NONE.hull(a)).isEqualTo(a);
        assertThat(Versions.parse("0+").covers(a)).isTrue();
        assertThat(a.covers(Versions.parse("0+"))).isFalse();
        assertThat(a.contains(6)).isTrue();
        assertThat(a.contains(7)).isFalse();
    }

    @Test
    void aRangeThatReachesTheEndIsOpen() {
        Versions all = Versions.parse("0-9");
        assertThat(Versions.where(all, version -> version >= 3, "x")).isEqualTo(Versions.parse("3+"));
        assertThat(Versions.where(all, version -> version < 3, "x")).isEqualTo(Versions.parse("0-2"));
        assertThat(Versions.where(all, version -> version > 20, "x")).isEqualTo(Versions.NONE);
        assertThatThrownBy(() -> Versions.where(all, version -> version % 2 == 0, "Fetch.x"))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("Fetch.x: a hole after version 0");
    }
}
