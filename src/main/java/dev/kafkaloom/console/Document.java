package dev.kafkaloom.console;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A result that people and programs read in different shapes, such as a schema.
 *
 * @param data maps, lists, strings, numbers, booleans and null: what {@code --format json} shows
 * @param text the same for people, without the last line break
 */
public record Document(Object data, String text) implements Answer {
    /** Data that people, too, read as JSON, but laid out over several lines. */
    static Document json(Object data) {
        return new Document(data, Json.pretty(data));
    }

    /** Data that people read as tables, one below the other, with headlines between them. */
    static Document tables(Object data, Object... tablesAndHeadlines) {
        return new Document(
                data,
                Arrays.stream(tablesAndHeadlines)
                        .map(part -> part instanceof Table table
                                ? String.join("\n", TableText.lines(table))
                                : part.toString())
                        .collect(Collectors.joining("\n")));
    }
}
