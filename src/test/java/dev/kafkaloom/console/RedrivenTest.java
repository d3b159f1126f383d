package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.CommittedOffset;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedrivenTest {
    @Test
    void theOffsetMovesOverWhatIsDoneFromTheBeginning() {
        Redriven redriven = Redriven.none();

        redriven.add(0, 3);

        assertThat(redriven.committed()).isEqualTo(CommittedOffset.of(3));
        assertThat(redriven.contains(2)).isTrue();
        assertThat(redriven.contains(3)).isFalse();
    }

    @Test
    void whatIsDoneBehindAGapIsKeptInTheWordsBesideTheOffset() {
        Redriven redriven = Redriven.none();

        redriven.add(3, 5);
        redriven.add(15, 16);

        assertThat(redriven.committed()).isEqualTo(new CommittedOffset(0, -1, "redriven 3+2 10+1"));
    }

    @Test
    void aGapThatIsFilledMovesTheOffsetOverAllOfIt() {
        Redriven redriven = Redriven.of(new CommittedOffset(7, -1, "redriven 3+2 10+1"));

        redriven.add(7, 10);

        assertThat(redriven.committed()).isEqualTo(new CommittedOffset(12, -1, "redriven 10+1"));
    }

    @Test
    void whatTheLogNoLongerHasNeedsNoAccount() {
        Redriven redriven = Redriven.of(new CommittedOffset(0, -1, "redriven 3+2 10+1 100+5"));

        redriven.logBegins(15);

        assertThat(redriven.committed()).isEqualTo(new CommittedOffset(16, -1, "redriven 100+5"));
    }

    @Test
    void anyOrderComesToTheSameAndIsReadBackAsItWas() {
        Random random = new Random(6);
        for (int run = 0; run < 500; run++) {
            Redriven redriven = Redriven.none();
            Set<Long> done = new TreeSet<>();
            for (int i = 0; i < 40; i++) {
                long first = random.nextInt(100);
                long next = first + 1 + random.nextInt(8);
                redriven.add(first, next);
                for (long offset = first; offset < next; offset++) {
                    done.add(offset);
                }
            }
            Redriven read = Redriven.of(redriven.committed());
            for (long offset = 0; offset < 120; offset++) {
                assertThat(redriven.contains(offset))
                        .as("%d of %s", offset, done)
                        .isEqualTo(done.contains(offset));
                assertThat(read.contains(offset)).isEqualTo(done.contains(offset));
            }
        }
    }

    @Test
    void moreStretchesThanABrokerKeepsDoNotFit() {
        Redriven redriven = Redriven.none();
        for (int i = 1; redriven.fits(); i++) {
            redriven.add(2L * i, 2L * i + 1);
        }

        assertThat(redriven.committed().metadata()).hasSizeBetween(4_001, 4_010);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "redriven",
                "redriven 3",
                "redriven 3+",
                "redriven 3+2x",
                "redriven 1+999999999999999999 999999999999999999+999999999999999999 999999999999999999+999999999999999999 999999999999999999+999999999999999999 999999999999999999+999999999999999999 999999999999999999+999999999999999999"
            })
    void wordsThatNobodyHereWroteAreRefused(String words) {
        assertThatThrownBy(() -> Redriven.of(new CommittedOffset(5_000_000_000_000_000_000L, -1, words)))
                .hasMessageContaining("which no redrive has written");
    }
}
