package dev.kafkaloom.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.fuzz.Bloat.Style;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What it costs to read messages that are made to cost as much as possible: never more than 64 bytes of memory for a byte, garbage
 * included, so that what is less than 1 MiB takes less than 64 MiB.
 */
class BloatTest {
    private static final long MOST_PER_BYTE = Guard.MOST_ALLOCATED / Guard.LARGEST_INPUT;
    private static final int PART = Guard.LARGEST_INPUT / 64;

    @Test
    void everyListOfEveryMessageStaysWithinTheLimit() {
        Bloat worst = worst(subjects()
                .flatMap(subject -> Bloat.all(subject, PART).stream())
                .filter(bloat -> bloat.style() == Style.OBJECTS || bloat.style() == Style.TAGS));
        check(worst, cost(worst));
    }

    @Test
    void theMostExpensiveMessagesUnderOneMebibyteTakeLessThan64MebibytesToRead() {
        Bloat worst = worst(subjects()
                .filter(subject -> List.of("JoinGroupRequest", "SyncGroupRequest")
                        .contains(subject.spec().name()))
                .flatMap(subject -> Bloat.all(subject, Guard.LARGEST_INPUT - 1).stream()));
        check(worst, cost(worst));
    }

    /** The highest versions; all of them with {@code -Dkafkaloom.fuzz.all}. */
    private static Stream<Subject> subjects() {
        boolean all = System.getProperty("kafkaloom.fuzz.all") != null;
        return Subject.all().stream()
                .filter(subject ->
                        all || subject.version() == subject.spec().valid().highest());
    }

    private static Bloat worst(Stream<Bloat> bloats) {
        Bloat worst = null;
        double most = 0;
        for (Bloat bloat : (Iterable<Bloat>) bloats::iterator) {
            double perByte = cost(bloat) / (double) bloat.bytes().length;
            if (perByte > most && bloat.bytes().length > PART / 2) {
                most = perByte;
                worst = bloat;
            }
        }
        return worst;
    }

    private static long cost(Bloat bloat) {
        long before = Guard.allocatedBytes();
        assertThat(bloat.subject().read(bloat.bytes())).isNotNull();
        return Guard.allocatedBytes() - before;
    }

    private static void check(Bloat worst, long cost) {
        assertThat(cost).as("memory to read %s", worst).isLessThan(MOST_PER_BYTE * worst.bytes().length);
    }
}
