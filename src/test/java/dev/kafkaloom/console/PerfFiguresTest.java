package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.console.PerfFigures.Count;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class PerfFiguresTest {
    private static final DateTimeFormatter TIMES =
            DateTimeFormatter.ofPattern("HH:mm:ss:SSS").withZone(ZoneOffset.UTC);
    private static final Count START = new Count(Instant.parse("2026-11-22T10:00:00Z"), 0, 0, 0);
    private static final Count BETWEEN = new Count(Instant.parse("2026-11-22T10:00:04Z"), 1000, 3 << 20, 1000);
    private static final Count END = new Count(Instant.parse("2026-11-22T10:00:06Z"), 3000, 9 << 20, 1500);

    @Test
    void theWholeRunIsOneRowOfKafkasColumns() {
        var row = PerfFigures.summary(START, END, TIMES);
        assertThat(String.join(", ", row.keySet()))
                .isEqualTo("start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec,"
                        + " rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec");
        assertThat(PerfFigures.line(row))
                .isEqualTo("10:00:00:000, 10:00:06:000, 9.0000, 1.5000, 3000, 500.0000, 1500, 4500, 2.0000, 666.6667");
    }

    @Test
    void anIntervalHasTheTotalsAndItsOwnSpeeds() {
        var row = PerfFigures.interval(BETWEEN, END, TIMES);
        assertThat(String.join(", ", row.keySet()))
                .isEqualTo("time, threadId, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec,"
                        + " rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec");
        assertThat(PerfFigures.line(row))
                .isEqualTo("10:00:06:000, 0, 9.0000, 3.0000, 3000, 1000.0000, 500, 1500, 4.0000, 1333.3333");
    }

    @Test
    void nothingInNoTimeIsNotANumberThatIsNone() {
        assertThat(PerfFigures.line(PerfFigures.summary(START, START, TIMES)))
                .isEqualTo("10:00:00:000, 10:00:00:000, 0.0000, 0.0000, 0, 0.0000, 0, 1, 0.0000, 0.0000");
    }
}
