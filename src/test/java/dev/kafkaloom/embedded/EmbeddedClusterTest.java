package dev.kafkaloom.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddedClusterTest {
    @Test
    void aReleaseWithoutKraftMakesNoCluster() {
        assertThatThrownBy(() -> EmbeddedCluster.start("2.4.1", 3, Options.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2.4.1")
                .hasMessageContaining("KRaft");
    }

    @Test
    void aClusterChoosesItsPortsItself() {
        assertThatThrownBy(() ->
                        EmbeddedCluster.start("4.3.1", 3, Options.defaults().withPort(20_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ports");
    }

    @Test
    void internalTopicsOutliveOneNodeWhereThereAreThree() {
        Quorum three = Quorum.of(Map.of(1, 20_001, 2, 20_002, 3, 20_003));
        assertThat(three.voters()).isEqualTo("1@127.0.0.1:20001,2@127.0.0.1:20002,3@127.0.0.1:20003");
        assertThat(three.replicas()).isEqualTo(3);
        assertThat(three.inSync()).isEqualTo(2);

        Quorum one = Quorum.of(Map.of(1, 20_001));
        assertThat(one.replicas()).isEqualTo(1);
        assertThat(one.inSync()).isEqualTo(1);
    }
}
