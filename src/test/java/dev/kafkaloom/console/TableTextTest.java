package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTextTest {
    private static final Table TOPICS = new Table.Builder("topic", "partition", "isr-nodes")
            .row("orders", 0, List.of(1, 2))
            .row("a", 12, List.of())
            .build();

    @Test
    void drawsABoxOfPlusAndMinus() {
        assertThat(Format.TABLE.render(TOPICS)).isEqualTo("""
                +--------+-----------+-----------+
                | topic  | partition | isr-nodes |
                +--------+-----------+-----------+
                | orders | 0         | 1,2       |
                | a      | 12        |           |
                +--------+-----------+-----------+""");
    }

    @Test
    void aTableWithoutRowsIsItsHead() {
        assertThat(TableText.lines(new Table.Builder("a").build())).containsExactly("+---+", "| a |", "+---+");
    }

    @Test
    void controlCharactersCannotSteerTheTerminal() {
        Table table = new Table.Builder("a").row("x\u001b[2Jy\n").build();
        assertThat(TableText.lines(table).get(3)).isEqualTo("| x\\u001b[2Jy\\u000a |");
    }

    @Test
    void charactersThatTakeTwoColumnsOrNoneDoNotShiftTheBorder() {
        Table table = new Table.Builder("a")
                .row("\uD83D\uDE00")
                .row("\u6d88\u606f\uff1a")
                .row("e\u0301")
                .row((Object) null)
                .build();
        assertThat(TableText.lines(table))
                .contains("| \uD83D\uDE00     |", "| \u6d88\u606f\uff1a |", "| e\u0301      |", "|        |");
    }

    @Test
    void jsonIsAListOfObjectsInOneLine() throws Exception {
        String json = Format.JSON.render(TOPICS);
        assertThat(json)
                .isEqualTo("[{\"topic\":\"orders\",\"partition\":0,\"isr-nodes\":[1,2]},"
                        + "{\"topic\":\"a\",\"partition\":12,\"isr-nodes\":[]}]");
        assertThat(Json.read(json))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .first()
                .isEqualTo(Map.of("topic", "orders", "partition", 0L, "isr-nodes", List.of(1L, 2L)));
    }

    @Test
    void aValueIsBareInBothFormats() {
        assertThat(Format.TABLE.render(new Value(42L))).isEqualTo("42");
        assertThat(Format.JSON.render(new Value(42L))).isEqualTo("42");
    }

    @Test
    void aRowThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> new Table.Builder("a", "b").row(1).build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
