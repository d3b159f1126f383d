package dev.kafkaloom.console;

import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines between a daemon and who talks to it, one JSON object each. Request: {@code {"run":["produce","-t","x","hi"]}}, with
 * {@code "asks":true} when somebody is there who can be asked, then perhaps {@code {"cancel":true}}. Answers: {@code table}, {@code value}, {@code text}, {@code document}, {@code raw}, {@code note} objects, and at
 * last {@code {"exit":0}}, with {@code "error"} when something was thrown; in between perhaps {@code {"ask":"sure? "}}, which the caller answers
 * with {@code {"answer":"y"}}, or null when nobody is there.
 */
final class AnswerFrames {
    private AnswerFrames() {}

    static String encode(Answer answer) {
        return Json.write(
                switch (answer) {
                    case Table(List<String> columns, List<List<Object>> rows) -> Map.of("table", table(columns, rows));
                    case Value(Object value) -> Map.of("value", value);
                    case Text(String text) -> Map.of("text", text);
                    case Document(Object data, String text) -> Map.of("document", document(data, text));
                    case Raw(byte[] bytes) -> Map.of("raw", Base64.getEncoder().encodeToString(bytes));
                });
    }

    private static Map<String, Object> table(List<String> columns, List<List<Object>> rows) {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("columns", columns);
        table.put("rows", rows);
        return table;
    }

    private static Map<String, Object> document(Object data, String text) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("data", data);
        document.put("text", text);
        return document;
    }

    /** The answer in the frame, or null if it carries none. */
    static Answer decode(Map<?, ?> frame) throws IOException {
        if (frame.get("table") instanceof Map<?, ?> table
                && table.get("columns") instanceof List<?> columns
                && table.get("rows") instanceof List<?> rows) {
            return new Table(
                    columns.stream().map(String::valueOf).toList(),
                    rows.stream().map(AnswerFrames::row).toList());
        }
        if (frame.containsKey("value")) {
            return new Value(frame.get("value"));
        }
        if (frame.get("text") instanceof String text) {
            return new Text(text);
        }
        if (frame.get("document") instanceof Map<?, ?> document && document.get("text") instanceof String text) {
            return new Document(document.get("data"), text);
        }
        return frame.get("raw") instanceof String raw
                ? new Raw(Base64.getDecoder().decode(raw))
                : null;
    }

    private static List<Object> row(Object row) {
        if (row instanceof List<?> cells) {
            return java.util.Collections.unmodifiableList(cells);
        }
        throw new IllegalArgumentException("not a row: " + row);
    }

    static Map<?, ?> object(String line) throws IOException {
        if (Json.read(line) instanceof Map<?, ?> object) {
            return object;
        }
        throw new IOException("not a frame: " + line);
    }
}
