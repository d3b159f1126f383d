package dev.kafkaloom.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Draws a table as kafka-swoole does: a box of {@code +---+} lines, cells on the left. */
final class TableText {
    /** First and last of the East Asian characters and pictures for which a terminal takes two columns. */
    private static final int[] WIDE = {
        0x1100, 0x115f, // Hangul's parts
        0x2e80, 0x303e, 0x3041, 0xa4cf, // CJK, kana, Yi
        0xac00, 0xd7a3, // Hangul
        0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff00, 0xff60, 0xffe0, 0xffe6, // full width forms
        0x1f300, 0x1f64f, 0x1f680, 0x1f9ff, // pictures
        0x20000, 0x3fffd
    };

    private TableText() {}

    static List<String> lines(Table table) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(table.columns());
        for (List<Object> row : table.rows()) {
            cells.add(row.stream().map(TableText::cell).toList());
        }
        int[] widths = new int[table.columns().size()];
        for (List<String> row : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        String border = border(widths);
        List<String> lines = new ArrayList<>(List.of(border, line(cells.getFirst(), widths), border));
        for (List<String> row : cells.subList(1, cells.size())) {
            lines.add(line(row, widths));
        }
        if (cells.size() > 1) {
            lines.add(border);
        }
        return lines;
    }

    private static String border(int[] widths) {
        StringBuilder border = new StringBuilder("+");
        for (int width : widths) {
            border.repeat('-', width + 2).append('+');
        }
        return border.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            line.append(' ')
                    .append(cells.get(i))
                    .repeat(' ', widths[i] - width(cells.get(i)) + 1)
                    .append('|');
        }
        return line.toString();
    }

    /** Lists as {@code 1,2}; nothing that could break the box or steer the terminal. */
    static String cell(Object value) {
        String text = switch (value) {
            case null -> "";
            case List<?> list -> list.stream().map(TableText::cell).collect(Collectors.joining(","));
            default -> value.toString();
        };
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        return text.codePoints().mapToObj(TableText::printable).collect(Collectors.joining());
    }

    private static String printable(int codePoint) {
        return Character.isISOControl(codePoint) ? String.format("\\u%04x", codePoint) : Character.toString(codePoint);
    }

    /** Columns of a terminal that it takes. */
    static int width(String text) {
        return text.codePoints().map(TableText::width).sum();
    }

    private static int width(int codePoint) {
        if (codePoint < 0x300) {
            return 1;
        }
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(codePoint) ? 2 : 1;
        };
    }

    private static boolean isWide(int codePoint) {
        for (int i = 0; i < WIDE.length; i += 2) {
            if (codePoint >= WIDE[i] && codePoint <= WIDE[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
