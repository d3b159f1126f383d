package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.console.OffsetSpan.End;
import dev.kafkaloom.console.OffsetSpan.Exact;
import dev.kafkaloom.console.OffsetSpan.Length;
import dev.kafkaloom.console.OffsetSpan.Point;
import dev.kafkaloom.console.OffsetSpan.Start;
import dev.kafkaloom.console.OffsetSpan.Time;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetSpanTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    record Case(String text, Point from, Point to) {}

    private static Point at(String time) {
        return new Time(Instant.parse(time).toEpochMilli());
    }

    static Case[] grammar() {
        return new Case[] {
            new Case("start", new Start(0), null),
            new Case("beginning", new Start(0), null),
            new Case("smallest", new Start(0), null),
            new Case("end", new End(0), null),
            new Case("largest", new End(0), null),
            new Case("17", new Exact(17), null),
            new Case("+5", new Start(5), null),
            new Case("-10", new End(10), null),
            new Case("100:200", new Exact(100), new Exact(200)),
            new Case("100:100", new Exact(100), new Exact(100)),
            new Case("100:+50", new Exact(100), new Length(50)),
            new Case("100:-5", new Exact(100), new End(5)),
            new Case(":end", new Start(0), new End(0)),
            new Case(":7", new Start(0), new Exact(7)),
            new Case("start:end", new Start(0), new End(0)),
            new Case("-10:end", new End(10), new End(0)),
            new Case("+5:+3", new Start(5), new Length(3)),
            new Case("@1700000000000", new Time(1_700_000_000_000L), null),
            new Case("@2026-11-01", at("2026-11-01T00:00:00Z"), null),
            new Case("@2026-11-01T00:00", at("2026-11-01T00:00:00Z"), null),
            new Case("@2026-11-01T00:00:30", at("2026-11-01T00:00:30Z"), null),
            new Case("@2026-11-01T00:00+01:00", at("2026-10-31T23:00:00Z"), null),
            new Case("@-1h", at("2026-11-22T11:00:00Z"), null),
            new Case("@-1d12h", at("2026-11-21T00:00:00Z"), null),
            new Case("@-90s", at("2026-11-22T11:58:30Z"), null),
            new Case("@-2m500ms", at("2026-11-22T11:57:59.500Z"), null),
            new Case("@-1h:end", at("2026-11-22T11:00:00Z"), new End(0)),
            new Case("@-2h:-1h", at("2026-11-22T10:00:00Z"), new Time(at2("2026-11-22T11:00:00Z"))),
            new Case("@2026-11-01T00:00:end", at("2026-11-01T00:00:00Z"), new End(0)),
            new Case("@2026-11-01T00:00:2026-11-02T00:00", at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z")),
            new Case("@2026-11-01T00:00:05:2026-11-02T06", null, null),
            new Case("@2026-11-01:2026-11-02", at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z")),
            new Case("@2026-11-01T00:00:1h", at("2026-11-01T00:00:00Z"), at("2026-11-01T01:00:00Z")),
            new Case("@2026-11-01T00:00:30:+1h30m", at("2026-11-01T00:00:30Z"), at("2026-11-01T01:30:30Z")),
            new Case("@2026-11-01T00:00Z:1700000000000", null, null), // ends before it begins
            new Case("@1600000000000:1700000000000", new Time(1_600_000_000_000L), new Time(1_700_000_000_000L)),
        };
    }

    private static long at2(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    @ParameterizedTest
    @MethodSource("grammar")
    void isReadAsTyped(Case one) {
        if (one.from == null) {
            assertThatThrownBy(() -> OffsetSpan.parse(one.text, NOW)).isInstanceOf(UsageException.class);
        } else {
            assertThat(OffsetSpan.parse(one.text, NOW)).isEqualTo(new OffsetSpan(one.from, one.to));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "middle",
                "1.5",
                "--1",
                "200:100",
                "1:2:3",
                "5:",
                "5:start",
                "@",
                "@1h",
                "@-1w",
                "@tomorrow",
                "@-1h:",
                "@-1h:yesterday",
                "@-1h:-2h",
                "@2026-13-01",
                "9999999999999999999"
            })
    void aMistakeShowsTheGrammar(String text) {
        assertThatThrownBy(() -> OffsetSpan.parse(text, NOW))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("-o cannot be '" + text + "'")
                .hasMessageContaining(OffsetSpan.GRAMMAR);
    }

    @Test
    void someCanBeReadOtherwiseThanTheRest() {
        OffsetSpans spans = OffsetSpans.parse(java.util.List.of("-1", "0,2-3=100:200", "5=@-1h"), OffsetSpan.ALL, NOW);
        assertThat(spans.all()).isEqualTo(new OffsetSpan(new End(1), null));
        assertThat(spans.others().keySet()).containsExactly(0, 2, 3, 5);
        assertThat(spans.others().get(3)).isEqualTo(new OffsetSpan(new Exact(100), new Exact(200)));
        assertThat(OffsetSpans.parse(java.util.List.of("1=end"), OffsetSpan.ALL, NOW)
                        .all())
                .isEqualTo(OffsetSpan.ALL);
        assertThatThrownBy(() -> OffsetSpans.parse(java.util.List.of("start", "end"), OffsetSpan.ALL, NOW))
                .hasMessageContaining("-o is given twice");
        assertThatThrownBy(() -> OffsetSpans.parse(java.util.List.of("1=start", "0-1=end"), OffsetSpan.ALL, NOW))
                .hasMessageContaining("-o names partition 1 twice");
    }

    @Test
    void partitionsAreNumbersAndRanges() {
        assertThat(PartitionList.parse("-p", "4,0,2-3,3")).containsExactly(0, 2, 3, 4);
        for (String wrong : new String[] {"", "a", "3-1", "1,", "-1", "0-9999999"}) {
            assertThatThrownBy(() -> PartitionList.parse("-p", wrong))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("-p must be partitions such as 3 or 0,2-4");
        }
    }
}
