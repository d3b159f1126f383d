package dev.kafkaloom.console;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A format of consumed records with {@code %} verbs, those of kcat and, where it has none, of kcl. Parsed once; nothing is put between
 * records that is not in it. Immutable.
 */
final class RecordTemplate {
    /** What may stand in it, for the help and for whoever got it wrong. */
    static final String GRAMMAR =
            "%t topic, %p partition, %o offset, %e leader epoch, %k key, %v or %s value, %K %V %S their"
                    + " lengths (-1 for null), %R the value's length as 4 bytes, %T timestamp in ms, %T{iso} or %T{yyyy-MM-dd HH:mm} in UTC,"
                    + " %y its type, %h headers as n=v,.., %h{json}, %H their number, %] high watermark, %i number in this output, %%;"
                    + " %k %v %s also with {hex}, {base64}, {json}, {int}; \\n \\t \\r \\0 \\xHH \\\\";

    /** One record and what is known beside it. */
    record Line(ConsumedRecord record, long number, ToLongFunction<TopicPartition> highWatermark) {}

    private interface Part {
        void write(Line line, ByteArrayOutputStream out);
    }

    private final List<Part> parts;

    private RecordTemplate(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Reads one; {@link UsageException} with the grammar. */
    static RecordTemplate parse(String text) {
        return new RecordTemplate(new Reading(text).all());
    }

    /** The record as the template says. */
    Raw format(Line line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        for (Part part : parts) {
            part.write(line, out);
        }
        return new Raw(out.toByteArray());
    }

    /** Goes over the text of a template once. */
    private static final class Reading {
        private final String text;
        private final List<Part> parts = new ArrayList<>();
        private final ByteArrayOutputStream literal = new ByteArrayOutputStream();
        private int at;

        Reading(String text) {
            this.text = text;
        }

        List<Part> all() {
            while (at < text.length()) {
                int c = text.codePointAt(at);
                at += Character.charCount(c);
                switch (c) {
                    case '%' -> verb();
                    case '\\' -> escape();
                    default -> literal.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                }
            }
            endLiteral();
            return parts;
        }

        private void endLiteral() {
            if (literal.size() > 0) {
                byte[] bytes = literal.toByteArray();
                literal.reset();
                parts.add((_, out) -> out.writeBytes(bytes));
            }
        }

        private void verb() {
            char verb = next("%");
            if (verb == '%') {
                literal.write('%');
                return;
            }
            endLiteral();
            String variant = variant(verb);
            parts.add(
                    switch (verb) {
                        case 'k' -> bytes(variant, "%k", ConsumedRecord::key);
                        case 'v', 's' -> bytes(variant, "%" + verb, ConsumedRecord::value);
                        case 'T' -> timestamp(variant);
                        case 'h' -> headers(variant);
                        default -> plain(verb, variant);
                    });
        }

        private Part plain(char verb, String variant) {
            if (!variant.isEmpty()) {
                throw wrong("%" + verb + " has no variants, not {" + variant + "}");
            }
            return switch (verb) {
                case 't' -> text(line -> line.record().partition().topic());
                case 'p' -> number(line -> line.record().partition().partition());
                case 'o' -> number(line -> line.record().offset());
                case 'e' -> number(line -> line.record().leaderEpoch());
                case 'K' -> number(line -> length(line.record().key()));
                case 'V', 'S' -> number(line -> length(line.record().value()));
                case 'R' ->
                    (line, out) -> out.writeBytes(int32(length(line.record().value())));
                case 'y' -> text(line -> RecordText.named(line.record().timestampType()));
                case 'H' -> number(line -> line.record().headers().size());
                case 'i' -> number(Line::number);
                case ']' ->
                    number(line ->
                            line.highWatermark().applyAsLong(line.record().partition()));
                default -> throw wrong("%" + verb + " is no verb");
            };
        }

        private Part timestamp(String variant) {
            if (variant.isEmpty()) {
                return number(line -> line.record().timestamp());
            }
            DateTimeFormatter form = variant.equals("iso") ? DateTimeFormatter.ISO_INSTANT : pattern(variant);
            return text(line -> line.record().timestamp() < 0
                    ? ""
                    : form.format(Instant.ofEpochMilli(line.record().timestamp())));
        }

        private DateTimeFormatter pattern(String variant) {
            try {
                DateTimeFormatter form = DateTimeFormatter.ofPattern(variant).withZone(ZoneOffset.UTC);
                String _ = form.format(Instant.EPOCH); // a pattern may ask for what a moment has not
                return form;
            } catch (IllegalArgumentException | DateTimeException e) {
                throw wrong("%T{" + variant + "} is no pattern of a date and time");
            }
        }

        private Part bytes(String variant, String verb, Function<ConsumedRecord, byte[]> which) {
            Function<byte[], byte[]> form = form(variant, verb);
            return (line, out) -> {
                byte[] bytes = which.apply(line.record());
                if (bytes != null || variant.equals("json")) {
                    out.writeBytes(form.apply(bytes));
                }
            };
        }

        private Function<byte[], byte[]> form(String variant, String verb) {
            return switch (variant) {
                case "" -> bytes -> bytes;
                case "hex" -> bytes -> ascii(HexFormat.of().formatHex(bytes));
                case "base64" -> Base64.getEncoder()::encode;
                case "json" -> bytes -> utf8(Json.write(RecordText.readable(bytes)));
                case "int" -> RecordTemplate::decimal;
                default -> throw wrong(verb + "{" + variant + "} is none of {hex}, {base64}, {json}, {int}");
            };
        }

        private Part headers(String variant) {
            return switch (variant) {
                case "" -> (line, out) -> commaSeparated(line.record().headers(), out);
                case "json" ->
                    text(line -> Json.write(RecordText.headers(line.record().headers())));
                default -> throw wrong("%h{" + variant + "} is not %h{json}");
            };
        }

        /** What stands in braces behind a verb, empty when nothing does. */
        private String variant(char verb) {
            if (at >= text.length() || text.charAt(at) != '{') {
                return "";
            }
            int end = text.indexOf('}', at);
            if (end < 0) {
                throw wrong("%" + verb + "{ is not closed");
            }
            String variant = text.substring(at + 1, end);
            if (variant.isEmpty()) {
                throw wrong("%" + verb + "{} is empty");
            }
            at = end + 1;
            return variant;
        }

        private void escape() {
            char c = next("\\");
            switch (c) {
                case 'n' -> literal.write('\n');
                case 't' -> literal.write('\t');
                case 'r' -> literal.write('\r');
                case '0' -> literal.write(0);
                case '\\' -> literal.write('\\');
                case 'x' -> {
                    String hex = text.substring(at, Math.min(at + 2, text.length()));
                    if (!hex.matches("[0-9a-fA-F]{2}")) {
                        throw wrong("\\x" + hex + " has not two hexadecimal digits");
                    }
                    literal.write(Integer.parseInt(hex, 16));
                    at += 2;
                }
                default -> throw wrong("\\" + c + " is no escape");
            }
        }

        private char next(String begun) {
            if (at >= text.length()) {
                throw wrong("it ends with a single " + begun);
            }
            return text.charAt(at++);
        }

        private UsageException wrong(String what) {
            return new UsageException("-f '" + text + "': " + what + "; allowed: " + GRAMMAR);
        }

        private static Part text(Function<Line, String> what) {
            return (line, out) -> out.writeBytes(utf8(what.apply(line)));
        }

        private static Part number(ToLongFunction<Line> what) {
            return (line, out) -> out.writeBytes(ascii(Long.toString(what.applyAsLong(line))));
        }
    }

    private static void commaSeparated(List<Header> headers, ByteArrayOutputStream out) {
        for (int i = 0; i < headers.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            Header header = headers.get(i);
            out.writeBytes(utf8(header.key()));
            out.write('=');
            out.writeBytes(header.value() == null ? ascii("NULL") : header.value());
        }
    }

    /** 1, 2, 4 or 8 bytes are a signed number, the highest byte first, as Kafka's own serializers write them. */
    private static byte[] decimal(byte[] bytes) {
        if (bytes.length != 1 && bytes.length != 2 && bytes.length != 4 && bytes.length != 8) {
            return ascii("?" + bytes.length + " bytes?");
        }
        return ascii(new java.math.BigInteger(bytes).toString());
    }

    private static int length(byte[] bytes) {
        return bytes == null ? -1 : bytes.length;
    }

    private static byte[] int32(int number) {
        return new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
