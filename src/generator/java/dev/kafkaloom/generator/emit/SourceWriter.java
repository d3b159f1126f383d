package dev.kafkaloom.generator.emit;

/** Java text with the indentation kept by itself: a line that ends with "{" opens a level, one that starts with "}" closes it. */
final class SourceWriter {
    private final StringBuilder text = new StringBuilder();
    private int depth;

    /** One line; an empty one for "". */
    SourceWriter line(String line) {
        if (line.startsWith("}")) {
            depth--;
        }
        if (!line.isEmpty()) {
            text.repeat(' ', depth * 4).append(line);
        }
        text.append('\n');
        if (line.endsWith("{")) {
            depth++;
        }
        return this;
    }

    /** Several lines. */
    SourceWriter lines(String... lines) {
        for (String line : lines) {
            line(line);
        }
        return this;
    }

    /** A comment for javadoc, made safe and broken into lines. */
    SourceWriter javadoc(String comment) {
        String safe = comment.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;")
                .replace("*/", "*&#47;")
                .replace("\\", "&#92;");
        return line("/** " + safe + " */");
    }

    @Override
    public String toString() {
        if (depth != 0) {
            throw new IllegalStateException("unbalanced braces");
        }
        return text.toString();
    }
}
