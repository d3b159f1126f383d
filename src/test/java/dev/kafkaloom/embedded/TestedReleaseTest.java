package dev.kafkaloom.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.testing.RealBroker;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestedReleaseTest {
    @Test
    void theListGoesFromTheOldestToTheNewest() {
        List<Integer> lines = TestedRelease.all().stream()
                .map(each -> KafkaRelease.parse(each.version()).line())
                .toList();

        assertThat(lines).isSorted();
        assertThat(TestedRelease.all()).doesNotHaveDuplicates();
        assertThat(TestedRelease.all().getFirst()).isEqualTo(TestedRelease.OLDEST);
        assertThat(TestedRelease.all().getLast()).isEqualTo(TestedRelease.NEWEST);
    }

    @Test
    void everyOneIsInEveryModeThatItsReleaseKnows() {
        for (TestedRelease each : TestedRelease.all()) {
            for (Options.Mode mode : List.of(Options.Mode.ZOOKEEPER, Options.Mode.KRAFT)) {
                assertThat(TestedRelease.all().contains(new TestedRelease(each.version(), mode)))
                        .as("%s in mode %s", each.version(), mode)
                        .isEqualTo(KafkaRelease.parse(each.version()).runsIn(mode));
            }
        }
    }

    @Test
    void theSharedBrokersOfTheTestsAreOnTheList() {
        assertThat(TestedRelease.all())
                .extracting(TestedRelease::version)
                .contains(RealBroker.OLDEST, RealBroker.NEWEST);
    }

    @Test
    void aSelectionNamesReleasesAndModes() {
        assertThat(TestedRelease.select("all")).isEqualTo(TestedRelease.all());
        assertThat(TestedRelease.select("quick"))
                .containsExactly(TestedRelease.OLDEST, TestedRelease.MIDDLE, TestedRelease.NEWEST);
        assertThat(TestedRelease.select(" 2.8.2 , 0.9.0.1-zookeeper,2.8.2-kraft"))
                .extracting(TestedRelease::name)
                .containsExactly("2.8.2-zookeeper", "2.8.2-kraft", "0.9.0.1-zookeeper");
    }

    @Test
    void aSelectionOfSomethingElseIsRefusedWithWhatThereIs() {
        assertThatThrownBy(() -> TestedRelease.select("4.3.1,2.7.0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'2.7.0' is not among the releases")
                .hasMessageContaining("quick")
                .hasMessageContaining("3.9.2-kraft");
    }
}
