package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.WireWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Many messages in one start: a line in, a line out, in the memory of one line. A line is {@code apiKey TAB version TAB
 * request|response TAB} hex or JSON; its answer JSON or hex, or {@code {"error":"..."}}. Empty lines are skipped. Not thread-safe.
 */
final class ProtocolBatch {
    private static final String ERROR = "error";
    /** Of an error: it may repeat what stands in the line, and that may be megabytes. */
    private static final int MAX_ERROR = 1_000;

    private final Output out;
    private final boolean header;
    private final WireWriter bytes = new WireWriter(1 << 12);
    private long line;
    private boolean failed;

    ProtocolBatch(Output out, boolean header) {
        this.out = out;
        this.header = header;
    }

    /** What becomes of the fourth column of a line. */
    private interface Conversion {
        String apply(ProtocolFrame frame, String given);
    }

    int decode(InputStream in) throws IOException, InterruptedException {
        return run(in, (frame, hex) -> Json.write(frame.decode(ProtocolHex.parse(hex))));
    }

    int encode(InputStream in) throws IOException, InterruptedException {
        return run(in, (frame, json) -> {
            bytes.reset();
            frame.encode(ProtocolConvert.object(json, "the message"), bytes);
            return ProtocolHex.print(bytes.array(), bytes.size());
        });
    }

    private int run(InputStream in, Conversion conversion) throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
        try {
            for (String next = nextOf(lines); next != null; next = nextOf(lines)) {
                line++;
                next = line == 1 ? ProtocolInput.withoutMark(next) : next;
                if (!next.isBlank()) {
                    out.show(new Text(converted(next, conversion)));
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted");
                }
            }
        } finally {
            out.flush();
        }
        return failed ? 1 : 0;
    }

    /** Whoever feeds us line by line sees each answer before the next line is waited for. */
    private String nextOf(BufferedReader lines) throws IOException {
        if (!lines.ready()) {
            out.flush();
        }
        return lines.readLine();
    }

    private String converted(String text, Conversion conversion) {
        try {
            String[] columns = text.split("\t", 4);
            if (columns.length < 3) {
                throw new UsageException(
                        columns.length + " columns instead of apiKey, version, request|response and the message");
            }
            // an empty message is an empty column, which may have been trimmed
            return conversion.apply(frame(columns), columns.length == 3 ? "" : columns[3]);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) { // the other lines are still wanted
            return error(Failure.of(e).line());
        }
    }

    private ProtocolFrame frame(String[] columns) {
        ApiKey api = ProtocolDefinitions.api(columns[0].strip());
        boolean request = switch (columns[2].strip()) {
            case "request" -> true;
            case "response" -> false;
            default -> throw new UsageException("'" + columns[2] + "' instead of request or response");
        };
        return ProtocolFrame.of(api, request, version(columns[1].strip()), header);
    }

    private static short version(String text) {
        try {
            return Short.parseShort(text);
        } catch (NumberFormatException _) {
            throw new UsageException("version '" + text + "' is no number");
        }
    }

    private String error(String message) {
        failed = true;
        Map<String, Object> error = new LinkedHashMap<>();
        error.put(
                ERROR,
                "line " + line + ": "
                        + (message.length() <= MAX_ERROR ? message : message.substring(0, MAX_ERROR) + "..."));
        return Json.write(error);
    }
}
