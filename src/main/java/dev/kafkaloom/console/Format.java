package dev.kafkaloom.console;

import java.util.Locale;

/** How answers are rendered. */
public enum Format {
    /** Boxes of {@code +---+} lines, bare numbers. */
    TABLE,
    /** One JSON document a line for each answer. */
    JSON;

    /** Reads {@code table} or {@code json}. */
    public static Format parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "table" -> TABLE;
            case "json" -> JSON;
            default -> throw new UsageException("--format must be table or json, not '" + text + "'");
        };
    }

    /** The answer as text lines; a {@link Raw} has none, its bytes are written as they are. */
    public String render(Answer answer) {
        return switch (answer) {
            case Table table when this == JSON -> Json.write(Json.ofTable(table));
            case Table table -> String.join("\n", TableText.lines(table));
            case Value(Object value) when this == JSON -> Json.write(value);
            case Value(Object value) -> String.valueOf(value);
            case Text(String text) -> text;
            case Document(Object data, String text) -> this == JSON ? Json.write(data) : text;
            case Raw(byte[] bytes) -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        };
    }
}
