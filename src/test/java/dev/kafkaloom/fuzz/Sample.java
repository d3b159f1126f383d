package dev.kafkaloom.fuzz;

import dev.kafkaloom.fuzz.Token.Kind;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A message written by its definition, every field and tag set, together with where in it everything is. Shares no code with the
 * generated writers.
 *
 * @param tokens without gaps, in the order of the bytes
 */
record Sample(Subject subject, byte[] bytes, List<Token> tokens) {
    /** How a sample is written. */
    enum Form {
        /** As every Kafka client writes. */
        USUAL,
        /** Varints in five bytes, however small. */
        LONG_VARINTS
    }

    private static final int UNKNOWN_TAG = 120;

    static Sample of(Subject subject) {
        return of(subject, Form.USUAL);
    }

    static Sample of(Subject subject, Form form) {
        Writing writing = new Writing(subject, form);
        writing.struct(subject.spec().fields(), subject.label(), 0);
        return new Sample(subject, writing.out.toByteArray(), List.copyOf(writing.tokens));
    }

    /** The bytes with another value in a token's place. */
    byte[] with(Token token, byte[] value) {
        byte[] changed = new byte[bytes.length - token.size() + value.length];
        System.arraycopy(bytes, 0, changed, 0, token.offset());
        System.arraycopy(value, 0, changed, token.offset(), value.length);
        System.arraycopy(bytes, token.end(), changed, token.offset() + value.length, bytes.length - token.end());
        return changed;
    }

    byte[] upTo(int length) {
        return Arrays.copyOf(bytes, length);
    }

    /** The token that a message of so many bytes lacks a part of. */
    Token cutAt(int length) {
        return tokens.stream().filter(token -> token.end() > length).findFirst().orElseThrow();
    }

    static byte[] varint(long value, int least) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        while (rest > 0x7f || out.size() < least - 1) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    private static final class Writing {
        private final Subject subject;
        private final Form form;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final List<Token> tokens = new ArrayList<>();
        private int counter;

        Writing(Subject subject, Form form) {
            this.subject = subject;
            this.form = form;
        }

        void struct(List<FieldSpec> fields, String path, int depth) {
            int version = subject.version();
            List<FieldSpec> present = fields.stream()
                    .filter(field -> field.versions().contains(version))
                    .toList();
            for (FieldSpec field : present) {
                if (!field.tagged().contains(version)) {
                    field(field, path + "." + Subject.jsonName(field), depth);
                }
            }
            if (subject.isFlexible()) {
                tagSection(
                        present.stream()
                                .filter(field -> field.tagged().contains(version))
                                .sorted(Comparator.comparingInt(FieldSpec::tag))
                                .toList(),
                        path,
                        depth);
            }
        }

        private void tagSection(List<FieldSpec> tagged, String path, int depth) {
            String section = path + ".tagged fields";
            varint(tagged.size() + 1, section, Kind.TAG_COUNT, false, -1, false);
            int previous = -1;
            for (FieldSpec field : tagged) {
                varint(field.tag(), section, Kind.TAG, false, previous, true);
                Writing inner = new Writing(subject, form);
                inner.counter = counter;
                String inside = path + "." + Subject.jsonName(field);
                inner.field(field, inside, depth);
                counter = inner.counter;
                varint(inner.out.size(), inside, Kind.TAG_SIZE, false, -1, true);
                inner.tokens.forEach(token -> tokens.add(token.moved(out.size())));
                out.writeBytes(inner.out.toByteArray());
                previous = field.tag();
            }
            varint(UNKNOWN_TAG, section, Kind.TAG, false, previous, false);
            varint(2, section, Kind.TAG_SIZE, false, -1, false);
            fixed(section, new byte[] {1, 2});
        }

        private void field(FieldSpec field, String path, int depth) {
            boolean nullable = field.nullable().contains(subject.version());
            switch (field.type()) {
                case Scalar scalar -> scalar(field, scalar, path, nullable);
                case FieldType.Struct _ -> {
                    if (nullable) {
                        add(new byte[] {1}, path, Kind.PRESENCE, false, true, -1, false);
                    }
                    struct(subject.inside(field), path, depth + 1);
                }
                case FieldType.Array array -> {
                    int elements = depth == 0 ? 2 : 1;
                    length(elements, 4, path, Kind.COUNT, isCompact(field), nullable);
                    for (int i = 0; i < elements; i++) {
                        String at = path + "[" + i + "]";
                        if (array.element() instanceof Scalar scalar) {
                            scalar(field, scalar, at, false);
                        } else {
                            struct(subject.inside(field), at, depth + 1);
                        }
                    }
                }
            }
        }

        private void scalar(FieldSpec field, Scalar scalar, String path, boolean nullable) {
            int value = 3 + counter++ % 100;
            switch (scalar) {
                case BOOL -> fixed(path, new byte[] {(byte) ("true".equals(field.defaultValue()) ? 0 : 1)});
                case INT8 -> fixed(path, new byte[] {(byte) value});
                case INT16, UINT16 ->
                    fixed(path, ByteBuffer.allocate(2).putShort((short) value).array());
                case INT32, UINT32 ->
                    fixed(path, ByteBuffer.allocate(4).putInt(value).array());
                case INT64 -> fixed(path, ByteBuffer.allocate(8).putLong(value).array());
                case FLOAT64 ->
                    fixed(path, ByteBuffer.allocate(8).putDouble(value).array());
                case UUID ->
                    fixed(
                            path,
                            ByteBuffer.allocate(16)
                                    .putLong(value)
                                    .putLong(-value)
                                    .array());
                case STRING -> {
                    byte[] text = ("s" + value).getBytes(StandardCharsets.UTF_8);
                    length(text.length, 2, path, Kind.TEXT_LENGTH, isCompact(field), nullable);
                    fixed(path, text);
                }
                case BYTES, RECORDS -> {
                    length(2, 4, path, Kind.BYTES_LENGTH, isCompact(field), nullable);
                    fixed(path, new byte[] {(byte) value, 7});
                }
            }
        }

        private boolean isCompact(FieldSpec field) {
            return field.flexible() == null
                    ? subject.isFlexible()
                    : field.flexible().contains(subject.version());
        }

        private void length(int length, int width, String path, Kind kind, boolean compact, boolean nullable) {
            if (compact) {
                varint(length + 1, path, kind, nullable, -1, false);
            } else {
                byte[] value = ByteBuffer.allocate(8).putLong(length).array();
                add(Arrays.copyOfRange(value, 8 - width, 8), path, kind, false, nullable, -1, false);
            }
        }

        private void varint(int value, String path, Kind kind, boolean nullable, int follows, boolean known) {
            byte[] bytes = Sample.varint(value, form == Form.LONG_VARINTS ? 5 : 1);
            add(bytes, path, kind, true, nullable, follows, known);
        }

        private void fixed(String path, byte[] value) {
            add(value, path, Kind.CONTENT, false, false, -1, false);
        }

        private void add(
                byte[] value, String path, Kind kind, boolean compact, boolean nullable, int follows, boolean known) {
            tokens.add(new Token(path, kind, out.size(), value.length, compact, nullable, follows, known));
            out.writeBytes(value);
        }
    }
}
