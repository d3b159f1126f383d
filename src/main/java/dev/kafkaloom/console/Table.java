package dev.kafkaloom.console;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A result with columns and rows. Cells are strings, numbers, booleans, null, or lists of these.
 *
 * @param columns the names, also the keys in JSON
 * @param rows    each as long as {@code columns}
 */
public record Table(List<String> columns, List<List<Object>> rows) implements Answer {
    public Table {
        columns = List.copyOf(columns);
        List<List<Object>> copies = new ArrayList<>(rows.size());
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("row " + row + " does not fit columns " + columns);
            }
            copies.add(Collections.unmodifiableList(new ArrayList<>(row))); // not List.copyOf: a cell may be null
        }
        rows = Collections.unmodifiableList(copies);
    }

    /** Gathers rows. Not thread-safe. */
    static final class Builder {
        private final List<String> columns;
        private final List<List<Object>> rows = new ArrayList<>();

        Builder(String... columns) {
            this.columns = List.of(columns);
        }

        Builder row(Object... cells) {
            rows.add(new ArrayList<>(java.util.Arrays.asList(cells)));
            return this;
        }

        Table build() {
            return new Table(columns, rows);
        }
    }
}
